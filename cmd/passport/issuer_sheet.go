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
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/issuer/sheet/xlsx"
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
	report, err := a.openTarget(o.report)
	if err != nil {
		return err
	}
	defer report.drop()
	return a.withIssuer(ctx, !o.dryRun, func(i *issuer.Issuer) error {
		s, err := a.readSheet(ctx, i, o, data)
		if err != nil {
			return err
		}
		a.saySheet(s)
		if o.dryRun || len(s.Faults) > 0 && !o.skipFaulty {
			return a.endSheet(o, report, s, nil, nil)
		}
		issued, err := a.issueRows(ctx, i, o, s.Rows)
		return a.endSheet(o, report, s, issued, err)
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
	var failed error
	s, err := a.sheetRows(data, o.worksheet, sheet.Options{
		Issuer: o.issuer, Template: o.template, Now: now, Hours: t.StatesHours(),
		Check: func(l schema.Learner) schema.Faults {
			faults := append(t.CheckLearner(l, schema.DateOf(now).Time()), profile.CheckLearner(l)...)
			if len(faults) > 0 || failed != nil {
				return faults
			}
			err := i.CheckNumbers(ctx, issuer.Offer{Issuer: o.issuer, Template: o.template, Learner: l, Profile: profile})
			if !errors.As(err, &faults) {
				failed = err
			}
			return faults
		},
	})
	if err == nil {
		err = failed
	}
	return s, sheetError(err)
}

// sheetRows reads CSV or a workbook; which of them the first bytes tell, not the
// name of the file.
func (a *app) sheetRows(data []byte, worksheet string, o sheet.Options) (*sheet.Sheet, error) {
	if !xlsx.IsWorkbook(data) {
		if worksheet != "" {
			return nil, fail(exitUsage, "worksheet_csv")
		}
		return sheet.Read(bytes.NewReader(data), o)
	}
	w, err := xlsx.Open(bytes.NewReader(data), int64(len(data)), xlsx.Options{Worksheet: worksheet})
	if err != nil {
		return nil, err
	}
	if len(w.Others) > 0 && worksheet == "" {
		a.tell("sheet.worksheet", "name", w.Worksheet, "others", strings.Join(w.Others, ", "))
	}
	s, err := sheet.ReadSource(w, o)
	return s, errors.Join(err, w.Close())
}

// issueRows issues what the sheet asks for and hands it over: one result for
// each row. After an interruption it still hands over what was issued.
func (a *app) issueRows(ctx context.Context, i *issuer.Issuer, o issueOptions, rows []sheet.Row) ([]issuer.Issuance, error) {
	if o.out != "" && o.out != "-" {
		if err := a.openFolder(o.out); err != nil {
			return nil, err
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
		if r := rowResult(row); r != rowIssued && r != rowUnchanged {
			continue
		}
		file := o.out
		if file != "" && file != "-" {
			file = filepath.Join(o.out, strings.TrimPrefix(row.ID, "urn:uuid:")+".jwt")
		}
		if handErr := a.handOverAt(row, file); err == nil {
			err = handErr // the first; the others' ids are told all the same
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

// What became of a row, as the report says it; scripts read these.
const (
	rowIssued     = "issued"
	rowUnchanged  = "unchanged"  // issued before
	rowRevoked    = "revoked"    // and not handed over
	rowSuperseded = "superseded" // by one of another form; not handed over
	rowReady      = "ready"      // not issued: a dry run, or the work ended before it
)

// rowResult says what became of a row; the zero row was not come to.
func rowResult(row issuer.Issuance) string {
	switch {
	case row.State == issuer.StateRevoked:
		return rowRevoked
	case row.State == issuer.StateSuperseded:
		return rowSuperseded
	case row.Token == "":
		return rowReady
	case row.Repeated:
		return rowUnchanged
	}
	return rowIssued
}

// sheetResult is what became of a sheet, in numbers.
type sheetResult struct{ issued, unchanged, ended, ready, faulty int }

// endSheet writes the report, says the numbers and decides the exit code.
func (a *app) endSheet(o issueOptions, report *target, s *sheet.Sheet, issued []issuer.Issuance, failed error) error {
	if issued == nil {
		issued = make([]issuer.Issuance, len(s.Rows))
	}
	r := sheetResult{faulty: s.FaultyRows}
	for _, row := range issued {
		switch rowResult(row) {
		case rowIssued:
			r.issued++
		case rowUnchanged:
			r.unchanged++
		case rowReady:
			r.ready++
		default:
			r.ended++
		}
	}
	if o.report != "" {
		if err := a.writeReport(report, s, issued); err != nil {
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
	if r.ended > 0 {
		a.tell("issuer.sheet.ended", "ended", strconv.Itoa(r.ended))
	}
}

// writeReport writes a line for each row and each fault, in the sheet's order.
func (a *app) writeReport(report *target, s *sheet.Sheet, issued []issuer.Issuance) error {
	var lines []sheet.ReportLine
	for _, f := range s.Faults {
		lines = append(lines, sheet.ReportLine{Row: f.Row, Result: "fault", Column: f.Column, Code: f.Code, Message: a.sheetMessage(f)})
	}
	for n, row := range s.Rows {
		line := sheet.ReportLine{Row: row.Number, Result: rowResult(issued[n])}
		if line.Result != rowReady {
			line.ID = issued[n].ID
		}
		line.Message = i18n.T(a.lang, "issuer.row."+line.Result, nil)
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(x, y sheet.ReportLine) int { return cmp.Compare(x.Row, y.Row) })
	var out bytes.Buffer
	if err := sheet.WriteReport(&out, lines); err != nil {
		return err
	}
	return report.write(out.Bytes())
}
