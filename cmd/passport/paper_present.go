package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
)

// writePDF lays what is shown out, a document a credential, each with the code
// of the presentation that it is part of. The presentation is attached, not the
// bare credential: the paper says for whom it was made.
func (a *app) writePDF(o walletPresentOptions, s *shower) ([]string, error) {
	if title, ended := s.ended(); ended { // paper outlives what it says
		return nil, fail(exitInvalid, "print_invalid", "file", title)
	}
	var sheets []paper.Sheet
	for n, presented := range s.signed {
		for i, held := range presented.Shown {
			v := held.Credential().View()
			sheet := paper.Sheet{
				Credential: held.Credential(), VerifyBase: namedBase(s.base),
				Languages: [2]string{v.Language, a.besides(v.Language)},
			}
			if i == 0 {
				sheet.Token, sheet.Assertions = presented.Token, presented.Assertions
			}
			if intake.IsShortCode(v.DocumentNumber) {
				sheet.ShortCode = v.DocumentNumber
			}
			if held.Checked != nil && held.Checked.State == "valid" {
				sheet.StatusAsOf = held.Checked.StatusAsOf // what nobody has judged bears no date
			}
			for _, code := range s.drawn {
				if code.Of == n {
					sheet.QR = append(sheet.QR, paper.QR{Text: code.Text, Caption: a.shownFor(o, v.Language, s, n), Large: code.Large})
					if code.Bytes > qr.PaperCap {
						a.warn("print.large", "id", held.Credential().ID, "bytes", fmt.Sprint(code.Bytes), "cap", fmt.Sprint(qr.PaperCap))
					}
				}
			}
			sheets = append(sheets, sheet)
		}
	}
	var pdf bytes.Buffer
	if err := paper.Render(&pdf, "", sheets, paper.Options{Now: a.now()}); err != nil {
		return nil, paperFailure("", err)
	}
	file := o.out
	if !strings.HasSuffix(strings.ToLower(file), ".pdf") {
		file += ".pdf"
	}
	if err := sealed.WriteFileAtomic(file, pdf.Bytes(), 0o600); err != nil {
		return nil, fail(exitUsage, "qr_write", "file", file).wrap(err)
	}
	return []string{file}, nil
}

// ended finds a credential that the wallet knows to be invalid, as print does.
func (s *shower) ended() (title string, ended bool) {
	for _, presented := range s.signed {
		for _, h := range presented.Shown {
			if h.Checked != nil && h.Checked.Verdict == verifier.Invalid.String() {
				return walletRowOf(s.w, h).Title, true
			}
		}
	}
	return "", false
}

// besides is the reader's language where the document is in another.
func (a *app) besides(language string) string {
	if i18n.Main(language) == a.lang {
		return ""
	}
	return a.lang
}

// shownFor says for whom a presentation was signed, and until when.
func (a *app) shownFor(o walletPresentOptions, language string, s *shower, n int) string {
	lang := i18n.Main(language)
	until := report.Moment(lang, s.signed[n].ExpiresAt)
	if o.audience == "" {
		return i18n.T(lang, "paper.shown_until", map[string]string{"until": until})
	}
	return i18n.T(lang, "paper.shown_for", map[string]string{"audience": o.audience, "until": until})
}
