package issuersheets

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

const (
	pageSize = 50
	maxPage  = 200
)

// Jobs returns the jobs of issuers, the newest first; nil issuers are all.
func (s *Service) Jobs(ctx context.Context, issuers []string) (jobs []Job, err error) {
	err = s.each(ctx, "", func(j Job) bool {
		if issuers == nil || slices.Contains(issuers, j.Issuer) {
			jobs = append(jobs, s.newest(j))
		}
		return true
	})
	slices.SortStableFunc(jobs, func(a, b Job) int { return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return jobs, err
}

// Cancel ends a job that waits for its turn, and asks one that is at work to end
// between two batches. What is issued stays issued.
func (s *Service) Cancel(ctx context.Context, by issuer.Actor, id string) (Job, error) {
	j, err := s.change(context.WithoutCancel(ctx), by, id, "sheet.stop", func(j *Job) error {
		if j.State.Final() {
			return refuse("sheet_ended", "state", string(j.State))
		}
		j.Cancelling = true
		return nil
	})
	if err == nil && s.busy.claim(j) {
		err = s.end(ctx, j, "sheet.cancel", func(j *Job) { j.State = StateCancelled })
		s.busy.leave(j)
		if err == nil {
			j, err = s.Job(context.WithoutCancel(ctx), id)
		}
	}
	s.nudge()
	return j, err
}

// page of a listing. Jobs are few, so that pages are cut from the whole.
type page struct {
	Jobs []View `json:"jobs"`
	Next string `json:"next,omitempty"`
}

func (s *Service) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if err := known(q, "issuer", "limit", "cursor"); err != nil {
		return err
	}
	p, ok := access.From(r.Context())
	if !ok {
		return access.ErrUnauthenticated
	}
	names, all := p.Issuers(access.ActRead)
	if name := q.Get("issuer"); name != "" {
		if err := p.May(access.ActRead, name); err != nil {
			return err
		}
		names, all = []string{name}, false
	}
	if all {
		names = nil
	} else if names == nil {
		names = []string{}
	}
	limit := pageSize
	if text := q.Get("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxPage {
			return refuse("query", "name", "limit")
		}
	}
	jobs, err := s.Jobs(r.Context(), names)
	if err != nil {
		return err
	}
	if cursor := q.Get("cursor"); cursor != "" {
		at := slices.IndexFunc(jobs, func(j Job) bool { return j.ID == cursor })
		if at < 0 {
			return refuse("query", "name", "cursor")
		}
		jobs = jobs[at+1:]
	}
	out := page{Jobs: []View{}}
	for n, j := range jobs {
		if n == limit {
			out.Next = jobs[n-1].ID
			break
		}
		out.Jobs = append(out.Jobs, j.View(httpkit.Language(r)))
	}
	w.Header().Set("Cache-Control", "no-store")
	httpkit.WriteJSON(w, http.StatusOK, out)
	return nil
}
