package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/schema"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// maxSheet bounds a sheet, which is read whole: everybody in it is checked
// before anybody is issued anything.
const maxSheet = 256 << 20

func runIssueSheet(ctx context.Context, a *app, o issueOptions) error {
	data, err := a.readUpTo(o.sheet, maxSheet)
	if err != nil {
		return err
	}
	return a.withIssuer(ctx, !o.dryRun, func(i *issuer.Issuer) error {
		s, err := a.readSheet(ctx, i, o, data)
		if err != nil {
			return err
		}
		a.saySheet(s)
		if o.dryRun || len(s.Faults) > 0 && !o.skipFaulty {
			return a.endSheet(o, s, nil, nil)
		}
		issued, err := a.issueRows(ctx, i, o, s.Rows)
		return a.endSheet(o, s, issued, err)
	})
}

// readSheet reads the rows and judges each learner by the template's rules.
func (a *app) readSheet(ctx context.Context, i *issuer.Issuer, o issueOptions, data []byte) (*sheet.Sheet, error) {
	if _, err := i.Body(ctx, o.issuer); err != nil {
		return nil, err
	}
	r, err := i.Template(ctx, o.template)
	if err != nil {
		return nil, err
	}
	t, err := schema.ParseTemplate(r.Body)
	if err != nil {
		return nil, err
	}
	profile, err := profileFlag(o.profile)
	if err != nil {
		return nil, err
	}
	now := a.now().UTC()
	s, err := sheet.Read(bytes.NewReader(data), sheet.Options{
		Issuer: o.issuer, Template: o.template, Now: now,
		Check: func(l schema.Learner) schema.Faults {
			return append(t.CheckLearner(l, schema.DateOf(now).Time()), profile.CheckLearner(l)...)
		},
	})
	return s, sheetError(err)
}

// issueRows issues what the sheet asks for and hands it over. After an
// interruption it still hands over what was issued.
func (a *app) issueRows(ctx context.Context, i *issuer.Issuer, o issueOptions, rows []sheet.Row) ([]issuer.Issuance, error) {
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o700); err != nil {
			return nil, fail(exitUsage, "file_write", "file", o.out).wrap(err)
		}
	}
	profile, err := profileFlag(o.profile)
	if err != nil {
		return nil, err
	}
	offers := make([]issuer.Offer, len(rows))
	for n, r := range rows {
		offers[n] = issuer.Offer{Issuer: o.issuer, Template: o.template, Learner: r.Learner, IdempotencyKey: r.Key, Profile: profile}
	}
	progress, end := a.progress(len(offers))
	issued, err := i.IssueBatch(ctx, a.actor(), offers, progress)
	end()
	for _, row := range issued {
		file := ""
		if o.out != "" {
			file = filepath.Join(o.out, strings.TrimPrefix(row.ID, "urn:uuid:")+".jwt")
		}
		if handErr := a.handOver(row, file); handErr != nil {
			return issued, errors.Join(err, handErr)
		}
	}
	return issued, err
}

// progress draws a bar on a terminal and nothing anywhere else.
func (a *app) progress(total int) (step func(done, total int), end func()) {
	file, ok := a.err.(*os.File)
	if a.quiet || !ok || !term.IsTerminal(int(file.Fd())) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(file), progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish())
	return func(done, _ int) { _ = bar.Set(done) }, func() { _ = bar.Finish() }
}

// sheetResult is what became of a sheet, in numbers.
type sheetResult struct{ issued, unchanged, ready, faulty int }

// endSheet writes the report, says the numbers and decides the exit code.
func (a *app) endSheet(o issueOptions, s *sheet.Sheet, issued []issuer.Issuance, failed error) error {
	r := sheetResult{faulty: s.FaultyRows, ready: len(s.Rows) - len(issued)}
	for _, row := range issued {
		if row.Repeated {
			r.unchanged++
		} else {
			r.issued++
		}
	}
	if o.report != "" {
		if err := a.writeReport(o, s, issued); err != nil {
			return errors.Join(failed, err)
		}
	}
	if failed != nil {
		return failed
	}
	refused := len(s.Faults) > 0 && !o.skipFaulty
	if o.dryRun || !refused {
		a.sayResult(o, r)
	}
	if refused {
		return fail(exitInvalid, "sheet_faults", "count", strconv.Itoa(len(s.Faults)), "rows", strconv.Itoa(s.FaultyRows))
	}
	return nil
}

func (a *app) sayResult(o issueOptions, r sheetResult) {
	if o.dryRun && a.json {
		_ = json.NewEncoder(a.out).Encode(map[string]int{"ready": r.ready, "faulty": r.faulty})
		return
	}
	key := "issuer.sheet.done"
	if o.dryRun {
		key = "issuer.sheet.dry"
	}
	a.tell(key, "issued", strconv.Itoa(r.issued), "unchanged", strconv.Itoa(r.unchanged),
		"ready", strconv.Itoa(r.ready), "faulty", strconv.Itoa(r.faulty))
}

// writeReport writes a line for each row and each fault, in the sheet's order.
func (a *app) writeReport(o issueOptions, s *sheet.Sheet, issued []issuer.Issuance) error {
	var lines []sheet.ReportLine
	for _, f := range s.Faults {
		lines = append(lines, sheet.ReportLine{Row: f.Row, Result: "fault", Column: f.Column, Code: f.Code, Message: a.sheetMessage(f)})
	}
	for n, row := range s.Rows {
		line := sheet.ReportLine{Row: row.Number, Result: "ready"}
		if n < len(issued) {
			line.Result, line.ID = "issued", issued[n].ID
			if issued[n].Repeated {
				line.Result = "unchanged"
			}
		}
		line.Message = i18n.T(a.lang, "issuer.row."+line.Result, nil)
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(x, y sheet.ReportLine) int { return cmp.Compare(x.Row, y.Row) })
	var out bytes.Buffer
	if err := sheet.WriteReport(&out, lines); err != nil {
		return err
	}
	if o.report == "-" {
		_, err := a.out.Write(out.Bytes())
		return err
	}
	if err := sealed.WriteFileAtomic(o.report, out.Bytes(), 0o644); err != nil {
		return fail(exitUsage, "file_write", "file", o.report).wrap(err)
	}
	return nil
}
