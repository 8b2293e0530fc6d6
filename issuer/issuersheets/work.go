package issuersheets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sheet"
)

// offersTogether is how many offers are put on record together: fewer than
// credentials, because each is an act of its own.
const offersTogether = 64

// rowError is an error of one row.
type rowError struct {
	row int
	err error
}

func (e *rowError) Error() string { return fmt.Sprintf("row %d: %v", e.row, e.err) }
func (e *rowError) Unwrap() error { return e.err }

// carry takes a job from where it stands to its end. The sheet is read twice:
// to count its faults, and to issue. Both readings judge dates as of the moment
// the sheet came, so that a job that a restart has kept waiting reads the same.
func (s *Service) carry(ctx context.Context, j Job) (err error) {
	if j.Cancelling {
		return errCancelled
	}
	if j.State != StateIssuing {
		if j, err = s.judge(ctx, j); err != nil || j.State.Final() {
			return err
		}
		if j.Cancelling { // while it was read
			return errCancelled
		}
	}
	summary, err := s.issue(ctx, &j)
	if err != nil {
		return err
	}
	if summary.Learners != j.Total || j.Done != j.Total {
		return refuse("sheet_changed") // the template has, meanwhile
	}
	return s.end(ctx, j, "sheet.done", func(j *Job) { j.State = StateDone })
}

// judge counts the faults and decides whether anything is issued.
func (s *Service) judge(ctx context.Context, j Job) (Job, error) {
	if _, err := s.step(ctx, j.ID, func(j *Job) { j.State = StateReading }); err != nil {
		return j, err
	}
	var failed error
	numbered := func(o sheet.Options) sheet.Options { return s.numbered(ctx, o, &failed) }
	summary, err := s.read(ctx, j, numbered, func(sheet.Row) error { return nil })
	if err == nil {
		err = failed
	}
	if err != nil {
		return j, err
	}
	if err := s.writeFaults(j.ID, summary.Faults); err != nil {
		return j, err
	}
	found := func(j *Job) {
		j.Total, j.FaultyRows, j.Faults = summary.Learners, summary.FaultyRows, len(summary.Faults)
		j.Used, j.Ignored = summary.Used, len(summary.Ignored)
	}
	if len(summary.Faults) > 0 && !j.SkipFaulty {
		j.State = StateRefused
		return j, s.end(ctx, j, "sheet.refuse", func(j *Job) {
			found(j)
			j.State = StateRefused
		})
	}
	return s.step(ctx, j.ID, func(j *Job) {
		found(j)
		j.State = StateIssuing
	})
}

// read scans the sheet of a job; more adds to how it is judged.
func (s *Service) read(ctx context.Context, j Job, more func(sheet.Options) sheet.Options, yield func(sheet.Row) error) (*sheet.Summary, error) {
	o, err := s.options(ctx, Request{Issuer: j.Issuer, Template: j.Template, Delivery: j.Delivery}, j.CreatedAt)
	if err != nil {
		return nil, err
	}
	return scan(ctx, s.file(j.ID, sheetFile), j.Worksheet, s.dir(j.ID), more(o), yield)
}

// hand is how the rows of a job are done, and how many are put on record
// together. A letter is on record before the next one goes: a crash brings one
// person a second letter at most.
func (s *Service) hand(j *Job) (hand func(context.Context, Job, []sheet.Row) ([]handout, error), size int) {
	switch j.Delivery {
	case DeliverPrint:
		return s.sign, s.Batch
	case DeliverMail:
		return (&offering{Service: s, post: &post{Service: s, job: *j, wait: s.Backoff}}).offer, 1
	}
	return (&offering{Service: s}).offer, min(s.Batch, offersTogether)
}

// issue goes through the rows that are not done, some at a time.
func (s *Service) issue(ctx context.Context, j *Job) (*sheet.Summary, error) {
	hand, size := s.hand(j)
	var rows []sheet.Row
	seen := 0
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		lines, err := hand(ctx, *j, rows)
		if recordErr := s.record(j, lines); recordErr != nil {
			return errors.Join(err, recordErr)
		}
		rows = rows[:0]
		if err == nil && j.Cancelling {
			err = errCancelled
		}
		return err
	}
	others, err := s.othersNumbers(j.ID)
	if err != nil {
		return nil, err
	}
	same := func(o sheet.Options) sheet.Options { return o }
	left := 0
	summary, err := s.read(ctx, *j, same, func(row sheet.Row) error {
		if others[row.Number] {
			left++
			return nil
		}
		if seen++; seen <= j.Done+len(rows) {
			return nil // before the restart
		}
		if rows = append(rows, row); len(rows) < size {
			return nil
		}
		return flush()
	})
	if err != nil {
		return nil, err
	}
	summary.Learners -= left
	return summary, flush()
}

// othersNumbers are the rows that judge has found to have the document number of
// somebody else.
func (s *Service) othersNumbers(id string) (map[int]bool, error) {
	faults, err := s.faults(id)
	rows := map[int]bool{}
	for _, f := range faults {
		if isNumberFault(f.Code) {
			rows[f.Row] = true
		}
	}
	return rows, err
}

// record puts what became of rows on record: first the lines, then how far the
// job is. A crash between the two has the rows done again, which issues nothing
// twice.
func (s *Service) record(j *Job, lines []handout) error {
	if len(lines) == 0 {
		return nil
	}
	ctx := context.Background() // what is done is put on record, whoever stops us
	length, err := s.appendRows(*j, lines)
	if err != nil {
		return err
	}
	*j, err = s.step(ctx, j.ID, func(j *Job) {
		j.Done += len(lines)
		j.Handed = length
		for _, l := range lines {
			j.Counts.add(l.Result)
		}
	})
	return err
}

func (c *Counts) add(result string) {
	switch result {
	case rowIssued:
		c.Issued++
	case rowUnchanged:
		c.Unchanged++
	case rowRevoked, rowSuperseded:
		c.Ended++
	case rowOffered:
		c.Offered++
	case rowMailed:
		c.Offered++
		c.Mailed++
	case rowNotMailed:
		c.Offered++
		c.NotMailed++
	}
}

// sign issues rows and gives a line for each that was come to.
func (s *Service) sign(ctx context.Context, j Job, rows []sheet.Row) ([]handout, error) {
	offers := make([]issuer.Offer, len(rows))
	for n, r := range rows {
		offers[n] = issuer.Offer{Issuer: j.Issuer, Template: j.Template, Learner: r.Learner, IdempotencyKey: r.Key}
	}
	done := j.Done
	issued, err := s.Issuer.IssueBatch(ctx, j.By, offers, func(n, _ int) {
		j.Done = done + n
		s.watch.tell(j)
	})
	var faulty *issuer.OfferError
	if errors.As(err, &faulty) && faulty.Offer >= 0 && faulty.Offer < len(rows) {
		err = &rowError{rows[faulty.Offer].Number, err}
	}
	var lines []handout
	for n, row := range issued {
		if row.Token == "" && row.State != issuer.StateRevoked && row.State != issuer.StateSuperseded {
			break // not come to, and nothing after it
		}
		lines = append(lines, handout{Row: rows[n].Number, Result: j.became(row), ID: row.ID})
	}
	return lines, err
}

// became says what became of a row. What was signed since the job began is its
// own work, done before a restart.
func (j Job) became(row issuer.Issuance) string {
	switch {
	case row.State == issuer.StateRevoked:
		return rowRevoked
	case row.State == issuer.StateSuperseded:
		return rowSuperseded
	case row.Repeated && row.CreatedAt.Before(j.CreatedAt):
		return rowUnchanged
	}
	return rowIssued
}

// dropSheet takes away what came, and what a reader has left beside it when a
// crash cut it short: everything but what is kept for reports.
func (s *Service) dropSheet(id string) error {
	entries, err := os.ReadDir(s.dir(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if e.Name() != rowsFile && e.Name() != faultsFile {
			err = errors.Join(err, os.RemoveAll(s.file(id, e.Name())))
		}
	}
	return err
}
