package engine

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
)

type presentIn struct {
	request
	IDs      []string `json:"ids"`
	Audience string   `json:"audience"`
	Minutes  int      `json:"minutes"`
	Base     string   `json:"base"`
	Paper    bool     `json:"paper"`
	Signed   string   `json:"signed"` // until when what was signed before is good
}

type presentOut struct {
	Token      string      `json:"token"` // the first, where paper takes several
	Assertions []string    `json:"assertions"`
	Link       string      `json:"link,omitempty"`
	Codes      []codeOut   `json:"codes"`
	Chunks     bool        `json:"chunks"`
	Until      string      `json:"until"`
	UntilTime  string      `json:"untilTime"`
	Seconds    int         `json:"seconds"`
	Warnings   []warnedOut `json:"warnings"`
	Save       *saved      `json:"save"`
}

type codeOut struct {
	SVG     string   `json:"svg"`
	Text    string   `json:"text"`
	Level   string   `json:"level"`
	Version int      `json:"version"`
	Titles  []string `json:"titles,omitempty"`
}

type warnedOut struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Message string `json:"message"`
}

// present signs what the person chose, and draws it.
func (p purse) present(ctx context.Context, lang string, in presentIn) (any, error) {
	o, err := p.signing()
	if err != nil {
		return nil, err
	}
	warned, err := p.mayLeave(lang, o, in.IDs)
	if err != nil {
		return nil, err
	}
	if in.Signed != "" { // only its words, in another language
		until, err := time.Parse(time.RFC3339, in.Signed)
		return map[string]any{"until": report.MomentIn(lang, p.here, until), "warnings": warned}, err
	}
	now := p.host.Now()
	how := wallet.Drawing{Base: in.Base, Paper: in.Paper, Parts: !in.Paper}
	how.Showing = wallet.Showing{Audience: i18n.OneLine(in.Audience), For: time.Duration(in.Minutes) * time.Minute, Now: now}
	if utf8.RuneCountInString(how.Audience) > maxAudience || in.Minutes < 0 || in.Minutes > maxMinutes {
		return nil, wallet.ErrLifetime
	}
	drawn, err := o.Draw(ctx, in.IDs, how)
	if err != nil {
		return nil, err
	}
	out, err := p.shown(lang, in, drawn, now)
	if err != nil {
		return nil, err
	}
	out.Warnings = warned
	o.remember(lang, drawn, how, now)
	out.Save, err = o.save()
	return out, err
}

const (
	maxAudience = 120           // characters, as the page's field: 480 bytes at most
	maxMinutes  = 366 * 24 * 60 // wallet.MaxLifetime
	svgModule   = 25.4 / 96 * 4 // the page scales; 4 points of a browser make its pictures even
)

// mayLeave refuses what holds private data, and warns of what a checker will take
// for somebody else's.
func (p purse) mayLeave(lang string, o *opened, ids []string) ([]warnedOut, error) {
	warned := []warnedOut{}
	for _, id := range ids {
		h, err := o.Find(id)
		if err != nil {
			return nil, err
		}
		title := titleOf(lang, h)
		switch {
		case !h.Credential().MayBeShown():
			return nil, refuse("wb_private", "title", title)
		case o.Owner(h) == wallet.OwnerOther:
			warned = append(warned, warnedOut{first(h.ID, h.Hash), title, i18n.T(lang, "wb.warn_other_key", map[string]string{"title": title})})
		case ofOther(o.Wallet, h):
			warned = append(warned, warnedOut{first(h.ID, h.Hash), title, i18n.T(lang, "wb.warn_other_person", map[string]string{"title": title, "name": report.PersonName(h.Credential())})})
		case o.SupersededBy(h) != "":
			warned = append(warned, warnedOut{first(h.ID, h.Hash), title, i18n.T(lang, "wb.warn_superseded", map[string]string{"title": title})})
		}
	}
	return warned, nil
}

var levelNames = map[qr.Level]string{qr.LevelL: "L", qr.LevelM: "M", qr.LevelQ: "Q"}

func (p purse) shown(lang string, in presentIn, drawn *wallet.Drawn, now time.Time) (*presentOut, error) {
	one := drawn.Signed[0]
	out := &presentOut{
		Token: one.Token, Assertions: append([]string{}, one.Assertions...),
		Until: report.MomentIn(lang, p.here, one.ExpiresAt), UntilTime: one.ExpiresAt.Format(time.RFC3339),
		Seconds: max(0, int(one.ExpiresAt.Sub(now)/time.Second)),
	}
	for _, c := range drawn.Codes {
		code, err := codeOf(c.Text, c.Level)
		if err != nil {
			return nil, err
		}
		if !c.Part {
			for _, h := range drawn.Signed[c.Of].Shown {
				code.Titles = append(code.Titles, titleOf(lang, h))
			}
		}
		out.Chunks = out.Chunks || c.Part
		out.Codes = append(out.Codes, code)
	}
	switch {
	case len(out.Codes) == 1:
		out.Link = out.Codes[0].Text
	case len(drawn.Signed) == 1:
		link, _, err := qr.Encode(in.Base, one.Tokens(), qr.Options{Quick: true})
		if err != nil && !errors.Is(err, qr.ErrTooLarge) {
			return nil, err
		}
		out.Link = link
	}
	return out, nil
}

func codeOf(text string, level qr.Level) (codeOut, error) {
	svg, err := qr.SVG(text, level, svgModule)
	if err != nil {
		return codeOut{}, err
	}
	version, _, err := qr.Version(text, level)
	return codeOut{SVG: string(svg), Text: text, Level: levelNames[level], Version: version}, err
}

// remember notes a showing in the history.
func (o *opened) remember(lang string, drawn *wallet.Drawn, how wallet.Drawing, now time.Time) {
	s := shownTo{At: now.UTC().Truncate(time.Second), Until: drawn.Signed[0].ExpiresAt, Audience: how.Audience, Paper: how.Paper}
	for _, one := range drawn.Signed {
		for _, h := range one.Shown {
			s.Titles = append(s.Titles, titleOf(lang, h))
		}
	}
	o.kept.Shown = append(o.kept.Shown, s)
	o.kept.Shown = o.kept.Shown[max(0, len(o.kept.Shown)-maxHistory):]
}
