package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

// checkAge is how long the wallet's own check of a credential counts as
// verified without a new one.
const checkAge = 30 * 24 * time.Hour

type cvOptions struct {
	format, own, out, base string
	trust                  walletTrust
}

func newWalletCVCommand(a *app) *cobra.Command {
	var o cvOptions
	cmd := &cobra.Command{
		Use:   "cv [ID...]",
		Short: "Write a curriculum from the wallet",
		Long: `Puts the wallet's credentials, or those named, into a curriculum. Each says what it
rests on: verified and since when, or not checked. What is revoked, replaced or
another person's is left out, and said so. A check with --bundle counts today;
without it the wallet's own last check does, for 30 days.

--own names a file that you write yourself, marked as your own words. It is JSON
with any of these members; examples/own-words.json is one to start from:
  summary      text
  contact      email, phone, city, country (such as IT)
  experiences  a list; title, organisation, place, country, from, until, description
  education    a list like experiences; days are 2026, 2026-11 or 2026-11-22
  languages    a list; language (such as it), and motherTongue true, or levels A1 to
               C2 in listening, reading, interaction, production, writing
  skills       a list of texts
Personal facts that say nothing of what you can do, such as citizenship or a tax
code, are refused.`,
		Example: "  passport wallet cv --format html --own examples/own-words.json --out cv.html --bundle passport.bundle --anchor 6qv…\n" +
			"  passport wallet cv --format europass-xml --lang pl --out cv.xml",
		RunE: func(cmd *cobra.Command, args []string) error { return runWalletCV(cmd.Context(), a, o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "html", strings.Join(cvFormats(), ", "))
	f.StringVar(&o.own, "own", "", "file with your own words")
	f.StringVar(&o.out, "out", "-", "file to write; - is standard output")
	f.StringVar(&o.base, "base", "", "link of the verify page in the codes (default from the configuration)")
	o.trust.flags(cmd)
	return cmd
}

// cvForms are the forms of a curriculum.
var cvForms = map[string]func(*bytes.Buffer, export.CV, export.Options) error{
	"europass-xml": func(w *bytes.Buffer, cv export.CV, o export.Options) error { return export.Europass(w, cv, o) },
	"jsonresume":   func(w *bytes.Buffer, cv export.CV, o export.Options) error { return export.JSONResume(w, cv, o) },
	"html":         func(w *bytes.Buffer, cv export.CV, o export.Options) error { return export.HTML(w, cv, o) },
	"pdf":          cvPaper,
}

func cvFormats() []string {
	var names []string
	for name := range cvForms {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func runWalletCV(ctx context.Context, a *app, o cvOptions, refs []string) error {
	form, ok := cvForms[o.format]
	if !ok {
		return fail(exitUsage, "export_format", "format", o.format, "known", strings.Join(cvFormats(), ", "))
	}
	cv, err := a.curriculum(ctx, o, refs)
	if err != nil {
		return err
	}
	out, err := a.openTarget(o.out)
	if err != nil {
		return err
	}
	defer out.drop()
	var made bytes.Buffer
	if err := form(&made, cv, export.Options{Now: a.now()}); err != nil {
		return err
	}
	if err := out.write(made.Bytes()); err != nil {
		return err
	}
	return a.printCV(o, cv)
}

func (a *app) printCV(o cvOptions, cv export.CV) error {
	verified, unchecked := 0, 0
	for _, l := range cv.Lines {
		if l.Verified {
			verified++
			continue
		}
		unchecked++
	}
	if o.out == "-" {
		return nil // the curriculum itself is the result
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			File      string `json:"file"`
			Format    string `json:"format"`
			Verified  int    `json:"verified"`
			Unchecked int    `json:"unchecked"`
		}{o.out, o.format, verified, unchecked})
	}
	fmt.Fprintln(a.out, o.out)
	a.tell("wallet.cv_made", "verified", strconv.Itoa(verified), "file", o.out)
	return nil
}

// curriculum gathers what goes in, newest first.
func (a *app) curriculum(ctx context.Context, o cvOptions, refs []string) (export.CV, error) {
	cv := export.CV{Language: a.lang}
	if !slices.Contains(i18n.Languages, cv.Language) {
		cv.Language = "en"
	}
	if o.own != "" {
		data, err := a.readUpTo(o.own, export.MaxOwn)
		if err != nil {
			return cv, err
		}
		if cv.Own, err = export.ParseOwn(data); err != nil {
			return cv, ownFailure(err)
		}
	}
	setup, err := a.walletSetup(ctx, o.trust)
	if err != nil {
		return cv, err
	}
	base, err := a.presentBase(o.base)
	if err != nil {
		return cv, err
	}
	w, err := a.openWallet(ctx)
	if err != nil {
		return cv, err
	}
	held, err := a.chosen(w, refs)
	if err != nil {
		return cv, err
	}
	for _, h := range held {
		line, good, err := a.cvLine(ctx, o, setup, w, h)
		if err != nil {
			return cv, err
		}
		if good {
			line.QR = a.cvCode(base, h, line)
			cv.Lines = append(cv.Lines, line)
		}
	}
	slices.SortStableFunc(cv.Lines, func(x, y export.Line) int { return strings.Compare(lineDay(y), lineDay(x)) })
	return a.sameperson(w, cv)
}

func lineDay(l export.Line) string {
	v := l.Credential.View()
	return firstOf(v.CompletedOn, v.IssuedOn)
}

// chosen are the credentials that were named, or all.
func (a *app) chosen(w *wallet.Wallet, refs []string) ([]wallet.Held, error) {
	if len(refs) == 0 {
		return w.Held(), nil
	}
	var held []wallet.Held
	for _, ref := range refs {
		h, err := w.Find(ref)
		if err != nil {
			return nil, walletFailure(ref, err)
		}
		if !slices.ContainsFunc(held, func(o wallet.Held) bool { return o.Hash == h.Hash }) {
			held = append(held, h)
		}
	}
	return held, nil
}

// cvLine says what stands behind one credential, or that it has no place here.
func (a *app) cvLine(ctx context.Context, o cvOptions, setup *verifySetup, w *wallet.Wallet, h wallet.Held) (line export.Line, good bool, err error) {
	title := walletRowOf(w, h).Title
	switch {
	case !schema.IsPersonal(h.Credential().Kind()):
		return line, false, nil // an organisation's
	case w.Owner(h) == wallet.OwnerOther:
		a.warn("wallet.cv_other", "title", title)
		return line, false, nil
	case w.SupersededBy(h) != "":
		a.warn("wallet.cv_replaced", "title", title)
		return line, false, nil
	}
	check, err := a.cvCheck(ctx, o, setup, h)
	if err != nil {
		return line, false, err
	}
	c := h.Credential()
	line = export.Line{Credential: c, Token: h.Token}
	switch {
	case check != nil && check.Verdict == "invalid", !c.ValidUntil.IsZero() && c.ValidUntil.Before(a.now()):
		a.warn("wallet.cv_left_out", "title", title)
		return line, false, nil
	case check != nil && check.Verdict == "valid" && check.State == "valid" && a.now().Sub(check.At) <= checkAge:
		line.Verified, line.AsOf = true, check.StatusAsOf
	default:
		a.warn("wallet.cv_unchecked", "title", title)
	}
	return line, true, nil
}

// cvCheck judges by the bundle given, else takes the wallet's last check. A
// signature that turns out bad is as invalid as can be.
func (a *app) cvCheck(ctx context.Context, o cvOptions, setup *verifySetup, h wallet.Held) (*wallet.Check, error) {
	if o.trust.bundle == "" {
		return h.Checked, nil
	}
	judged, err := a.judgedTokens(ctx, append([]string{h.Token}, stapled(a, h)...), setup)
	var refused *wallet.RefusedError
	switch {
	case isRefused(err, &refused):
		return &wallet.Check{Verdict: "invalid"}, nil
	case err != nil:
		return nil, walletFailure(h.ID, err)
	}
	return judged[0].Checked, nil
}

func stapled(a *app, h wallet.Held) []string {
	if s, ok := h.LiveAssertion(a.now()); ok {
		return []string{s.Token}
	}
	return nil
}

// cvCode is the code beside a line, with the status where it fits; above the
// budget of paper there is none, nor for a foreign credential.
func (a *app) cvCode(base string, h wallet.Held, line export.Line) string {
	if !line.Credential.Travels() {
		return ""
	}
	for _, more := range [][]string{stapled(a, h), nil} {
		text, info, err := qr.Encode(base, append([]string{line.Token}, more...), qr.Options{})
		if err == nil && info.Frame <= qr.PaperCap {
			return text
		}
	}
	a.warn("wallet.cv_large", "title", line.Credential.View().Title)
	return ""
}
