package schema

import (
	"errors"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/strictjson"
)

// kind says what a value is.
type kind byte

// The kinds of JSON values. isAbsent is a member that is not there.
const (
	isAbsent kind = iota
	isNull
	isBool
	isNumber
	isString
	isArray
	isObject
)

// value is one value of a document. It knows its place, so that a fault can be
// named by its JSON Pointer without anybody carrying paths about. The zero
// value is "not there" and answers every question harmlessly.
//
// Documents are read through this tree, and not into structs by reflection,
// because a strict reader wants to see every member once, in order, with its
// place; it is also what makes reading cheap enough for every verification.
type value struct {
	doc *tree
	at  int32
}

type tree struct{ nodes []node }

// node is a value in the order of the text. Links are indexes; 0 (the root,
// nobody's child) ends a list.
type node struct {
	key                 string // name, when it is a member of an object
	text                string // content of a string; literal of a number or boolean
	parent, child, next int32
	count               int32 // members or items
	kind                kind
}

// readTree reads data, which must be one strict JSON object.
func readTree(data []byte) (value, error) {
	if err := strictjson.Check(data); err != nil {
		return value{}, faultsFromJSON(err)
	}
	return readCheckedTree(data)
}

// readCheckedTree is readTree for data that has passed strictjson.Check.
func readCheckedTree(data []byte) (value, error) {
	b := builder{s: string(data), doc: &tree{nodes: make([]node, 0, 16+len(data)/22)}}
	b.value(0, "")
	root := value{doc: b.doc}
	if root.kind() != isObject {
		return value{}, Faults{{Code: "not_object"}}
	}
	return root, nil
}

// faultsFromJSON gives a syntax error the form of every other fault.
func faultsFromJSON(err error) error {
	if e := (*strictjson.Error)(nil); errors.As(err, &e) {
		return Faults{{Code: e.Code, Pointer: e.Pointer}}
	}
	return Faults{{Code: "json"}}
}

func (v value) kind() kind {
	if v.doc == nil {
		return isAbsent
	}
	return v.doc.nodes[v.at].kind
}

func (v value) key() string {
	if v.doc == nil {
		return ""
	}
	return v.doc.nodes[v.at].key
}

// text is the content of a string, the literal of a number or a boolean.
func (v value) text() string {
	if v.doc == nil {
		return ""
	}
	return v.doc.nodes[v.at].text
}

// number is the value of a number, 0 for anything else.
func (v value) number() float64 {
	if v.kind() != isNumber {
		return 0
	}
	f, _ := strconv.ParseFloat(v.text(), 64) // strictjson.Check has judged it
	return f
}

// size counts members or items.
func (v value) size() int {
	if v.doc == nil {
		return 0
	}
	return int(v.doc.nodes[v.at].count)
}

// first is the first member or item, next the one after; both end with a
// value that is not there.
func (v value) first() value {
	if v.doc == nil {
		return value{}
	}
	return v.follow(v.doc.nodes[v.at].child)
}

func (v value) next() value {
	if v.doc == nil {
		return value{}
	}
	return v.follow(v.doc.nodes[v.at].next)
}

func (v value) follow(at int32) value {
	if at == 0 {
		return value{}
	}
	return value{v.doc, at}
}

func (v value) exists() bool { return v.doc != nil }

// get is the member called name.
func (v value) get(name string) value {
	if v.kind() != isObject {
		return value{}
	}
	for c := v.first(); c.exists(); c = c.next() {
		if c.key() == name {
			return c
		}
	}
	return value{}
}

// each is the item or items of a value that may be one or an array of many,
// as JSON-LD allows nearly everywhere.
func (v value) each() []value {
	if v.kind() != isArray {
		if !v.exists() {
			return nil
		}
		return []value{v}
	}
	all := make([]value, 0, v.size())
	for c := v.first(); c.exists(); c = c.next() {
		all = append(all, c)
	}
	return all
}

// pointer is the JSON Pointer (RFC 6901) of v in its document.
func (v value) pointer() string {
	if v.doc == nil || v.at == 0 {
		return ""
	}
	parent := value{v.doc, v.doc.nodes[v.at].parent}
	if parent.kind() == isObject {
		return parent.pointer() + "/" + escapePointer(v.key())
	}
	i := 0
	for c := parent.first(); c.exists() && c.at != v.at; c = c.next() {
		i++
	}
	return parent.pointer() + "/" + strconv.Itoa(i)
}

func escapePointer(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
