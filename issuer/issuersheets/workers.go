package issuersheets

import "sync"

// atOnce is how many issuers have a job at work at the same time, each one: a
// batch signs on all cores by itself.
const atOnce = 4

// workers are the jobs at work. One of each issuer has its turn; those that only
// wait for a mail server have given it back.
type workers struct {
	mu    sync.Mutex
	turns map[string]string // of an issuer, the job
	jobs  map[string]bool
}

func newWorkers() *workers { return &workers{turns: map[string]string{}, jobs: map[string]bool{}} }

// take begins with a job, unless somebody has or it is not its turn.
func (w *workers) take(j Job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.jobs[j.ID] || w.turns[j.Issuer] != "" || len(w.turns) >= atOnce {
		return false
	}
	w.turns[j.Issuer], w.jobs[j.ID] = j.ID, true
	return true
}

// claim keeps a job that nobody is at from being begun.
func (w *workers) claim(j Job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.jobs[j.ID] {
		return false
	}
	w.jobs[j.ID] = true
	return true
}

// rest gives the turn of a job to the other sheets of its issuer.
func (w *workers) rest(j Job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.turns[j.Issuer] == j.ID {
		delete(w.turns, j.Issuer)
	}
}

func (w *workers) leave(j Job) {
	w.rest(j)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.jobs, j.ID)
}
