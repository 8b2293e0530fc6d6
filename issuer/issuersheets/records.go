package issuersheets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// load reads a job; access.ErrNotHere when there is none.
func load(tx issuer.Tx, id string) (j Job, err error) {
	data, err := tx.Record(issuer.RecordJob, id)
	if errors.Is(err, issuer.ErrNotFound) {
		return j, access.ErrNotHere
	}
	if err != nil {
		return j, err
	}
	if err := json.Unmarshal(data, &j); err != nil {
		return j, fmt.Errorf("read job %s: %w", id, err)
	}
	return j, nil
}

func save(tx issuer.Tx, j Job) error {
	data, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("write job %s: %w", j.ID, err)
	}
	return tx.PutRecord(issuer.RecordJob, j.ID, data)
}

// Job returns a job; access.ErrNotHere when there is none.
func (s *Service) Job(ctx context.Context, id string) (j Job, err error) {
	err = s.Store.View(ctx, func(tx issuer.Tx) error {
		j, err = load(tx, id)
		return err
	})
	return j, err
}

// change changes the record of a job and logs it when what says so. A change
// of a job that is not there any more is access.ErrNotHere.
func (s *Service) change(ctx context.Context, by issuer.Actor, id, what string, f func(*Job) error) (j Job, err error) {
	err = s.Issuer.Act(ctx, by, func(a *issuer.Act) error {
		if j, err = load(a.Tx(), id); err != nil {
			return err
		}
		if err := f(&j); err != nil {
			return err
		}
		if err := save(a.Tx(), j); err != nil {
			return err
		}
		if what == "" {
			return nil
		}
		return a.Log(what, j.ID, j.Issuer+" "+j.Template)
	})
	if err == nil {
		s.watch.tell(j)
	}
	return j, err
}

// step is change for the progress of a job, which is no act of anybody's.
func (s *Service) step(ctx context.Context, id string, f func(*Job)) (j Job, err error) {
	err = s.Store.Update(ctx, func(tx issuer.Tx) error {
		if j, err = load(tx, id); err != nil {
			return err
		}
		f(&j)
		return save(tx, j)
	})
	if err == nil {
		s.watch.tell(j)
	}
	return j, err
}

// each yields every job, by id, which is by age.
func (s *Service) each(ctx context.Context, after string, yield func(Job) bool) error {
	return s.Store.View(ctx, func(tx issuer.Tx) error { return eachIn(tx, after, yield) })
}

func eachIn(tx issuer.Tx, after string, yield func(Job) bool) error {
	var bad error
	err := tx.EachRecord(issuer.RecordJob, after, func(id string, value []byte) bool {
		var j Job
		if bad = json.Unmarshal(value, &j); bad != nil {
			bad = fmt.Errorf("read job %s: %w", id, bad)
			return false
		}
		return yield(j)
	})
	return errors.Join(err, bad)
}

// unfinished are the jobs that wait or are at work, oldest first.
func (s *Service) unfinished(ctx context.Context) (jobs []Job, err error) {
	err = s.each(ctx, "", func(j Job) bool {
		if !j.State.Final() {
			jobs = append(jobs, j)
		}
		return true
	})
	return jobs, err
}

// idTime begins every id, so that jobs sort by age.
func idTime(at time.Time) string { return fmt.Sprintf("%012x", at.UnixMilli()) }
