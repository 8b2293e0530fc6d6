package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/mail"
)

// sent sends a letter and gives it back as the server has it.
func sent(t *testing.T, p *post, l mail.Letter) *netmail.Message {
	t.Helper()
	before := len(p.all())
	if err := sender(t, p.config()).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	all := p.all()
	if len(all) != before+1 {
		t.Fatalf("%d letters", len(all)-before)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(all[before].data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// texts are the parts of a letter by their type, decoded.
func texts(t *testing.T, contentType string, body io.Reader) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	if !strings.HasPrefix(kind, "multipart/") {
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		all[kind] = string(data)
		return all
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		part, err := r.NextPart() // undoes quoted-printable
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range texts(t, part.Header.Get("Content-Type"), part) {
			all[k] = v
		}
	}
}

// TestLetterInEveryLanguage: plain and as a page, with the link and the picture
// of it, dated, and known again when it is sent again.
func TestLetterInEveryLanguage(t *testing.T) {
	p := serve(t, true, false)
	for _, lang := range i18n.Languages {
		l := letter()
		l.Language = lang
		m := sent(t, p, l)
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || !strings.Contains(subject, l.Title) {
			t.Errorf("%s: subject %q, %v", lang, subject, err)
		}
		parts := texts(t, m.Header.Get("Content-Type"), m.Body)
		plain, page := parts["text/plain"], parts["text/html"]
		for _, want := range []string{l.Name, l.Title, l.Issuer, l.Page} {
			if !strings.Contains(plain, want) {
				t.Errorf("%s: %q is not in %s", lang, want, plain)
			}
		}
		if strings.Contains(plain+page, "{") || !strings.Contains(page, `lang="`+lang+`"`) || !strings.Contains(page, `href="https://ente.example/claim/abc"`) {
			t.Errorf("%s: %s %s", lang, plain, page)
		}
		if parts["image/png"] == "" || m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Date") != "Sun, 22 Nov 2026 09:30:00 +0000" {
			t.Errorf("%s: %v", lang, m.Header)
		}
	}
	first, second := sent(t, p, letter()), sent(t, p, letter())
	if id := first.Header.Get("Message-Id"); id == "" || id != second.Header.Get("Message-Id") || !strings.HasSuffix(id, "@ente.example>") {
		t.Errorf("%q and %q", id, second.Header.Get("Message-Id"))
	}
}

// TestThreatI10HeaderLines: nothing that a sheet holds ends a header line, adds
// a recipient or becomes a tag.
func TestThreatI10HeaderLines(t *testing.T) {
	p := serve(t, true, false)
	for _, to := range []string{
		"amina@persone.example\r\nBcc: x@y.example", "amina@persone.example\nBcc: x@y.example", "amina@persone.example, x@y.example", "amina@persone.example x@y.example",
		"Amina <amina@persone.example>", "<amina@persone.example>", `"a@b"@persone.example`, "amina@persone.example\x00", "amina", "", "amina@[10.0.0.1]", "a(b)@persone.example",
		"amina@persone.example> SIZE=1", "ámina@persone.example", strings.Repeat("a", 300) + "@persone.example",
	} {
		l := letter()
		l.To = to
		if err := sender(t, p.config()).Send(t.Context(), l); !errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q: %v", to, err)
		}
	}
	if n := len(p.all()); n != 0 {
		t.Fatalf("%d letters went out", n)
	}
	for _, nasty := range []string{"Corso\r\nBcc: x@y.example\r\n\r\n<b>", "Corso\nX-Evil: 1", "Corso\x00\u202e\u2028Bcc: x@y.example", "=?utf-8?q?Corso=0D=0ABcc:_x@y.example?=", "<img src=x onerror=alert(1)>"} {
		l := letter()
		l.Title, l.Name, l.Issuer = nasty, nasty, nasty
		m := sent(t, p, l)
		if m.Header.Get("Bcc") != "" || m.Header.Get("X-Evil") != "" || len(m.Header["Subject"]) != 1 {
			t.Errorf("%q: %v", nasty, m.Header)
		}
		page := texts(t, m.Header.Get("Content-Type"), m.Body)["text/html"]
		if strings.Contains(page, "<img src=x") || strings.Contains(page, "<b>") {
			t.Errorf("%q: %s", nasty, page)
		}
	}
	for _, got := range p.all() {
		if len(got.to) != 1 || got.to[0] != "amina@persone.example" {
			t.Errorf("to %q", got.to)
		}
	}
}

// TestLinkOfAnotherKind: a letter leads to an offer and nowhere else.
func TestLinkOfAnotherKind(t *testing.T) {
	p := serve(t, true, false)
	for _, link := range []string{
		"", "http://ente.example/", "javascript:alert(1)", "https://ente.example/\r\nx", "data:text/html,x", "https://ente.example/" + strings.Repeat("a", 3000),
		"https://user@ente.example/", "https:///claim", "//ente.example/claim",
	} {
		asPage, asLink := letter(), letter()
		asPage.Page, asLink.Link = link, link
		for _, l := range []mail.Letter{asPage, asLink} {
			if err := sender(t, p.config()).Send(t.Context(), l); !errors.Is(err, mail.ErrRefused) {
				t.Errorf("%.40q: %v", link, err)
			}
		}
	}
	swapped := letter()
	swapped.Page, swapped.Link = swapped.Link, swapped.Page
	if err := sender(t, p.config()).Send(t.Context(), swapped); !errors.Is(err, mail.ErrRefused) {
		t.Errorf("swapped: %v", err)
	}
}
