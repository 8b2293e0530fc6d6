package schema

// specimenDetails puts a specimen's own members together: those that a template leaves
// to the learner.
type specimenDetails []byte

// add takes a member and its JSON, when it is wanted.
func (d *specimenDetails) add(wanted bool, member, json string) {
	if !wanted {
		return
	}
	if len(*d) > 0 {
		*d = append(*d, ',')
	}
	*d = append(append(appendString(*d, member), ':'), json...)
}

// object is the JSON object, or nothing when it has no member.
func (d specimenDetails) object() Details {
	if len(d) == 0 {
		return ""
	}
	return Details("{" + string(d) + "}")
}
