package issuersheets

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// tidyEvery is how often what has had its time is taken away.
const tidyEvery = time.Hour

// nudge tells Run that there is something to do.
func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run does the jobs, those that a stop interrupted first, until ctx ends. It
// returns when the batches under way are on record.
func (s *Service) Run(ctx context.Context) error {
	if err := s.tidy(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("tidy the sheets: %w", err)
	}
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	var work sync.WaitGroup
	defer work.Wait()
	for {
		jobs, err := s.unfinished(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find sheets to do: %w", err)
		}
		for _, j := range jobs {
			if !s.busy.take(j) {
				continue
			}
			work.Go(func() {
				s.do(ctx, j)
				s.busy.leave(j)
				s.nudge()
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-tick.C:
			if err := s.tidy(ctx); err != nil && ctx.Err() == nil {
				s.Log.Error("sheets not tidied", "error", err.Error())
			}
		}
	}
}

// do carries one job as far as it goes. What stops the service leaves the job
// where it is; every other error ends it.
func (s *Service) do(ctx context.Context, j Job) {
	defer func() {
		if v := recover(); v != nil {
			_ = s.fail(ctx, j, fmt.Errorf("panic: %v", v)) // both are in the log
		}
	}()
	now, err := s.Job(ctx, j.ID) // it may have been cancelled since it was found
	if err == nil && now.State.Final() || errors.Is(err, access.ErrNotHere) {
		return
	}
	if err == nil {
		j = now
		err = s.carry(ctx, j)
	}
	switch {
	case err == nil || ctx.Err() != nil:
	case errors.Is(err, errCancelled):
		err = s.end(ctx, j, "sheet.cancel", func(j *Job) { j.State = StateCancelled })
	case !passing(err):
		err = s.fail(ctx, j, err)
	}
	if err != nil && ctx.Err() == nil { // it stays where it is, and is tried again
		s.Log.Error("sheet waits", "job", j.ID, "error", err.Error())
		s.wait(j.ID, waitingOf(err))
		pause := time.NewTimer(s.Retry)
		defer pause.Stop()
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}
}

// passing tells what an operator puts right without the sheet: a full disk, a
// store that has stopped.
func passing(err error) bool { return waitingOf(err) != "" }

// waitingOf is what a job waits for after an error; empty when it does not.
func waitingOf(err error) Waiting {
	switch {
	case errors.Is(err, issuer.ErrStoreFull), errors.Is(err, syscall.ENOSPC):
		return WaitSpace
	case errors.Is(err, issuer.ErrStoreStopped):
		return WaitStore
	}
	return ""
}

// wait tells those who look at a job what it waits for; its next step takes that
// back.
func (s *Service) wait(id string, on Waiting) {
	if j, err := s.Job(context.Background(), id); err == nil {
		j.WaitingFor = on
		s.watch.tell(j)
	}
}

// errCancelled ends a job that somebody does not want any more.
var errCancelled = errors.New("cancelled")

// fail ends a job with what a person can be told; the rest is in the log, by id.
func (s *Service) fail(ctx context.Context, j Job, err error) error {
	told := &Failure{Code: "internal"}
	var refused *issuer.Error
	var offer *rowError
	if errors.As(err, &refused) {
		told.Code = refused.Code
	} else {
		s.Log.Error("sheet failed", "job", j.ID, "error", err.Error())
	}
	if errors.As(err, &offer) {
		told.Row = offer.row
	}
	return s.end(ctx, j, "sheet.fail", func(j *Job) { j.State, j.Error = StateFailed, told })
}

// end puts the last state on record and takes the sheet away.
func (s *Service) end(ctx context.Context, j Job, what string, f func(*Job)) error {
	ctx = context.WithoutCancel(ctx)
	_, err := s.change(ctx, j.By, j.ID, what, func(j *Job) error {
		f(j)
		j.EndedAt = s.Now().UTC().Truncate(time.Millisecond)
		return nil
	})
	if err != nil {
		return err // the sheet stays as long as its job
	}
	return s.dropSheet(j.ID)
}
