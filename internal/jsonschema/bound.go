package jsonschema

import (
	"fmt"
	"math"
	"strings"
)

// maxWork bounds how many schema nodes one value may be held against. A schema
// of sixty references can ask for 2^30 (each definition naming the next one
// twice), and no validator notices.
const maxWork = 1 << 20

// bound tells how deep a document may be so that judging it by the schema
// stays cheap: 0 for no limit. Only references inside the schema multiply.
func bound(root any) (depth int, err error) {
	w := walk{root: root, cost: map[string]int{}, open: map[string]bool{}}
	if w.node(root, 0) > maxWork {
		return 0, fmt.Errorf("%w: its references multiply without end", ErrUnsupported)
	}
	if w.loops < 2 {
		return 0, nil
	}
	// A recursive schema multiplies once for every level of the document.
	return max(4, int(math.Log(maxWork)/math.Log(float64(w.loops)))), nil
}

type walk struct {
	root  any
	cost  map[string]int  // of the target of each reference, whole
	open  map[string]bool // references being followed
	loops int             // references back into themselves
}

func (w *walk) node(v any, level int) int {
	total := 1
	switch v := v.(type) {
	case map[string]any:
		for name, child := range v {
			if ref, ok := child.(string); ok && (name == "$ref" || name == "$dynamicRef" || name == "$recursiveRef") {
				total += w.follow(ref, level)
			} else if name != "enum" && name != "const" && !(level == 0 && (name == "$defs" || name == "definitions")) {
				total += w.node(child, level+1)
			}
			total = min(total, maxWork+1)
		}
	case []any:
		for _, child := range v {
			total = min(total+w.node(child, level+1), maxWork+1)
		}
	}
	return total
}

func (w *walk) follow(ref string, level int) int {
	if w.open[ref] {
		w.loops++
		return 1
	}
	if cost, ok := w.cost[ref]; ok {
		return cost
	}
	target, ok := find(w.root, ref)
	if !ok {
		return 1 // another document, or an anchor: counted where it stands
	}
	w.open[ref] = true
	cost := w.node(target, level+1)
	delete(w.open, ref)
	w.cost[ref] = cost
	return cost
}

// find follows a reference of the form #/a/b.
func find(root any, ref string) (any, bool) {
	if ref == "#" {
		return root, true
	}
	path, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil, false
	}
	for _, token := range strings.Split(path, "/") {
		object, ok := root.(map[string]any)
		if !ok {
			return nil, false
		}
		if root, ok = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(token)]; !ok {
			return nil, false
		}
	}
	return root, true
}

// deeper tells whether v nests more than levels deep.
func deeper(v any, levels int) bool {
	if levels < 0 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		for _, child := range v {
			if deeper(child, levels-1) {
				return true
			}
		}
	case []any:
		for _, child := range v {
			if deeper(child, levels-1) {
				return true
			}
		}
	}
	return false
}
