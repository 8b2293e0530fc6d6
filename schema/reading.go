package schema

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of our documents. They keep paper printable and readers quick.
const (
	maxShort = 200  // characters of a name or a title
	maxLong  = 2000 // characters of a description
	maxItems = 30   // entries of a list
	maxHours = 10000

	maxFaults = 100 // told of one document
)

// reading collects faults while a document is read. Its methods take the value
// read, return what it holds, and note what is wrong at that very place.
type reading struct{ faults Faults }

// fault notes code at v. Arguments come in pairs, name then value.
func (r *reading) fault(code string, v value, args ...string) {
	if len(r.faults) >= maxFaults {
		return // whoever wrote this wants to keep us busy
	}
	r.faults = r.faults.with(code, v.pointer(), args...)
}

func (f Faults) with(code, pointer string, args ...string) Faults {
	fault := Fault{Code: code, Pointer: pointer}
	for i := 0; i+1 < len(args); i += 2 {
		if fault.Args == nil {
			fault.Args = make(map[string]string, len(args)/2)
		}
		fault.Args[args[i]] = args[i+1]
	}
	return append(f, fault)
}

// at tells whether something is wrong at pointer or below it already, so that
// a member with a wrong value is not called missing too.
func (f Faults) at(pointer string) bool {
	for _, one := range f {
		if rest, ok := strings.CutPrefix(one.Pointer, pointer); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// under moves every pointer below prefix.
func (f Faults) under(prefix string) Faults {
	for i := range f {
		f[i].Pointer = prefix + f[i].Pointer
	}
	return f
}

func (r *reading) object(v value) bool {
	if v.kind() != isObject {
		r.fault("want_object", v)
		return false
	}
	return true
}

// unknown notes a member that the document does not define. Names by which
// people ask for what no diploma may say get a sentence of their own (R12).
func (r *reading) unknown(v value) {
	code := "unknown_member"
	if isPrivate(v.key()) {
		code = "private_data"
	}
	r.fault(code, v, "member", shorten(v.key()))
}

// text reads one line of text for people: not empty, no space around it, no
// control characters and no marks that turn the direction of reading.
func (r *reading) text(v value, most int) string {
	s := v.text()
	switch {
	case v.kind() != isString:
		r.fault("want_text", v)
		return ""
	case s == "":
		r.fault("empty", v)
	case len(s) > most && utf8.RuneCountInString(s) > most:
		r.fault("too_long", v, "max", strconv.Itoa(most))
	case s[0] == ' ' || s[len(s)-1] == ' ':
		r.fault("text_space", v)
	case hasControl(s):
		r.fault("text_control", v)
	}
	return s
}

// hasControl finds characters that must not stand in a line of text: C0, C1,
// and the bidirectional overrides and isolates with which a name can be made
// to read as another.
func hasControl(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c == 0x7f:
			return true
		case c == 0xc2 && s[i+1] < 0xa0: // U+0080 to U+009F
			return true
		case c == 0xe2 && s[i+1] == 0x80 && s[i+2] >= 0xaa && s[i+2] <= 0xae: // U+202A to U+202E
			return true
		case c == 0xe2 && s[i+1] == 0x81 && s[i+2] >= 0xa6 && s[i+2] <= 0xa9: // U+2066 to U+2069
			return true
		}
	}
	return false
}

// exactly reads a member that has one value only.
func (r *reading) exactly(v value, want string) {
	if v.kind() != isString || v.text() != want {
		r.fault("fixed_value", v, "want", want)
	}
}

// only reads a list that holds exactly these texts, in this order.
func (r *reading) only(v value, want ...string) {
	ok := v.kind() == isArray && v.size() == len(want)
	for i, c := 0, v.first(); ok && c.exists(); i, c = i+1, c.next() {
		ok = c.kind() == isString && c.text() == want[i]
	}
	if !ok {
		r.fault("fixed_value", v, "want", strings.Join(want, ", "))
	}
}

// term reads a text that ok accepts; code says what is wrong otherwise.
func (r *reading) term(v value, ok func(string) bool, code string) string {
	if v.kind() != isString {
		r.fault("want_text", v)
		return ""
	}
	if !ok(v.text()) {
		r.fault(code, v)
	}
	return v.text()
}

func (r *reading) link(v value) string { return r.term(v, isLink, "not_link") }

func (r *reading) number(v value) float64 {
	if v.kind() != isNumber {
		r.fault("want_number", v)
	}
	return v.number()
}

func (r *reading) boolean(v value) bool {
	if v.kind() != isBool {
		r.fault("want_boolean", v)
	}
	return v.text() == "true"
}

// instant reads a time as our own documents write it.
func (r *reading) instant(v value) time.Time {
	if v.kind() != isString {
		r.fault("want_text", v)
		return time.Time{}
	}
	t, ok := parseWireTime(v.text())
	if !ok {
		r.fault("time_form", v)
	}
	return t
}

// items gives the entries of a list of at least one and at most maxItems.
func (r *reading) items(v value) value {
	switch {
	case v.kind() != isArray:
		r.fault("want_list", v)
	case v.size() == 0:
		r.fault("empty", v)
	case v.size() > maxItems:
		r.fault("too_many", v, "max", strconv.Itoa(maxItems))
	default:
		return v.first()
	}
	return value{}
}

// list reads each entry of a list.
func list[T any](r *reading, v value, one func(value) T) []T {
	first := r.items(v)
	if !first.exists() {
		return nil
	}
	all := make([]T, 0, v.size())
	for c := first; c.exists(); c = c.next() {
		all = append(all, one(c))
	}
	return all
}

// distinct notes the entries that a list of texts holds twice.
func (r *reading) distinct(v value) {
	if v.size() > maxItems {
		return // refused already
	}
	for c := v.first(); c.exists(); c = c.next() {
		for d := c.next(); d.exists(); d = d.next() {
			if d.text() == c.text() {
				r.fault("repeated", d)
			}
		}
	}
}

// terms reads a list of distinct texts that ok accepts.
func (r *reading) terms(v value, ok func(string) bool, code string) []string {
	all := list(r, v, func(c value) string { return r.term(c, ok, code) })
	r.distinct(v)
	return all
}

// texts reads a list of distinct lines for people.
func (r *reading) texts(v value, most int) []string {
	all := list(r, v, func(c value) string { return r.text(c, most) })
	r.distinct(v)
	return all
}

// shorten keeps a stranger's words from filling a message.
func shorten(s string) string {
	if len(s) <= 40 {
		return s
	}
	cut := 40
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
