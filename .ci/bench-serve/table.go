package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// goal is a line of the table. Holds is asked when all is measured.
type goal struct {
	what, want, got string
	holds           func() (got string, ok bool)
}

// table is what is printed at the end.
type table struct {
	goals []goal
	notes []string
	bare  *bare
}

// ratio asks for at least share of what bare gives.
func (t *table) ratio(what string, share, got float64, of string, bare func(*bare) float64) {
	t.goals = append(t.goals, goal{what: what, want: fmt.Sprintf("%.0f %% of %s", share*100, of), holds: func() (string, bool) {
		whole := bare(t.bare)
		return fmt.Sprintf("%.0f/s, %.0f %% of %.0f/s", got, got/whole*100, whole), got >= share*whole
	}})
}

// bound asks for at most, or at least, a figure.
func (t *table) bound(what, want, got string, ok bool) {
	t.goals = append(t.goals, goal{what: what, want: want, holds: func() (string, bool) { return got, ok }})
}

func (t *table) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// spent tells processor time, which a busy machine disturbs less than the clock,
// and in the same turn less still: the middle of all turns.
func (t *table) spent(what string, perSecond float64, all []spent) {
	one := func(of func(spent) time.Duration) time.Duration { return middle(all, of).Round(time.Microsecond) }
	alone := middle(all, func(s spent) float64 { return float64(s.bare) / float64(s.server) })
	both := middle(all, func(s spent) float64 { return float64(s.bare) / float64(s.server+s.client) })
	cores := middle(all, func(s spent) float64 { return (s.server + s.client).Seconds() * perSecond })
	t.note("%s, processor time of one: server %s, client %s, bare %s: the server alone %.0f %% of bare, with the client %.0f %%; the two had %.1f cores",
		what, one(func(s spent) time.Duration { return s.server }), one(func(s spent) time.Duration { return s.client }),
		one(func(s spent) time.Duration { return s.bare }), alone*100, both*100, cores)
}

func (t *table) judge(b *bare) { t.bare = b }

// print tells whether every goal holds.
func (t *table) print(w io.Writer) bool {
	all := true
	fmt.Fprintln(w, "bare costs on this machine, before and after")
	fmt.Fprintf(w, "  %-58s %8.0f/s\n", "ES256 signing and verifying, all cores", t.bare.signVerify)
	fmt.Fprintf(w, "  %-58s %8.0f/s\n", "ES256 verifying with its hash, all cores", t.bare.es256)
	fmt.Fprintf(w, "  %-58s %8.0f/s\n", "verification with status and rules, in process, all cores", t.bare.verify)
	fmt.Fprintf(w, "  %-58s %8.0f/s\n", "synced writes, one after the other", t.bare.single)
	fmt.Fprintf(w, "  %-58s %8.0f/s\n", "synced writes, 64 at once", t.bare.batched)
	fmt.Fprintf(w, "  %-58s %8.0f/s\n", "signing, verifying and two synced writes, 64 at once", t.bare.together)
	fmt.Fprintln(w)
	for _, g := range t.goals {
		got, ok := g.holds()
		verdict := "holds"
		if !ok {
			verdict, all = "MISSES", false
		}
		fmt.Fprintf(w, "%-46s %-44s %-44s %s\n", g.what, g.want, got, verdict)
	}
	if len(t.notes) > 0 {
		fmt.Fprintf(w, "\n%s\n", strings.Join(t.notes, "\n"))
	}
	return all
}
