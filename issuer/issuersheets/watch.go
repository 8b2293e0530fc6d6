package issuersheets

import "sync"

// watch tells those who look at jobs that something has changed. It keeps the
// newest state alone: whoever is slow misses steps and no end.
type watch struct {
	mu      sync.Mutex
	live    map[string]Job // at work, with steps that are not on record yet
	waiting map[string]map[chan struct{}]bool
}

func newWatch() *watch {
	return &watch{live: map[string]Job{}, waiting: map[string]map[chan struct{}]bool{}}
}

// tell notes the state of a job.
func (w *watch) tell(j Job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.live[j.ID] = j
	if j.State.Final() {
		delete(w.live, j.ID)
	}
	for c := range w.waiting[j.ID] {
		select {
		case c <- struct{}{}:
		default: // it has not looked since the last
		}
	}
}

// of gives the newest state of a job at work.
func (w *watch) of(id string) (Job, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	j, ok := w.live[id]
	return j, ok
}

// any tells whether a job at work is so.
func (w *watch) any(is func(Job) bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, j := range w.live {
		if is(j) {
			return true
		}
	}
	return false
}

// on gives a channel that hears of changes until off is called.
func (w *watch) on(id string) (changed <-chan struct{}, off func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting[id] == nil {
		w.waiting[id] = map[chan struct{}]bool{}
	}
	w.waiting[id][c] = true
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiting[id], c)
		if len(w.waiting[id]) == 0 {
			delete(w.waiting, id)
		}
	}
}
