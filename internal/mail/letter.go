package mail

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	gomail "github.com/wneessen/go-mail"
)

// Letter is one message to one person. It has no field for the code that
// releases a credential: that goes another way.
type Letter struct {
	To       string // bare address
	Language string // of the words: it, en, es, el or pl
	Name     string // of the person, may be empty
	Title    string // of the credential
	Issuer   string // who issues it
	Page     string // https address that says what to do; what a mail program lets people touch
	Link     string // of the offer, for a wallet; drawn as a code
	Until    time.Time
	ID       string // makes the Message-ID, so that a letter sent again is the same one
}

// Most characters of what comes from outside.
const (
	maxName = 100
	maxLink = 2000
)

// offerScheme is that of a link to an offer; only wallets open it.
const offerScheme = "openid-credential-offer"

// checkLinks lets a letter lead to an offer and its page, and nowhere else. On
// this machine alone the page may be without TLS.
func (l Letter) checkLinks() error {
	for _, link := range []string{l.Page, l.Link} {
		if len(link) > maxLink || link != clean(link, maxLink) {
			return fmt.Errorf("%w: a link that may not be sent", ErrRefused)
		}
	}
	offer, err := url.Parse(l.Link)
	if err != nil || offer.Scheme != offerScheme {
		return fmt.Errorf("%w: no link of an offer", ErrRefused)
	}
	page, err := url.Parse(l.Page)
	if err != nil || page.Host == "" || page.User != nil || page.Scheme != "https" && (page.Scheme != "http" || !isLoopback(page.Hostname())) {
		return fmt.Errorf("%w: no page that may be sent", ErrRefused)
	}
	return nil
}

// message puts a letter together.
func (s *Sender) message(l Letter) (*gomail.Msg, error) {
	if !isAddress(l.To) {
		return nil, ErrAddress
	}
	if err := l.checkLinks(); err != nil {
		return nil, err
	}
	v := l.view()
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	m.ToMailAddress(&netmail.Address{Address: l.To})
	m.Subject(v.Subject)
	m.SetDateWithValue(s.c.Now())
	sum := sha256.Sum256([]byte(l.ID))
	m.SetMessageIDWithValue(hex.EncodeToString(sum[:16]) + "@" + domainOf(s.from.Address))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday replies
	m.SetBodyString(gomail.TypeTextPlain, v.plain())
	html, err := v.html()
	if err != nil {
		return nil, err
	}
	m.AddAlternativeString(gomail.TypeTextHTML, html)
	picture, err := qr.PNG(l.Link, qr.LevelM, 6)
	if err != nil {
		return nil, fmt.Errorf("draw the link: %w", err)
	}
	if err := m.EmbedReader("code.png", bytes.NewReader(picture), gomail.WithFileContentType("image/png")); err != nil {
		return nil, fmt.Errorf("put the picture in: %w", err)
	}
	return m, nil
}

// view is what a letter says.
type view struct {
	Language                                       string
	Subject, Greeting, Waiting, Scan, Code, Expiry string
	Page, Open, NoPhone, Why                       string
}

func (l Letter) view() view {
	lang := i18n.Main(l.Language)
	title, issuer, name := clean(l.Title, maxName), clean(l.Issuer, maxName), clean(l.Name, maxName)
	t := func(key string) string {
		return i18n.T(lang, key, map[string]string{"title": title, "issuer": issuer, "name": name, "date": i18n.Day(lang, l.Until)})
	}
	greeting := t("mail.greeting")
	if name == "" {
		greeting = t("mail.greeting_all")
	}
	return view{
		Language: lang, Subject: t("mail.subject"), Greeting: greeting, Waiting: t("mail.waiting"), Scan: t("mail.scan"), Code: t("mail.number"),
		Expiry: t("mail.until"), Page: l.Page, Open: t("mail.open"), NoPhone: t("mail.no_phone"), Why: t("mail.why"),
	}
}

// plain is the letter for programs that show no pages; it has every word.
func (v view) plain() string {
	return strings.Join([]string{
		v.Greeting, v.Waiting, v.Open + "\r\n" + v.Page, v.Scan, v.Code, v.Expiry, v.NoPhone, v.Why,
	}, "\r\n\r\n") + "\r\n"
}

//go:embed letter.html
var page string

var letterPage = template.Must(template.New("letter").Parse(page))

func (v view) html() (string, error) {
	var out strings.Builder
	if err := letterPage.Execute(&out, v); err != nil {
		return "", fmt.Errorf("write the letter: %w", err)
	}
	return out.String(), nil
}

// isAddress tells a bare address: one at sign, plain ASCII, nothing that ends a
// header or names a second person.
func isAddress(v string) bool {
	for i := range len(v) {
		if v[i] <= ' ' || v[i] >= 0x7f || strings.IndexByte(`"(),:;<>[\]`, v[i]) >= 0 {
			return false
		}
	}
	a, err := netmail.ParseAddress(v)
	return err == nil && a.Address == v && len(v) <= 254 && strings.Contains(domainOf(v), ".")
}

// clean takes out of a text what shows nothing, ends a line or turns the
// direction of writing, and cuts it to so many characters.
func clean(v string, most int) string {
	v = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, v)
	v = strings.Join(strings.Fields(v), " ")
	if r := []rune(v); len(r) > most {
		v = string(r[:most-1]) + "…"
	}
	return v
}
