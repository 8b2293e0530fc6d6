package main

import (
	_ "embed"
	"html/template"
	"os"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

//go:embed demo_page.html
var demoPageHTML string

// page lays the printed passport out as one A4 sheet of HTML, in Italian and
// in the reader's language, ready for any browser's print command.
func (d *demo) page() error {
	credential, err := d.printed()
	if err != nil {
		return err
	}
	svg, err := os.ReadFile(d.path("paper.svg"))
	if err != nil {
		return err
	}
	second := d.a.lang
	if second == "it" {
		second = "en"
	}
	_, identity := credential.Holder()
	var page strings.Builder
	err = template.Must(template.New("page").Funcs(pageFuncs(second)).Parse(demoPageHTML)).Execute(&page, map[string]any{
		"Credential": credential,
		"View":       credential.View(),
		"Identity":   identity,
		"QR":         template.HTML(svg), //nolint:gosec // drawn by internal/qr from digits alone
		"Second":     second,
	})
	if err != nil {
		return err
	}
	return d.write("passport.html", page.String())
}

// printed reads what the page shows. This demo signed the token a moment ago;
// the page is a picture of it, and the QR code on it is what gets verified.
func (d *demo) printed() (*schema.Credential, error) {
	token, err := os.ReadFile(d.path("issued", "amina.jwt"))
	if err != nil {
		return nil, err
	}
	_, payload, err := jose.ParseUnverified(strings.TrimSpace(string(token)))
	if err != nil {
		return nil, err
	}
	return schema.ParseCredential(payload)
}

// pageFuncs are what the page's template calls; second is the language beside
// the Italian.
func pageFuncs(second string) template.FuncMap {
	return template.FuncMap{
		"both": func(key string) []string {
			return []string{i18n.T("it", "paper."+key, nil), i18n.T(second, "paper."+key, nil)}
		},
		"day": func(iso string) string { // 22/11/2026, as papers are dated here
			if t, err := time.Parse(time.DateOnly, iso); err == nil {
				return t.Format("02/01/2006")
			}
			return iso
		},
		"region":  func(code string) string { return schema.RegionName(code, "it") },
		"country": func(code string) string { return schema.CountryName(code, "it") },
		"label":   func(uri string) string { return schema.Label(uri, "it") },
		"join":    strings.Join,
	}
}
