package issuersheets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/issuer/sheet/xlsx"
	"github.com/employment-passport/passport/schema"
)

// options are how the sheet of a request is judged that came at that time.
func (s *Service) options(ctx context.Context, r Request, now time.Time) (sheet.Options, error) {
	t, err := s.template(ctx, r.Issuer, r.Template)
	if err != nil {
		return sheet.Options{}, err
	}
	now = now.UTC()
	return sheet.Options{
		Issuer: r.Issuer, Template: r.Template, Now: now, Hours: t.StatesHours(), Email: r.Delivery == DeliverMail,
		Check: func(l schema.Learner) schema.Faults { return t.CheckLearner(l, schema.DateOf(now).Time()) },
	}, nil
}

// numbered lets the options find rows whose document number is another person's
// credential; failed is the first error of the register.
func (s *Service) numbered(ctx context.Context, o sheet.Options, failed *error) sheet.Options {
	check := o.Check
	o.Check = func(l schema.Learner) schema.Faults {
		faults := check(l)
		if len(faults) > 0 || *failed != nil {
			return faults
		}
		err := s.Issuer.CheckNumbers(ctx, issuer.Offer{Issuer: o.Issuer, Template: o.Template, Learner: l})
		if !errors.As(err, &faults) {
			*failed = err
		}
		return faults
	}
	return o
}

// isNumberFault tells the faults that numbered finds. What is issued since has
// no part in them: they are found once, before the first row is issued.
func isNumberFault(code string) bool { return code == "number_differs" || code == "number_taken" }

// scan reads a file of a sheet, CSV or a workbook, row by row. A file that is
// no sheet is a refusal with the code of its *sheet.Error.
func scan(ctx context.Context, name, worksheet, temp string, o sheet.Options, yield func(sheet.Row) error) (*sheet.Summary, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read a sheet: %w", err)
	}
	defer func() { _ = f.Close() }()
	summary, err := scanFile(f, worksheet, temp, o, func(row sheet.Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return yield(row)
	})
	var bad *sheet.Error
	if errors.As(err, &bad) {
		refused := refuse(bad.Code)
		refused.Args, refused.Err = bad.Args, err
		return nil, refused
	}
	return summary, err
}

func scanFile(f *os.File, worksheet, temp string, o sheet.Options, yield func(sheet.Row) error) (*sheet.Summary, error) {
	head := make([]byte, 4)
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read a sheet: %w", err)
	}
	if !xlsx.IsWorkbook(head) {
		if worksheet != "" {
			return nil, &sheet.Error{Code: "worksheet_csv"}
		}
		return sheet.Scan(f, o, yield)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read a sheet: %w", err)
	}
	w, err := xlsx.Open(f, info.Size(), xlsx.Options{Worksheet: worksheet, TempDir: temp})
	if err != nil {
		return nil, err
	}
	summary, err := sheet.ScanSource(w, o, yield)
	return summary, errors.Join(err, w.Close())
}
