package xlsx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// element is one element of a part, told when it ends.
type element struct {
	path  string // local names from the root, joined by slashes
	attrs []xml.Attr
	text  string // the first of its own characters
	kids  int    // elements directly inside it
}

// attr gives an attribute by its local name.
func (e element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e element) isTrue(name string) bool { v := e.attr(name); return v == "1" || v == "true" }

// maxDepth is how deep elements may stand in each other; worksheets need seven.
const maxDepth = 24

// maxText is how much of an element's text is kept: an index, or that there is any.
const maxText = 64

// walk reads a part to its end and tells every element. Text in another
// encoding, a document type, processing instructions after the first and
// broken XML are refused.
func (a *archive) walk(name string, most uint64, tell func(element) error) error {
	r, err := a.open(name, most)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return walk(r, nil, tell)
}

// walk is archive.walk over what is open; begin, which may be nil, hears of an
// element before its content.
func walk(r io.Reader, begin, tell func(element) error) error {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not in UTF-8") }
	var open []element
	paths := pathNames{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return nil
		}
		if err != nil {
			return damaged(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return damaged(errors.New("a document type"))
		case xml.StartElement:
			e := element{path: t.Name.Local, attrs: t.Attr}
			if n := len(open); n > 0 {
				open[n-1].kids++
				e.path = paths.join(open[n-1].path, e.path)
			}
			if open = append(open, e); len(open) > maxDepth {
				return damaged(errors.New("too deep"))
			}
			if begin != nil {
				if err := begin(e); err != nil {
					return err
				}
			}
		case xml.CharData:
			if n := len(open); n > 0 && len(open[n-1].text) < maxText {
				open[n-1].text += string(t[:min(len(t), maxText)])
			}
		case xml.EndElement:
			last := open[len(open)-1]
			open = open[:len(open)-1]
			if err := tell(last); err != nil {
				return err
			}
		}
	}
}

// pathNames keeps the paths of the elements that come a million times.
type pathNames map[[2]string]string

func (p pathNames) join(parent, local string) string {
	key := [2]string{parent, local}
	if known, ok := p[key]; ok {
		return known
	}
	joined := parent + "/" + local
	if len(p) < 100 {
		p[key] = joined
	}
	return joined
}

// count goes through a part quickly and counts the elements of a name, so that
// a part with too many is refused before it is read with care.
func (a *archive) count(name, local string, most int) error {
	r, err := a.open(name, MaxUnpacked)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	c := counter{local: local}
	if _, err := io.CopyBuffer(struct{ io.Writer }{&c}, r, make([]byte, 64<<10)); err != nil {
		return damaged(err)
	}
	if c.n > most || c.tags > maxTags {
		return refuse("sheet_too_many_cells", "max", fmt.Sprint(MaxCells))
	}
	return nil
}

// maxTags is how many tags of all kinds a part may have.
const maxTags = 12 * MaxCells / 2

// counter counts the start tags with a local name, whatever their prefix. What
// stands in comments counts too, which does no harm.
type counter struct {
	local   string
	n, tags int
	inName  bool
	name    []byte
}

func (c *counter) Write(p []byte) (int, error) {
	for _, b := range p {
		switch {
		case b == '<':
			c.tags++
			c.inName, c.name = true, c.name[:0]
		case !c.inName:
		case b == ':':
			c.name = c.name[:0]
		case b == ' ' || b == '>' || b == '/' || b == '\t' || b == '\n' || b == '\r':
			if string(c.name) == c.local {
				c.n++
			}
			c.inName = false
		case len(c.name) < 8:
			c.name = append(c.name, b)
		}
	}
	return len(p), nil
}
