package intake

import (
	"errors"
	"slices"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
)

// Messages decodes the texts of one input: whole codes, or the parts of one.
// More are dictionaries that a trust bundle carries. An error is around one of
// qr's, and a *TextError where one text is at fault.
func Messages(texts []string, more ...qr.Dictionary) ([]qr.Message, error) {
	var messages []qr.Message
	var parts []string
	for _, text := range texts {
		m, err := qr.DecodeText(text, more...)
		switch {
		case errors.Is(err, qr.ErrChunk):
			parts = append(parts, text)
		case err != nil:
			return nil, &TextError{text, err}
		default:
			messages = append(messages, m)
		}
	}
	if parts != nil {
		m, err := qr.Collect(parts, more...)
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	if messages == nil {
		return nil, &TextError{"", qr.ErrNotPassport}
	}
	return messages, nil
}

// TextError keeps the text that could not be read: a foreign code is shown to
// the person and never opened.
type TextError struct {
	Text string
	Err  error
}

func (e *TextError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *TextError) Unwrap() error { return e.Err }

// Codes joins the tokens of all codes of one picture or text: the second code
// of a paper bears the status of what stands in the first.
func (s Source) Codes(texts []string) (taken Taken, problem *Problem) {
	messages, err := Messages(texts, s.Dictionaries...)
	if err != nil {
		return Taken{}, s.Unreadable(err)
	}
	for _, m := range messages {
		taken.Tokens = append(taken.Tokens, m.Tokens...)
		taken.Bases = append(taken.Bases, m.Base)
	}
	return taken, nil
}

// Sight takes the codes of one picture, each by itself: a code of somebody else
// beside ours is no matter, one that cannot be read (unread more of them were
// seen) takes a VALID away.
func (s Source) Sight(texts []string, unread int) (taken Taken, problem *Problem) {
	var shown Shown
	shown.Decode(texts, s.Dictionaries)
	if len(shown.Tokens) == 0 {
		return s.Codes(texts) // which says why
	}
	taken.Tokens, taken.Bases = inOrder(shown.Tokens), shown.Bases
	taken.Unread(verifier.CodeCodeUnread, shown.Broken+unread)
	return taken, nil
}

// Unreadable gives an error of qr its Problem. A code made by a newer program is
// no fault of the document: Unknown.
func (s Source) Unreadable(err error) *Problem {
	shown := ""
	if e := (*TextError)(nil); errors.As(err, &e) {
		if KindOf(e.Text) == KindOffer {
			p := problem("verify_is_offer") // its secret is not repeated
			p.Err = err
			return p
		}
		shown = FirstRunes(i18n.OneLine(e.Text), 120)
	}
	for _, known := range []struct {
		err  error
		code string
	}{
		{qr.ErrBackup, "qr_backup"},
		{qr.ErrUpdate, "qr_update"},
		{qr.ErrNotPassport, "qr_foreign"},
		{qr.ErrIncomplete, "qr_incomplete"},
		{qr.ErrMalformed, "qr_malformed"},
		{qr.ErrBase, "qr_base"},
		{qr.ErrTooLarge, "qr_large"},
	} {
		if errors.Is(err, known.err) {
			detail := err.Error()
			if lost := (*qr.MissingError)(nil); errors.As(err, &lost) {
				detail = lost.Numbers()
			}
			p := problem(known.code, "file", s.Name, "text", shown, "detail", detail)
			p.Unknown, p.Err = known.code == "qr_update", err
			return p
		}
	}
	p := problem("verify_unreadable", "detail", err.Error())
	p.Err = err
	return p
}

// FirstRunes cuts a text for showing, never inside a character.
func FirstRunes(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

// Shown is what the pictures of one file showed.
type Shown struct {
	Taken
	Broken int   // codes of ours that could not be read
	Err    error // of those
}

// Decode reads code by code, so that a broken one hides none of the others.
// Other codes, a link say, are no document and no matter.
func (p *Shown) Decode(texts []string, dictionaries []qr.Dictionary) {
	var parts []string
	take := func(m qr.Message, err error) {
		if err != nil {
			p.Broken++
			p.Err = errors.Join(p.Err, err)
			return
		}
		p.Tokens, p.Bases = append(p.Tokens, m.Tokens...), append(p.Bases, m.Base)
	}
	for _, text := range texts {
		m, err := qr.DecodeText(text, dictionaries...)
		switch {
		case errors.Is(err, qr.ErrNotPassport):
		case errors.Is(err, qr.ErrChunk):
			if !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		default:
			take(m, err)
		}
	}
	if parts != nil {
		take(qr.Collect(parts, dictionaries...))
	}
}

// Differs tells whether the pictures show a credential that is not among the
// tokens inside the file.
func (p Shown) Differs(inside []string) bool {
	return slices.ContainsFunc(p.Tokens, func(t string) bool {
		return !IsAssertion(t) && !slices.Contains(inside, t)
	})
}

// Inside joins what is inside a file with what its pictures show, where unread more
// codes were seen: a good document may be attached to a page, or baked into a picture,
// that shows somebody else's code.
func (s Source) Inside(inside, texts []string, unread int) (taken Taken, differs bool) {
	var shown Shown
	shown.Decode(texts, s.Dictionaries)
	taken.Tokens, taken.Bases = inOrder(inside, shown.Tokens), shown.Bases
	taken.Unread(verifier.CodeCodeUnread, shown.Broken+unread)
	if differs = len(inside) > 0 && shown.Differs(inside); differs {
		taken.Told = append(taken.Told, verifier.Check{Code: verifier.CodeShownOther, Outcome: verifier.Undecided})
	}
	return taken, differs
}

// inOrder joins lists without doubles: documents first, then status assertions,
// as the verifier takes them.
func inOrder(lists ...[]string) (tokens []string) {
	for _, assertions := range []bool{false, true} {
		for _, list := range lists {
			for _, t := range list {
				if IsAssertion(t) == assertions && !slices.Contains(tokens, t) {
					tokens = append(tokens, t)
				}
			}
		}
	}
	return tokens
}

// Dictionaries are those of a bundle, as the transport takes them.
func Dictionaries(b *trust.Bundle) (all []qr.Dictionary) {
	for _, d := range b.Dictionaries() {
		all = append(all, qr.Dictionary{Number: uint64(d.Number), Bytes: d.Bytes})
	}
	return all
}
