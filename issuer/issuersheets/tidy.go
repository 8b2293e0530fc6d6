package issuersheets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// tidy takes away what has had its time, and what a crash has left: uploads
// that became no job, and folders without a record.
func (s *Service) tidy(ctx context.Context) error {
	var old, older []Job
	now := s.Now()
	var left []Job // whose end a crash has cut short
	err := s.each(ctx, "", func(j Job) bool {
		switch {
		case !j.State.Final():
		case now.Sub(j.EndedAt) > keepJob:
			older = append(older, j)
		case now.Sub(j.EndedAt) > keepFiles && !j.FilesGone:
			old = append(old, j)
		case !j.FilesGone:
			left = append(left, j)
		}
		return true
	})
	for _, j := range left {
		err = errors.Join(err, s.dropSheet(j.ID))
	}
	for _, j := range old {
		err = errors.Join(err, s.forget(ctx, j.ID))
	}
	for _, j := range older {
		if bad := errors.Join(os.RemoveAll(s.dir(j.ID)), s.Store.Update(ctx, func(tx issuer.Tx) error { return tx.DeleteRecord(issuer.RecordJob, j.ID) })); bad != nil {
			err = errors.Join(err, bad)
		}
	}
	return errors.Join(err, s.sweep(ctx, now))
}

// forget removes the files of a job that has ended.
func (s *Service) forget(ctx context.Context, id string) error {
	if err := os.RemoveAll(s.dir(id)); err != nil {
		return fmt.Errorf("remove what was handed over: %w", err)
	}
	_, err := s.step(ctx, id, func(j *Job) { j.FilesGone, j.Handed = true, 0 })
	return err
}

// uploadLife is how long an upload may take to become a job or be judged.
const uploadLife = time.Hour

// sweep removes what no record knows.
func (s *Service) sweep(ctx context.Context, now time.Time) error {
	s.intake.Lock()
	defer s.intake.Unlock()
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return fmt.Errorf("look through the sheets: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() { // an upload, or a part of one that is being judged
			if info, err := e.Info(); err != nil || now.Sub(info.ModTime()) < uploadLife {
				continue
			}
		} else if _, err := s.Job(ctx, e.Name()); !errors.Is(err, access.ErrNotHere) {
			continue
		}
		if err := os.RemoveAll(s.dir(e.Name())); err != nil {
			return fmt.Errorf("remove a leftover: %w", err)
		}
	}
	return nil
}
