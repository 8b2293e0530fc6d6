package issuersheets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/employment-passport/passport/issuer"
)

// Eraser takes a person out of the files of jobs in dir, HOME/sheets: their line
// of what was handed over, and every fault of their issuer's sheets, whose
// words may be theirs. While a sheet of the issuer is at work nobody can be
// erased, because it may bear their name: the refusal is "erase_sheet_running".
// In a store that was restored nothing is at work: such a sheet goes, files and
// all, and its job is cancelled. Files are not part of the transaction; what is gone twice is gone.
func Eraser(dir string) issuer.Eraser {
	return func(ctx context.Context, tx issuer.Tx, p issuer.Person) error {
		s := Service{Config: Config{Dir: dir}}
		names, _, err := issuer.KnownAs(tx, p)
		if err != nil {
			return err
		}
		var jobs []Job
		err = eachIn(tx, "", func(j Job) bool {
			if j.Issuer == p.Issuer && !j.FilesGone {
				jobs = append(jobs, j)
			}
			return true
		})
		if err != nil {
			return err
		}
		for _, j := range jobs {
			switch {
			case j.State.Final():
				err = errors.Join(s.dropSheet(j.ID), os.RemoveAll(s.file(j.ID, faultsFile)), s.eraseRows(tx, j, names))
			case issuer.Restoring(ctx):
				j.Cancelling, j.Handed = true, 0
				err = errors.Join(os.RemoveAll(s.dir(j.ID)), save(tx, j))
			default:
				return refuse("erase_sheet_running", "job", j.ID)
			}
			if err != nil {
				return fmt.Errorf("erase from sheet %s: %w", j.ID, err)
			}
		}
		return nil
	}
}

// eraseRows writes the lines of a job anew, those of the person without what
// they say of them.
func (s *Service) eraseRows(tx issuer.Tx, j Job, names []string) error {
	var kept []handout
	found := false
	err := s.eachRow(j, func(h handout) error {
		if slices.ContainsFunc(names, func(name string) bool { return sameName(h.Name, name) }) {
			found = true
			h = handout{Row: h.Row, Result: h.Result, ID: h.ID}
		}
		kept = append(kept, h)
		return nil
	})
	if err != nil || !found {
		return err
	}
	var text strings.Builder
	to := json.NewEncoder(&text)
	for _, h := range kept {
		if err := to.Encode(h); err != nil {
			return err
		}
	}
	next := s.file(j.ID, rowsFile+".new")
	if err := os.WriteFile(next, []byte(text.String()), 0o600); err != nil {
		return err
	}
	if err := os.Rename(next, s.file(j.ID, rowsFile)); err != nil {
		return errors.Join(err, os.Remove(next))
	}
	j.Handed = int64(text.Len())
	return save(tx, j)
}

// sameName compares names as people write them.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}
