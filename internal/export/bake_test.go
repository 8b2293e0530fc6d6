package export

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
)

const someToken = "eyJhbGciOiJFUzI1NiJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl-_"

func blankPNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func bakedPNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := BakePNG(&b, blankPNG(t), someToken); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPNGRoundTrip(t *testing.T) {
	baked := bakedPNG(t)
	if got, err := ReadPNG(baked); err != nil || got != someToken {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := png.Decode(bytes.NewReader(baked)); err != nil {
		t.Errorf("no longer a picture: %v", err)
	}
	if n := bytes.Count(baked, []byte("iTXtopenbadgecredential\x00\x00\x00\x00\x00ey")); n != 1 {
		t.Errorf("%d chunks", n)
	}
	if err := BakePNG(&bytes.Buffer{}, baked, someToken); !errors.Is(err, ErrBaked) {
		t.Errorf("baked twice: %v", err)
	}
}

func TestPNGRefused(t *testing.T) {
	blank, baked := blankPNG(t), bakedPNG(t)
	at := bytes.Index(baked, []byte("iTXt")) - 4
	chunk := baked[at : len(baked)-12]
	insert := func(c []byte) []byte {
		return append(append(append([]byte{}, blank[:len(blank)-12]...), c...), blank[len(blank)-12:]...)
	}
	text := func(kind, s string) []byte { return insert(encodeChunk(kind, []byte(s))) }
	sick := bytes.Clone(chunk)
	sick[len(sick)-1] ^= 1
	for name, row := range map[string]struct {
		data []byte
		want error
	}{
		"none":             {blank, ErrNoBadge},
		"no PNG":           {[]byte("GIF89a"), ErrNoBadge},
		"empty":            {nil, ErrNoBadge},
		"cut":              {baked[:len(baked)-20], ErrNoBadge},
		"behind the end":   {append(bytes.Clone(blank), chunk...), ErrNoBadge},
		"two":              {insert(append(bytes.Clone(chunk), chunk...)), ErrBadge},
		"wrong sum":        {insert(sick), ErrBadge},
		"tEXt":             {text("tEXt", bakedKeyword+"\x00"+someToken), ErrBadge},
		"compressed":       {text("iTXt", bakedKeyword+"\x00\x01\x00\x00\x00"+someToken), ErrBadge},
		"a language":       {text("iTXt", bakedKeyword+"\x00\x00\x00en\x00\x00"+someToken), ErrBadge},
		"no token":         {text("iTXt", bakedKeyword+"\x00\x00\x00\x00\x00{}"), ErrBadge},
		"a line end":       {text("iTXt", bakedKeyword+"\x00\x00\x00\x00\x00"+someToken+"\n"), ErrBadge},
		"too long":         {text("iTXt", bakedKeyword+"\x00\x00\x00\x00\x00ey.."+strings.Repeat("a", maxToken)), ErrBadge},
		"cut in the chunk": {text("iTXt", bakedKeyword), ErrNoBadge},
	} {
		if got, err := ReadPNG(row.data); got != "" || !errors.Is(err, row.want) {
			t.Errorf("%s: %q, %v; want %v", name, got, err, row.want)
		}
	}
}

const plainSVG = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>a</title></svg>`

func bakedSVG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := BakeSVG(&b, []byte(plainSVG), someToken); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSVGRoundTrip(t *testing.T) {
	baked := bakedSVG(t)
	if got, err := ReadSVG(baked); err != nil || got != someToken {
		t.Fatalf("got %q, %v\n%s", got, err, baked)
	}
	if !IsSVG(baked) || !IsSVG([]byte("\xef\xbb\xbf"+plainSVG)) || IsSVG([]byte("eyJ.<svg")) {
		t.Error("IsSVG")
	}
	if err := BakeSVG(&bytes.Buffer{}, baked, someToken); !errors.Is(err, ErrBaked) {
		t.Errorf("baked twice: %v", err)
	}
	for _, bad := range []string{"", "<html/>", `<svg xmlns="http://www.w3.org/2000/svg"/>`} {
		if err := BakeSVG(&bytes.Buffer{}, []byte(bad), someToken); !errors.Is(err, ErrNoBadge) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestSVGRefused(t *testing.T) {
	credential := `<b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0" verify="` + someToken + `"/>`
	svg := func(inside string) string { return `<svg xmlns="http://www.w3.org/2000/svg">` + inside + `</svg>` }
	for name, row := range map[string]struct {
		data string
		want error
	}{
		"none":              {plainSVG, ErrNoBadge},
		"no SVG":            {`<p>` + credential + `</p>`, ErrNoBadge},
		"two":               {svg(credential + credential), ErrBadge},
		"deeper":            {svg(`<g>` + credential + `</g>`), ErrBadge},
		"behind the root":   {svg("") + credential, ErrNoBadge},
		"document type":     {`<!DOCTYPE svg [<!ENTITY a "b">]>` + svg(credential), ErrBadge},
		"entity":            {svg(strings.Replace(credential, "ey", "&ey;", 1)), ErrBadge},
		"instruction":       {`<?xml-stylesheet href="a"?>` + svg(credential), ErrBadge},
		"no attribute":      {svg(`<b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0"/>`), ErrBadge},
		"attribute twice":   {svg(strings.Replace(credential, "/>", ` verify="`+someToken+`"/>`, 1)), ErrBadge},
		"text inside":       {svg(strings.Replace(credential, "/>", `>{}</b:credential>`, 1)), ErrBadge},
		"no token":          {svg(`<b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0" verify="https://a.example"/>`), ErrBadge},
		"another namespace": {svg(strings.Replace(credential, "v3p0", "v9", 1)), ErrNoBadge},
		"too deep":          {svg(strings.Repeat("<g>", 70) + strings.Repeat("</g>", 70)), ErrBadge},
		"not closed":        {svg(credential)[:60], ErrBadge},
		"UTF-16":            {`<?xml version="1.0" encoding="UTF-16"?>` + svg(credential), ErrBadge},
	} {
		if got, err := ReadSVG([]byte(row.data)); got != "" || !errors.Is(err, row.want) {
			t.Errorf("%s: %q, %v; want %v", name, got, err, row.want)
		}
	}
	if got, err := ReadSVG([]byte(svg(credential))); err != nil || got != someToken {
		t.Errorf("another prefix: %q, %v", got, err)
	}
}

func TestBakedTokenMustBeCompact(t *testing.T) {
	for _, bad := range []string{"", "a.b.c", "ey.a", `ey.a.b"/><script/>`, "ey.a.b\n", "ey." + strings.Repeat("a", maxToken) + "."} {
		if err := BakePNG(&bytes.Buffer{}, blankPNG(t), bad); !errors.Is(err, ErrToken) {
			t.Errorf("PNG %.20q: %v", bad, err)
		}
		if err := BakeSVG(&bytes.Buffer{}, []byte(plainSVG), bad); !errors.Is(err, ErrToken) {
			t.Errorf("SVG %.20q: %v", bad, err)
		}
	}
}
