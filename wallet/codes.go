package wallet

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/internal/qr"
)

// CodeLargeError: one credential alone is above what a code for a screen holds.
type CodeLargeError struct{ ID string }

func (e *CodeLargeError) Error() string { return "credential " + e.ID + " is too large for one code" }

// Code is the text of one QR code of a presentation.
type Code struct {
	Text  string
	Level qr.Level
	Of    int  // index of the presentation
	Bytes int  // of its frame; of a part, of all of it
	Large bool // on paper above the budget: one credential alone that fits no other
	Part  bool // one of several that a screen shows in turn
}

// Drawn is what Draw makes: presentations, and the codes that carry them.
type Drawn struct {
	Signed []*Presented
	Codes  []Code
}

// Drawing says how Draw makes codes.
type Drawing struct {
	Showing
	Base  string // link of the verify page
	Paper bool   // printed: level M only, and never in parts
	Parts bool   // on a screen: parts of one presentation rather than several presentations
}

// Draw makes one code of everything; or the presentation and its status in two;
// or, above the budget, a code for each credential or parts that a screen shows
// in turn. Never a larger code: it would not be read. Only on paper one
// credential that is above the budget by itself gets a larger one, it is that or
// none; on a screen without parts it is a *CodeLargeError.
func (w *Wallet) Draw(ctx context.Context, refs []string, how Drawing) (*Drawn, error) {
	d := drawer{w: w, how: how}
	if err := d.draw(ctx, refs); err != nil {
		return nil, err
	}
	return &d.out, nil
}

type drawer struct {
	w   *Wallet
	how Drawing
	out Drawn
}

func (d *drawer) draw(ctx context.Context, refs []string) error {
	if len(refs) > MaxShown && !d.how.Parts {
		return d.each(ctx, refs)
	}
	p, err := d.w.Present(ctx, refs, d.how.Showing)
	if err != nil {
		return err
	}
	tries := [][][]string{{p.Tokens()}}
	if len(p.Assertions) > 0 {
		tries = append(tries, [][]string{{p.Token}, p.Assertions})
	}
	for _, parts := range tries {
		codes, fits, err := d.pack(parts)
		if err != nil {
			return err
		}
		if fits {
			d.add(p, codes)
			return nil
		}
	}
	switch {
	case d.how.Parts && !d.how.Paper:
		return d.parts(p)
	case len(p.Shown) > 1:
		return d.each(ctx, refs)
	case d.how.Paper:
		return d.alone(p)
	}
	return &CodeLargeError{p.Shown[0].ID}
}

func (d *drawer) each(ctx context.Context, refs []string) error {
	for _, ref := range refs {
		if err := d.draw(ctx, []string{ref}); err != nil {
			return err
		}
	}
	return nil
}

func (d *drawer) add(p *Presented, codes []Code) {
	for _, c := range codes {
		c.Of = len(d.out.Signed)
		d.out.Codes = append(d.out.Codes, c)
	}
	d.out.Signed = append(d.out.Signed, p)
}

// pack makes a code of each part: for paper (level M) where it fits, else for a
// screen (level L), which no paper bears.
func (d *drawer) pack(parts [][]string) (codes []Code, fits bool, err error) {
	for _, tokens := range parts {
		if len(tokens) == 0 {
			return nil, false, nil
		}
		text, info, err := qr.Encode(d.how.Base, tokens, qr.Options{Quick: d.how.Parts && !d.how.Paper})
		switch {
		case errors.Is(err, qr.ErrTooLarge) && !errors.Is(err, qr.ErrBase):
			return nil, false, nil
		case err != nil:
			return nil, false, err
		case info.Frame <= qr.PaperCap:
			codes = append(codes, Code{Text: text, Level: qr.LevelM, Bytes: info.Frame, Large: isLarge(text)})
		case info.Frame <= qr.ScreenCap && !d.how.Paper:
			codes = append(codes, Code{Text: text, Level: qr.LevelL, Bytes: info.Frame})
		default:
			return nil, false, nil
		}
	}
	return codes, true, nil
}

// partBytes of a frame stand in one of several codes in turn: version 18 at
// level L, which a cheap camera reads at arm's length while it changes.
const partBytes = 620

func (d *drawer) parts(p *Presented) error {
	texts, err := qr.EncodeChunks(d.how.Base, p.Tokens(), partBytes)
	if err != nil {
		return err
	}
	codes := make([]Code, len(texts))
	for i, text := range texts {
		codes[i] = Code{Text: text, Level: qr.LevelL, Part: true}
	}
	d.add(p, codes)
	return nil
}

// alone makes a larger code for paper of one credential. A status that does not
// fit a code of its own is left out.
func (d *drawer) alone(p *Presented) error {
	text, info, err := qr.Encode(d.how.Base, []string{p.Token}, qr.Options{})
	if err != nil {
		return err
	}
	codes := []Code{{Text: text, Level: qr.LevelM, Bytes: info.Frame, Large: true}}
	if status, fits, err := d.pack([][]string{p.Assertions}); err != nil {
		return err
	} else if fits {
		codes = append(codes, status...)
	}
	d.add(p, codes)
	return nil
}

// paperVersion is the largest version that every camera reads from paper; a long
// link may cost a frame at the edge one more.
const paperVersion = 22

func isLarge(text string) bool {
	version, _, err := qr.Version(text, qr.LevelM)
	return err == nil && version > paperVersion
}
