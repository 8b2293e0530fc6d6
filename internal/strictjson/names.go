package strictjson

// nameSet tells names of one object apart. Few are compared one by one; beyond
// that a map keeps a hostile object from costing the square of its members.
type nameSet struct {
	first int
	many  map[string]struct{}
}

const fewNames = 24

func (n *nameSet) add(s *scanner, name []byte) bool {
	if n.many != nil {
		if _, twice := n.many[string(name)]; twice {
			return false
		}
		n.many[string(name)] = struct{}{}
		return true
	}
	own := s.names[n.first:]
	for _, other := range own {
		if string(other) == string(name) {
			return false
		}
	}
	s.names = append(s.names, name)
	if len(own) == fewNames {
		n.many = make(map[string]struct{}, 4*fewNames)
		for _, other := range s.names[n.first:] {
			n.many[string(other)] = struct{}{}
		}
	}
	return true
}
