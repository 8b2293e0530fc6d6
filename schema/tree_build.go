package schema

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// builder turns checked text into nodes. It trusts the text: whoever calls it
// has passed strictjson.Check, which also bounds depth and size.
type builder struct {
	s   string
	i   int
	doc *tree
}

func (b *builder) space() {
	for b.s[b.i] == ' ' || b.s[b.i] == '\t' || b.s[b.i] == '\n' || b.s[b.i] == '\r' {
		b.i++
	}
}

func (b *builder) value(parent int32, key string) int32 {
	b.space()
	at := int32(len(b.doc.nodes))
	b.doc.nodes = append(b.doc.nodes, node{key: key, parent: parent})
	switch c := b.s[b.i]; c {
	case '"':
		b.doc.nodes[at].kind, b.doc.nodes[at].text = isString, b.str()
	case '{', '[':
		b.inside(at, c)
	case 't', 'f':
		b.doc.nodes[at].kind, b.doc.nodes[at].text = isBool, b.literal()
	case 'n':
		b.doc.nodes[at].kind, b.doc.nodes[at].text = isNull, b.literal()
	default:
		b.doc.nodes[at].kind, b.doc.nodes[at].text = isNumber, b.literal()
	}
	return at
}

// inside reads the members or items of the value at, up to its closing brace.
func (b *builder) inside(at int32, open byte) {
	kind, closing := isObject, byte('}')
	if open == '[' {
		kind, closing = isArray, ']'
	}
	b.doc.nodes[at].kind = kind
	b.i++
	last := int32(0)
	for {
		b.space()
		switch b.s[b.i] {
		case closing:
			b.i++
			return
		case ',':
			b.i++
			b.space()
		}
		key := ""
		if kind == isObject {
			key = b.str()
			b.space()
			b.i++ // the colon
		}
		child := b.value(at, key)
		if last == 0 {
			b.doc.nodes[at].child = child
		} else {
			b.doc.nodes[last].next = child
		}
		b.doc.nodes[at].count++
		last = child
	}
}

func (b *builder) literal() string {
	start := b.i
	for b.i < len(b.s) && b.s[b.i] > ' ' && b.s[b.i] != ',' && b.s[b.i] != ']' && b.s[b.i] != '}' {
		b.i++
	}
	return b.s[start:b.i]
}

// str reads a string; without escapes it is a piece of the text.
func (b *builder) str() string {
	b.i++
	n := strings.IndexByte(b.s[b.i:], '"')
	if raw := b.s[b.i : b.i+n]; strings.IndexByte(raw, '\\') < 0 {
		b.i += n + 1
		return raw
	}
	return b.unescape()
}

func (b *builder) unescape() string {
	var out []byte
	for {
		c := b.s[b.i]
		b.i++
		switch c {
		case '"':
			return string(out)
		case '\\':
			out = b.escape(out)
		default:
			out = append(out, c)
		}
	}
}

func (b *builder) escape(out []byte) []byte {
	c := b.s[b.i]
	b.i++
	if c != 'u' {
		const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		return append(out, to[strings.IndexByte(from, c)])
	}
	char := b.hex4()
	if utf16.IsSurrogate(char) {
		b.i += 2 // the second \u
		char = utf16.DecodeRune(char, b.hex4())
	}
	return utf8.AppendRune(out, char)
}

func (b *builder) hex4() rune {
	n, _ := strconv.ParseUint(b.s[b.i:b.i+4], 16, 16)
	b.i += 4
	return rune(n)
}
