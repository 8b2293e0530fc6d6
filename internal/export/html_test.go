package export

import (
	"bytes"
	stdhtml "html"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
)

func page(t testing.TB, cv CV) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, cv, Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The page needs nothing and calls nothing; its policy holds that too.
func TestPageIsAlone(t *testing.T) {
	for _, lang := range i18n.Languages {
		html := page(t, amina(t, lang))
		for _, bad := range []string{"<script", "javascript:", "http://", "https://", "<img", "<link", "@import", "url(", "<iframe", "onclick"} {
			if at := strings.Index(strings.ReplaceAll(html, "http://www.w3.org/2000/svg", ""), bad); at >= 0 {
				t.Errorf("%s: the page has %q: …%.80s", lang, bad, html[at:])
			}
		}
		mustContain(t, stdhtml.UnescapeString(html), `<html lang="`+lang+`" dir="ltr">`, "default-src 'none'; style-src '"+cvStyleHash()+"'")
		if strings.Contains(html, "export.") {
			t.Errorf("%s: a key shows as itself: %s", lang, regexp.MustCompile(`export\.[a-z_.]+`).FindString(html))
		}
	}
}

// What rests on what is told by a word, a sign of the style and a class.
func TestPageMarksWhatIsVerified(t *testing.T) {
	cv := amina(t, "it")
	code, _, err := qr.Encode("https://v.example/", []string{cv.Lines[0].Token}, qr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cv.Lines[0].QR = code
	html := page(t, cv)
	mustContain(t, html, "verificato, valido al 22/11/2026", "non controllato", "Nessuno l’ha controllata", "autodichiarata", "amina@posta.example",
		`aria-label="Codice per controllare: Igiene degli alimenti in cucina"`, `dir="auto">أمينة ديالو`)
	if strings.Contains(html, "Garzoni di cucina") {
		t.Error("an occupation is told as a skill")
	}
	own := html[strings.Index(html, `<section class="own">`):]
	for _, mine := range []string{"Aiuto cuoca", "Scuola secondaria", "cucito", "Mi piace cucinare", "0971 555"} {
		if !strings.Contains(own, mine) || strings.Contains(html[:len(html)-len(own)], mine) {
			t.Errorf("%q stands elsewhere than among the person's own words", mine)
		}
	}
	if strings.Contains(own, `mark good`) {
		t.Error("own words marked as verified")
	}
}

// Text of strangers stays text.
func TestPageEscapes(t *testing.T) {
	cv := amina(t, "en")
	cv.Person.Name = `<script>alert(1)</script>`
	cv.Own.Summary = `</section><img src=x onerror=alert(1)>`
	html := page(t, cv)
	if strings.Contains(html, "<script") || strings.Contains(html, "<img") {
		t.Error("markup of a name became markup of the page")
	}
}

// EXPORT_PAGES names a folder for looking at the pages and pictures.
func TestLookAtThem(t *testing.T) {
	dir := os.Getenv("EXPORT_PAGES")
	if dir == "" {
		t.Skip("EXPORT_PAGES names no folder")
	}
	for _, lang := range i18n.Languages {
		cv := amina(t, lang)
		for i := range cv.Lines {
			code, _, err := qr.Encode("https://v.example/", []string{"eyJhbGciOiJFUzI1NiJ9." + strings.Repeat("eyJpZCI6", 60) + ".c2lnbmF0dXJl"}, qr.Options{})
			if err != nil {
				t.Fatal(err)
			}
			cv.Lines[i].QR = code
		}
		write := func(name string, data []byte) {
			if err := os.WriteFile(dir+"/"+lang+"-"+name, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write("cv.html", []byte(page(t, cv)))
		picture, err := pagePicture(cv.Lines[0].Credential, lang)
		if err != nil {
			t.Fatal(err)
		}
		write("page.png", picture)
		var png, svg bytes.Buffer
		if err := BadgePNG(&png, cv.Lines[0], lang); err != nil {
			t.Fatal(err)
		}
		if err := BadgeSVG(&svg, cv.Lines[0], lang); err != nil {
			t.Fatal(err)
		}
		write("badge.png", png.Bytes())
		write("badge.svg", svg.Bytes())
	}
}
