package engine

import (
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/report"
)

// memory is what was seen under each anchor. The page keeps it; a call brings it
// and takes the newer one away.
type memory map[string]seen

// seen is the newest bundle and the newest signed time under one anchor.
type seen struct {
	Seq    int64     `json:"seq"`
	Newest time.Time `json:"newest"`
}

// Seen gives zeros for an anchor that was never seen.
func (m memory) Seen(anchor string) (int64, time.Time) { return m[anchor].Seq, m[anchor].Newest }

// Remember keeps the newer of each.
func (m memory) Remember(anchor string, seq int64, newest time.Time) error {
	m[anchor] = seen{seq, newest.UTC()}
	return nil
}

// bring takes in what the page had kept.
func (m memory) bring(anchor string, kept *seen) {
	if kept == nil {
		return
	}
	have := m[anchor]
	have.Seq = max(have.Seq, kept.Seq)
	if kept.Newest.After(have.Newest) {
		have.Newest = kept.Newest.UTC()
	}
	m[anchor] = have
}

// origin is a bundle's own, for a page.
type origin struct {
	Name        string   `json:"name"`
	DID         string   `json:"did"`
	Anchor      string   `json:"anchor"`
	Seq         int64    `json:"seq"`
	IssuedAt    *string  `json:"issuedAt"`
	NextUpdate  *string  `json:"nextUpdate"`
	Expires     *string  `json:"expires"`
	Newest      *string  `json:"newest"` // the newest time seen signed under this root
	VerifyBases []string `json:"verifyBases"`
	AgeDays     int      `json:"ageDays"` // whole days since issuedAt, never below 0
	Issued      string   `json:"issued"`  // the day in words
	Ends        string   `json:"ends"`    // likewise
	Expired     bool     `json:"expired"`
}

type trustIn struct {
	Anchor string            `json:"anchor"`
	Bundle string            `json:"bundle"` // base64, with or without gzip inside
	Lists  map[string]string `json:"lists"`  // files beside a large bundle, base64, by their names
	Seen   *seen             `json:"seen"`
	Zone   zone              `json:"zone"`
}

type trustOut struct {
	Origin   *origin           `json:"origin,omitempty"`
	Problems []string          `json:"problems"` // parts that do not count, in words
	Checks   []report.Question `json:"checks"`   // what the device and the bundle come to by themselves
	Refused  *told             `json:"refused,omitempty"`
	Seen     *seen             `json:"seen,omitempty"`
}

// trustOpen is trust.open: {anchor, bundle, lists?, seen?, zone?, lang} gives
// {origin, problems, checks, seen}, or {refused, problems, checks} where the bundle
// is not taken: the one before it stays. A bundle that is older than one seen is refused
// as "older".
func (e *Engine) trustOpen(ctx context.Context, in []byte) (any, error) {
	var asked trustIn
	if err := read(in, &asked); err != nil {
		return nil, err
	}
	lang := spoken(in)
	data, err := base64.StdEncoding.DecodeString(asked.Bundle)
	if err != nil {
		return nil, refuse("engine_input").because(err)
	}
	e.memory.bring(asked.Anchor, asked.Seen)
	seq, newest := e.memory.Seen(asked.Anchor)
	b, err := trust.Open(data, asked.Anchor, trust.Options{ListFile: listFile(asked.Lists), NewerThan: plausible(seq, newest)})
	if err != nil {
		e.refused = e.bundle == nil
		e.verifier = nil
		why := refusedBundle(lang, err)
		return trustOut{Refused: &why, Problems: []string{}, Checks: []report.Question{}}, nil
	}
	e.bundle, e.refused, e.verifier = b, false, nil
	return e.trusted(ctx, lang, asked.Zone.here())
}

// trusted tells what the open bundle is worth today.
func (e *Engine) trusted(ctx context.Context, lang string, here *time.Location) (any, error) {
	v, err := e.judge(false)
	if err != nil {
		return nil, err
	}
	found, err := v.Verify(ctx, nil, verifier.HolderBinding{}) // looks at the device and the bundle alone
	if err != nil {
		return nil, err
	}
	o := e.bundle.Origin()
	out := trustOut{Origin: e.origin(lang, here, o), Problems: []string{}, Checks: []report.Question{}}
	for _, p := range e.bundle.Problems() {
		out.Problems = append(out.Problems, i18n.Say(lang, "verify.bundle_part", map[string]string{"part": p.Part, "subject": p.Subject, "code": p.Code}))
	}
	for _, c := range found.Checks {
		if c.Code != verifier.CodeNothing {
			out.Checks = append(out.Checks, report.Ask(lang, c))
		}
	}
	if e.host.Now().After(o.Expires) { // said before anything is judged by it
		ended := map[string]string{"date": report.Wall(here, o.Expires).Format(time.DateOnly)}
		out.Checks = append(out.Checks, report.Ask(lang, verifier.Check{Code: verifier.CodeBundleExpired, Outcome: verifier.Undecided, Args: ended}))
	}
	out.Seen = e.seen()
	return out, nil
}

func (e *Engine) origin(lang string, here *time.Location, o schema.Origin) *origin {
	_, newest := e.memory.Seen(o.Authority.Anchor)
	now := e.host.Now()
	return &origin{
		Name: o.Authority.Name, DID: o.Authority.DID, Anchor: o.Authority.Anchor, Seq: o.Seq,
		IssuedAt: report.Instant(o.IssuedAt), NextUpdate: report.Instant(o.NextUpdate), Expires: report.Instant(o.Expires),
		Newest: report.Instant(newest), VerifyBases: append([]string{}, o.VerifyBases...),
		AgeDays: max(0, int(now.Sub(o.IssuedAt)/(24*time.Hour))),
		Issued:  i18n.Day(lang, report.Wall(here, o.IssuedAt)), Ends: i18n.Day(lang, report.Wall(here, o.Expires)),
		Expired: now.After(o.Expires),
	}
}

// seen is what the page keeps of the open bundle's anchor, nil without one.
func (e *Engine) seen() *seen {
	if e.bundle == nil {
		return nil
	}
	s, ok := e.memory[e.bundle.Origin().Authority.Anchor]
	if !ok {
		return nil
	}
	return &s
}

// plausible leaves a number out that runs far ahead of its date, as the verifier
// does: somebody believed a stolen key.
func plausible(seq int64, newest time.Time) int64 {
	if seq > newest.Unix()+100*24*60*60 {
		return 0
	}
	return seq
}

func listFile(lists map[string]string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		list, ok := lists[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return base64.StdEncoding.DecodeString(list)
	}
}

// refusedBundle says why a bundle is not taken: other, older or damaged.
func refusedBundle(lang string, err error) told {
	code := "damaged"
	var why *trust.Error
	switch {
	case errors.Is(err, trust.ErrNoAnchor):
		code = "other"
	case errors.As(err, &why) && why.Code == trust.CodeAnchor:
		code = "other"
	case errors.As(err, &why) && why.Code == trust.CodeOlder:
		code = "older"
	}
	return told{Code: code, Message: i18n.T(lang, "engine.bundle."+code, nil)}
}

// trustLists is trust.lists: {anchor, bundle, lists?} gives {names, held} of the files beside
// a bundle that is too large to hold its lists.
func (e *Engine) trustLists(_ context.Context, in []byte) (any, error) {
	var asked trustIn
	if err := read(in, &asked); err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(asked.Bundle)
	if err != nil {
		return nil, refuse("engine_input").because(err)
	}
	names, held := []string{}, []string{}
	if b, err := trust.Open(data, asked.Anchor, trust.Options{}); err == nil {
		names = append(names, b.ListFiles()...)
	}
	read := listFile(asked.Lists)
	for _, name := range names {
		if list, err := read(name); err == nil && trust.IsListFile(name, list) {
			held = append(held, name)
		}
	}
	return map[string]any{"names": names, "held": held}, nil
}
