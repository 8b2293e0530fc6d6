package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
)

// stapledLife is how long a printed status says something: as long as a
// verifier accepts a status by default.
const stapledLife = 30 * 24 * time.Hour

// paperSheets fills a sheet for each reference: from the register, or from a
// file of tokens.
func (a *app) paperSheets(ctx context.Context, o printOptions, refs []string) ([]paper.Sheet, error) {
	var files, ids []string
	for _, ref := range refs {
		if o.sheet == "" && isTokenFile(ref) {
			files = append(files, ref)
		} else {
			ids = append(ids, ref)
		}
	}
	var sheets []paper.Sheet
	if len(ids) > 0 {
		registered, err := a.registerSheets(ctx, o, ids)
		if err != nil {
			return nil, err
		}
		sheets = registered
	}
	for _, file := range files {
		more, err := a.fileSheets(ctx, o, file)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, more...)
	}
	return sheets, a.addCodes(ctx, sheets)
}

// registerSheets reads credentials of this home, and signs their status where a
// passphrase is given: printing never asks for one.
func (a *app) registerSheets(ctx context.Context, o printOptions, ids []string) (sheets []paper.Sheet, err error) {
	_, staple, err := a.givenPassphrase()
	if err != nil {
		return nil, err
	}
	step, end := a.progress(len(ids))
	defer end()
	err = a.withIssuer(ctx, staple, func(i *issuer.Issuer) error {
		for n, id := range ids {
			s, err := a.registerSheet(ctx, i, o, id, staple)
			if err != nil {
				return err
			}
			sheets = append(sheets, s)
			if step != nil {
				step(n+1, len(ids))
			}
		}
		return nil
	})
	return sheets, err
}

func (a *app) registerSheet(ctx context.Context, i *issuer.Issuer, o printOptions, id string, staple bool) (s paper.Sheet, err error) {
	row, err := i.Find(ctx, id)
	if err != nil {
		return s, err
	}
	if row.State != issuer.StateIssued {
		return s, fail(exitInvalid, "print_state", "id", row.ID, "number", row.DocumentNumber, "state", a.word("print.state."+string(row.State)))
	}
	if s, err = a.paperSheet(o, row.Token); err != nil {
		return s, err
	}
	s.StatusAsOf = a.now() // the register is where the status comes from
	if row.StatusList == "" {
		s.StatusAsOf = time.Time{} // somebody else's list
	}
	if staple && row.StatusList != "" {
		assertion, err := i.StatusAssertion(ctx, a.actor(), row.ID, stapledLife)
		if err != nil && !errors.Is(err, issuer.ErrNoKey) {
			return s, err
		}
		if err == nil {
			s.Assertions = []string{assertion}
		}
	}
	keys, err := i.Keys(ctx, row.Issuer)
	if err != nil {
		return s, err
	}
	for _, k := range keys {
		if k.KID == row.KeyID {
			s.KeyFingerprint = k.Thumbprint
		}
	}
	if row.Template != "" {
		s.PublicAdministration = ofPublicBody(ctx, i, row.Template)
	}
	return s, nil
}

// ofPublicBody reads the flag of a template; a composite has none.
func ofPublicBody(ctx context.Context, i *issuer.Issuer, name string) bool {
	record, err := i.Template(ctx, name)
	if err != nil {
		return false
	}
	t, err := schema.ParseTemplate(record.Body)
	return err == nil && t.PublicAdministration
}

// paperSheet begins a sheet from a token. The content is read and not judged:
// this home signed it, or the code on the paper is what gets verified.
func (a *app) paperSheet(o printOptions, token string) (paper.Sheet, error) {
	s := paper.Sheet{Token: token, VerifyBase: namedBase(o.base), PublicAdministration: o.public}
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return s, fail(exitUsage, "print_token").wrap(err)
	}
	if s.Credential, err = schema.ParseCredential(payload); err != nil {
		return s, fail(exitUsage, "print_token").wrap(err)
	}
	v := s.Credential.View()
	s.Languages = [2]string{v.Language, o.holder}
	if intake.IsShortCode(v.DocumentNumber) {
		s.ShortCode = v.DocumentNumber
	}
	return s, nil
}

// fileSheets reads tokens of a file: credentials, each with the status
// assertions that speak of it. What the verifier calls invalid is not printed;
// what it cannot judge is, without a status, because the code will be judged.
func (a *app) fileSheets(ctx context.Context, o printOptions, file string) ([]paper.Sheet, error) {
	setup, err := a.verifySetup(ctx, verifyOptions{bundle: o.bundle, anchor: o.anchor})
	if err != nil {
		return nil, err
	}
	tokens, err := a.tokensIn(ctx, setup, file)
	if err != nil {
		return nil, err
	}
	report, err := setup.verify(ctx, tokens)
	if err != nil {
		return nil, err
	}
	if report.Verdict == verifier.Invalid {
		return nil, fail(exitInvalid, "print_invalid", "file", file)
	}
	status := map[string]time.Time{}
	for _, c := range report.Credentials() {
		if c.Verdict == verifier.Valid {
			status[c.Hash] = c.AsOf
		}
	}
	if report.Verdict == verifier.Unknown {
		a.warn("print.unchecked", "file", file)
	}
	return a.tokenSheets(o, tokens, status)
}

// tokenSheets makes a sheet of each credential among tokens. status tells, by
// credential_hash, of when the good status of one is.
func (a *app) tokenSheets(o printOptions, tokens []string, status map[string]time.Time) (sheets []paper.Sheet, err error) {
	for _, token := range tokens {
		h, _, err := jose.ParseUnverified(token)
		if err != nil || h.Type() == jose.TypeStatusAssertion {
			continue
		}
		s, err := a.paperSheet(o, token)
		if err != nil {
			return nil, err
		}
		hash, err := jose.CredentialHash(token)
		if err != nil {
			return nil, fail(exitUsage, "print_token").wrap(err)
		}
		s.StatusAsOf = status[hash]
		for _, other := range tokens {
			if assertedHash(other) == hash {
				s.Assertions = append(s.Assertions, other)
			}
		}
		sheets = append(sheets, s)
	}
	if len(sheets) == 0 {
		return nil, fail(exitUsage, "print_token")
	}
	return sheets, nil
}

// assertedHash is the credential that a status assertion speaks of, by hash.
func assertedHash(token string) string {
	h, payload, err := jose.ParseUnverified(token)
	if err != nil || h.Type() != jose.TypeStatusAssertion {
		return ""
	}
	var about struct {
		Hash string `json:"credential_hash"`
	}
	if json.Unmarshal(payload, &about) != nil {
		return ""
	}
	return about.Hash
}

// addCodes packs the code of every sheet, on all cores: packing one takes longer
// than drawing its page. A credential that is above the budget by itself gets a
// larger code, which is told: it wants a good camera.
func (a *app) addCodes(ctx context.Context, sheets []paper.Sheet) error {
	frames, failed := make([]int, len(sheets)), make([]error, len(sheets))
	next := atomic.Int64{}
	var work sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(sheets)) {
		work.Go(func() {
			for n := next.Add(1) - 1; n < int64(len(sheets)) && ctx.Err() == nil; n = next.Add(1) - 1 {
				frames[n], failed[n] = soundCode(&sheets[n])
			}
		})
	}
	work.Wait()
	for n, s := range sheets {
		if failed[n] != nil {
			return failed[n]
		}
		if frames[n] > qr.PaperCap {
			a.warn("print.large", "id", s.Credential.ID, "bytes", fmt.Sprint(frames[n]), "cap", fmt.Sprint(qr.PaperCap))
		}
	}
	return ctx.Err()
}

// soundCode is addCode for a goroutine, where nobody else turns a panic into an
// error.
func soundCode(s *paper.Sheet) (frame int, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("internal error: %v", v)
		}
	}()
	return addCode(s)
}

// addCode packs the credential and its status into one code where both are
// within the budget, else into two, and gives the bytes of the larger one.
func addCode(s *paper.Sheet) (frame int, err error) {
	base := firstOf(s.VerifyBase, defaultVerifyBase)
	text, info, err := qr.Encode(base, append([]string{s.Token}, s.Assertions...), qr.Options{})
	if err != nil {
		return 0, qrFailure("", err)
	}
	if info.Frame <= qr.PaperCap || len(s.Assertions) == 0 {
		s.QR = []paper.QR{{Text: text, Large: isLarge(text)}}
		return info.Frame, nil
	}
	if text, info, err = qr.Encode(base, []string{s.Token}, qr.Options{}); err != nil {
		return 0, qrFailure("", err)
	}
	status, _, err := qr.Encode(base, s.Assertions, qr.Options{})
	if err != nil {
		return 0, qrFailure("", err)
	}
	s.QR = []paper.QR{{Text: text, Large: isLarge(text)}, {Text: status, Caption: i18n.T(i18n.Main(s.Languages[0]), "paper.status_code", nil)}}
	return info.Frame, nil
}

// isLarge tells a code above the version that every camera reads; a long link
// makes one of a document that is just within the budget.
func isLarge(text string) bool {
	version, _, err := qr.Version(text, qr.LevelM)
	return err == nil && version > paperVersion
}

// paperVersion is the largest version on paper, but for one document alone.
const paperVersion = 22
