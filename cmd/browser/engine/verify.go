package engine

import (
	"context"
	"strings"
	"time"

	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
)

type verifyIn struct {
	Inputs       []input `json:"inputs"`
	Audience     string  `json:"audience"`
	Nonce        string  `json:"nonce"`
	ClockDoubted bool    `json:"clockDoubted"`
	CSV          bool    `json:"csv"`
	Zone         zone    `json:"zone"`
}

type verifyOut struct {
	Worst   verifier.Verdict `json:"worst"`
	Results []result         `json:"results"`
	CSV     string           `json:"csv,omitempty"`
	Seen    *seen            `json:"seen,omitempty"`
}

// result is what came of one input, in the order of the inputs.
type result struct {
	Name    string        `json:"name"`
	Report  report.Report `json:"report"`
	View    report.View   `json:"view"`
	Problem *told         `json:"problem,omitempty"` // why it could not be read; report and view say UNKNOWN
}

// judged is an input between reading and showing.
type judged struct {
	name    string
	report  *verifier.Report // nil where problem is not
	foreign []string         // link bases that the authority does not know
	problem *told
}

// verify is verify: {lang, inputs, audience?, nonce?, clockDoubted?, csv?, zone?}
// gives {worst, results, csv?, seen}. What one call shows is judged together: a
// passport by the components that any of the inputs shows. The network is never
// asked.
func (e *Engine) verify(ctx context.Context, in []byte) (any, error) {
	var asked verifyIn
	if err := read(in, &asked); err != nil {
		return nil, err
	}
	lang := spoken(in)
	v, err := e.judge(asked.ClockDoubted)
	if err != nil {
		return nil, err
	}
	var company verifier.Company
	all := make([]judged, 0, len(asked.Inputs))
	for n, one := range asked.Inputs {
		j, err := e.judgeInput(ctx, v, lang, one, verifier.HolderBinding{Audience: asked.Audience, Nonce: asked.Nonce})
		if err != nil {
			return nil, err
		}
		if j.report != nil {
			company.Add(j.report)
		}
		all = append(all, j)
		e.host.Progress(n+1, len(asked.Inputs))
	}
	return e.answers(lang, all, &company, asked)
}

// judge is the verifier of the open bundle. It is made once, so that a status
// list is unpacked once.
func (e *Engine) judge(doubted bool) (*verifier.Verifier, error) {
	if e.verifier != nil && e.doubted == doubted {
		return e.verifier, nil
	}
	cfg := verifier.Config{Now: e.host.Now, Memory: e.memory, BundleRefused: e.refused, ClockDoubted: doubted}
	if e.bundle != nil {
		cfg.Keys, cfg.StatusLists, cfg.Recognition, cfg.BundleRefused = e.bundle, e.bundle, e.bundle, false
	}
	v, err := verifier.New(cfg)
	if err != nil {
		return nil, err
	}
	e.verifier, e.doubted = v, doubted
	return v, nil
}

func (e *Engine) judgeInput(ctx context.Context, v *verifier.Verifier, lang string, in input, want verifier.HolderBinding) (judged, error) {
	j := judged{name: in.Name}
	read, unreadable := in.take(e.bundle)
	if unreadable != nil {
		words := tell(lang, unreadable.Code, unreadable.Args)
		j.problem = &words
		return j, ctx.Err()
	}
	j.foreign = report.ForeignBases(e.bundle, read.Bases)
	found, err := v.Verify(ctx, read.Tokens, want)
	if err != nil {
		return j, err
	}
	report.Finish(found, read)
	j.report = found
	return j, nil
}

// answers judges composites once more, by all that was shown, and finds words.
func (e *Engine) answers(lang string, all []judged, company *verifier.Company, asked verifyIn) (any, error) {
	out := verifyOut{Worst: verifier.Valid, Results: make([]result, 0, len(all))}
	var table strings.Builder
	rows := report.NewSheet(&table, lang)
	for _, j := range all {
		r := e.result(lang, asked.Zone.here(), j, company)
		out.Worst = out.Worst.Worse(r.Report.Verdict)
		out.Results = append(out.Results, r)
		var err error
		if j.report == nil {
			err = rows.AddUnread(j.name, j.problem.Message)
		} else {
			err = rows.Add(lang, j.name, j.report)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := rows.End(); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		out.Worst = verifier.Unknown
	}
	if asked.CSV {
		out.CSV = table.String()
	}
	out.Seen = e.seen()
	return out, nil
}

func (e *Engine) result(lang string, here *time.Location, j judged, company *verifier.Company) result {
	if j.report == nil {
		return result{
			Name: j.name, Problem: j.problem, Report: report.Unjudged(e.host.Now(), j.problem.Code, j.problem.Message),
			View: report.NewUnread(lang, j.problem.Code, j.problem.Message, j.problem.Hint),
		}
	}
	company.Judge(j.report)
	var notes []verifier.Check
	for _, base := range j.foreign {
		notes = append(notes, report.BaseCheck(base))
	}
	r := result{
		Name: j.name, Report: report.New(lang, e.host.Now(), j.report),
		View: report.NewView(lang, here, j.report, report.PartsOf(lang, e.bundle, j.report), notes...),
	}
	for _, note := range notes {
		r.Report.Note(lang, note)
	}
	return r
}

// kind is kind: {text} gives {kind}: code, token, offer, shortcode, backup or
// other. Nothing is believed by it.
func (e *Engine) kind(_ context.Context, in []byte) (any, error) {
	var asked struct {
		Text string `json:"text"`
	}
	if err := read(in, &asked); err != nil {
		return nil, err
	}
	return map[string]string{"kind": intake.KindOf(asked.Text)}, nil
}
