package issuersheets

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/employment-passport/passport/issuer/sheet"
)

// handout is what became of a row: a line of the rows file.
type handout struct {
	Row    int       `json:"row"`
	Result string    `json:"result"`
	ID     string    `json:"id,omitempty"` // of the credential or the offer
	Name   string    `json:"name,omitempty"`
	Title  string    `json:"title,omitempty"`
	Body   string    `json:"body,omitempty"`
	Page   string    `json:"page,omitempty"`
	Link   string    `json:"link,omitempty"`
	Code   string    `json:"code,omitempty"`
	Until  time.Time `json:"until,omitzero"`
}

// What became of a row, as reports say it; scripts read these.
const (
	rowIssued     = "issued"
	rowUnchanged  = "unchanged"
	rowRevoked    = "revoked"
	rowSuperseded = "superseded"
	rowOffered    = "offered"
	rowMailed     = "mailed"
	rowNotMailed  = "not_mailed" // offered, and no letter went out
)

// appendRows adds lines to the rows file, of which the record knows the first
// handed bytes: what a crash has left behind them is cut off. It returns the
// new length once that is on disk.
func (s *Service) appendRows(j Job, rows []handout) (length int64, err error) {
	f, err := os.OpenFile(s.file(j.ID, rowsFile), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("hand over: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Truncate(j.Handed); err != nil {
		return 0, fmt.Errorf("hand over: %w", err)
	}
	if _, err := f.Seek(j.Handed, io.SeekStart); err != nil {
		return 0, fmt.Errorf("hand over: %w", err)
	}
	w := bufio.NewWriter(f)
	to := json.NewEncoder(w)
	for _, r := range rows {
		if err := to.Encode(r); err != nil {
			return 0, fmt.Errorf("hand over: %w", err)
		}
	}
	if err := errors.Join(w.Flush(), f.Sync()); err != nil {
		return 0, fmt.Errorf("hand over: %w", err)
	}
	return f.Seek(0, io.SeekCurrent)
}

// eachRow yields the lines that are on record, in the order of the sheet.
func (s *Service) eachRow(j Job, yield func(handout) error) error {
	f, err := os.Open(s.file(j.ID, rowsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what was handed over: %w", err)
	}
	defer func() { _ = f.Close() }()
	return eachLine(io.LimitReader(f, j.Handed), yield)
}

// writeFaults keeps the faults of a sheet for its report.
func (s *Service) writeFaults(id string, faults []sheet.Fault) (err error) {
	f, err := os.OpenFile(s.file(id, faultsFile), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("keep faults: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	to := json.NewEncoder(w)
	for _, one := range faults {
		if err := to.Encode(one); err != nil {
			return fmt.Errorf("keep faults: %w", err)
		}
	}
	return errors.Join(w.Flush(), f.Sync())
}

// faults reads what writeFaults has kept; none when it is not there any more.
func (s *Service) faults(id string) (all []sheet.Fault, err error) {
	f, err := os.Open(s.file(id, faultsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read faults: %w", err)
	}
	defer func() { _ = f.Close() }()
	err = eachLine(f, func(one sheet.Fault) error {
		all = append(all, one)
		return nil
	})
	return all, err
}

// eachLine decodes one value a line; the files are ours.
func eachLine[T any](r io.Reader, yield func(T) error) error {
	for d := json.NewDecoder(bufio.NewReader(r)); ; {
		var one T
		err := d.Decode(&one)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read lines of a job: %w", err)
		}
		if err := yield(one); err != nil {
			return err
		}
	}
}
