package export

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// nsBadge is the namespace of the element that holds a credential in an SVG
// (Open Badges 3.0, section 5.3.2).
const nsBadge = "https://purl.imsglobal.org/ob/v3p0"

const nsSVG = "http://www.w3.org/2000/svg"

// Bounds of an SVG with a credential: drawings are small.
const (
	maxSVG      = 4 << 20 // bytes
	maxElements = 100_000
	maxNesting  = 64
)

// IsSVG tells an SVG by its root element, after what may stand before it.
func IsSVG(data []byte) bool {
	head := data[:min(len(data), 4096)]
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<")) && bytes.Contains(head, []byte("<svg"))
}

// BakeSVG writes picture with the compact token as the first child of its root.
// It refuses a text that is no SVG or that holds a credential already.
func BakeSVG(w io.Writer, picture []byte, token string) error {
	if !isCompact(token) {
		return ErrToken
	}
	_, inside, err := scanSVG(picture)
	switch {
	case err == nil:
		return ErrBaked
	case !errors.Is(err, ErrNoBadge):
		return err
	case inside == 0:
		return fmt.Errorf("%w: not an SVG", ErrNoBadge)
	}
	element := `<openbadges:credential xmlns:openbadges="` + nsBadge + `" verify="` + token + `"></openbadges:credential>`
	for _, part := range [][]byte{picture[:inside], []byte("\n" + element), picture[inside:]} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write picture: %w", err)
		}
	}
	return nil
}

// ReadSVG takes the token out of a baked SVG, byte for byte as it was put in.
// It verifies nothing. Its errors are ErrNoBadge and ErrBadge.
func ReadSVG(picture []byte) (string, error) {
	token, _, err := scanSVG(picture)
	return token, err
}

// scanSVG reads the whole text, so that a second credential cannot hide behind
// the first. inside is the place after the root's start tag, 0 when there is
// none. Document types, entities and processing instructions are refused: a
// drawing needs none, and they make one text into several.
func scanSVG(data []byte) (token string, inside int, err error) {
	if len(data) > maxSVG {
		return "", 0, ErrNoBadge
	}
	dec := xml.NewDecoder(bytes.NewReader(data))
	depth, found := 0, 0
	for elements := 0; ; {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", 0, fmt.Errorf("%w: %w", ErrBadge, err)
		}
		switch t := t.(type) {
		case xml.Directive:
			return "", 0, fmt.Errorf("%w: a document type", ErrBadge)
		case xml.ProcInst:
			if t.Target != "xml" {
				return "", 0, fmt.Errorf("%w: a processing instruction", ErrBadge)
			}
		case xml.StartElement:
			if depth, elements = depth+1, elements+1; depth > maxNesting || elements > maxElements {
				return "", 0, ErrBadge
			}
			if depth == 1 {
				if t.Name != (xml.Name{Space: nsSVG, Local: "svg"}) || selfClosed(data, dec.InputOffset()) {
					return "", 0, ErrNoBadge
				}
				inside = int(dec.InputOffset())
			}
			if t.Name.Local == "credential" && t.Name.Space == nsBadge {
				if found++; found > 1 || depth != 2 {
					return "", 0, ErrBadge
				}
				if token, err = verifyAttribute(dec, t); err != nil {
					return "", 0, err
				}
				depth--
			}
		case xml.EndElement:
			depth--
		}
	}
	if found == 0 {
		return "", inside, ErrNoBadge
	}
	return token, inside, nil
}

func selfClosed(data []byte, after int64) bool {
	return after >= 2 && data[after-2] == '/'
}

// verifyAttribute wants the token in the one attribute and nothing inside the
// element: text there is another way to secure a badge, which we do not read.
func verifyAttribute(dec *xml.Decoder, e xml.StartElement) (string, error) {
	token, seen := "", 0
	for _, a := range e.Attr {
		if a.Name == (xml.Name{Local: "verify"}) {
			token = a.Value
			seen++
		}
	}
	if seen != 1 || !isCompact(token) {
		return "", ErrBadge
	}
	for {
		t, err := dec.Token()
		if err != nil {
			return "", fmt.Errorf("%w: %w", ErrBadge, err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			return token, nil
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return "", ErrBadge
			}
		default:
			return "", ErrBadge
		}
	}
}
