package main

import (
	"errors"
	"runtime"
	"slices"
	"time"
)

// turns is how often a part and its bare work take turns, so that whoever else
// wants the machine disturbs both alike.
const turns = 10

// spent is the processor time of one act in one turn: the server's, this
// client's, and that of the bare work just before.
type spent struct{ server, client, bare time.Duration }

// inTurns measures a part beside its bare work. The rate is the part's alone. A
// client needs a tenth of a core, and is given one, as on more it would spend
// more time looking for work than doing it.
func inTurns(part time.Duration, s *server, bare, f func(part time.Duration) result) (whole result, all []spent) {
	for range turns {
		b := bare(part / turns)
		cpu, start := s.cpu(), time.Now()
		cores := runtime.GOMAXPROCS(1)
		r := f(part / turns)
		runtime.GOMAXPROCS(cores)
		acts := r.perSecond * time.Since(start).Seconds()
		if err := errors.Join(b.err, r.err); err != nil {
			return result{err: err}, nil
		}
		all = append(all, spent{time.Duration(float64(s.cpu()-cpu) / acts), r.cost, b.cost})
		whole.perSecond += r.perSecond / turns
	}
	return whole, all
}

// middle is the median of what is counted of each turn.
func middle[T ~int64 | ~float64](all []spent, of func(spent) T) T {
	var values []T
	for _, one := range all {
		values = append(values, of(one))
	}
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}
