package walletweb

import (
	"encoding/json"
	"fmt"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/pagekit"
)

// manifest is what a phone needs to install the page (W3C Web Application
// Manifest, sections 1 and 2). Addresses are relative to the manifest, which
// stands below the page.
type manifest struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	ShortName  string  `json:"short_name"`
	Lang       string  `json:"lang"`
	Dir        string  `json:"dir"`
	StartURL   string  `json:"start_url"`
	Scope      string  `json:"scope"`
	Display    string  `json:"display"`
	Background string  `json:"background_color"`
	Theme      string  `json:"theme_color"`
	Icons      []image `json:"icons"`
}

type image struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// manifestOf names the manifest of a language.
func manifestOf(lang string) string { return "manifest." + lang + ".webmanifest" }

// manifests are one file for each language: what an installed page is called is
// read there and nowhere else. All have one id, so that they are one application.
func manifests() ([]pagekit.File, error) {
	all := make([]pagekit.File, 0, len(pagekit.Tongues))
	for _, t := range pagekit.Tongues {
		name := i18n.T(t.Code, "wp.title", nil)
		body, err := json.Marshal(manifest{
			ID: Path, Name: name, ShortName: name, Lang: t.Code, Dir: t.Dir,
			StartURL: ".." + Path, Scope: ".." + Path, Display: "standalone", Background: "#ffffff", Theme: "#0b57a4",
			Icons: []image{
				{"icon-192.png", "192x192", "image/png", "any"}, {"icon-512.png", "512x512", "image/png", "any"},
				{"icon-whole.png", "512x512", "image/png", "maskable"}, {"icon.svg", "any", "image/svg+xml", "any"},
			},
		})
		if err != nil {
			return nil, fmt.Errorf("walletweb: manifest: %w", err)
		}
		all = append(all, pagekit.File{Name: manifestOf(t.Code), Type: pagekit.TypeOf(".webmanifest"), Body: body, Online: true})
	}
	return all, nil
}
