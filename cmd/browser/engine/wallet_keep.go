package engine

import (
	"context"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/wallet"
)

// restAfterShowing is how long no issuer is asked after a showing: it would learn
// when somebody applies for work.
const restAfterShowing = 10 * time.Minute

const (
	defaultJitter = 2 * time.Second
	maxJitter     = time.Hour
)

type refreshIn struct {
	request
	Jitter *int `json:"jitter"` // milliseconds
}

type refreshLine struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Outcome string `json:"outcome"`
	Word    string `json:"word"`
}

type refreshOut struct {
	Fresh    int           `json:"fresh"`
	Ended    bool          `json:"ended"` // one that is held is not valid any more
	Outcomes []refreshLine `json:"outcomes"`
	Save     *saved        `json:"save,omitempty"`
}

// refresh fetches fresh status assertions, in random order.
func (p purse) refresh(ctx context.Context, lang string, in refreshIn) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	jitter := defaultJitter
	if in.Jitter != nil {
		jitter = time.Duration(*in.Jitter) * time.Millisecond
	}
	if jitter < 0 || jitter > maxJitter {
		return nil, refuse("wb_request")
	}
	if err := p.rested(o); err != nil {
		return nil, err
	}
	r := wallet.Refresher{Fetch: net{p.Engine}, Now: p.host.Now, Pause: p.pause(o, jitter)}
	if p.bundle != nil {
		if r.Judge, err = p.judge(p.doubted); err != nil {
			return nil, err
		}
	}
	fresh, _ := r.Ask(ctx, o.Held()) // also what came before it was stopped
	if err := p.still(o); err != nil {
		return nil, err
	}
	return p.refreshed(ctx, lang, o, fresh)
}

func (p purse) refreshed(ctx context.Context, lang string, o *opened, fresh []wallet.Refreshed) (any, error) {
	out := refreshOut{Outcomes: []refreshLine{}, Fresh: o.Staple(fresh)}
	for _, f := range fresh {
		line := refreshLine{ID: first(f.ID, f.Hash), Outcome: f.Outcome()}
		line.Word = i18n.T(lang, "wb.refresh."+line.Outcome, nil)
		if h, err := o.Find(f.Hash); err == nil {
			line.Title = titleOf(lang, h)
		}
		out.Outcomes = append(out.Outcomes, line)
	}
	judged, noted, err := p.judgeAll(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, r := range judged {
		out.Ended = out.Ended || r.Verdict == verifier.Invalid
	}
	if out.Fresh > 0 || noted {
		out.Save, err = o.save()
	}
	return out, err
}

// rested refuses to ask issuers soon after a showing.
func (p purse) rested(o *opened) error {
	if n := len(o.kept.Shown); n > 0 {
		if since := p.host.Now().Sub(o.kept.Shown[n-1].At); since >= 0 && since < restAfterShowing {
			return refuse("wb_refresh_soon")
		}
	}
	return nil
}

// pause waits a random time up to most, without holding the engine. A showing
// meanwhile keeps the requests back that were still to come.
func (p purse) pause(o *opened, most time.Duration) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := p.rested(o); err != nil {
			return err
		}
		n, err := randomBelow(1000)
		if err != nil {
			return err
		}
		if err := p.wait(ctx, most*time.Duration(n)/1000); err != nil {
			return err
		}
		return p.rested(o)
	}
}

func (p purse) wait(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	p.mu.Unlock()
	defer p.mu.Lock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// remove takes a document out.
func (p purse) remove(_ context.Context, lang string, in idIn) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	h, err := o.Remove(in.ID)
	if err != nil {
		return nil, err
	}
	s, err := o.save()
	return map[string]any{"removed": p.card(lang, o, h, nil), "save": s}, err
}
