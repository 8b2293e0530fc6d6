//go:build unix

package torture

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// form is how much of each fault a run plays.
type form struct {
	kills      int // R1
	cuts       int // R2
	cutsXFS    int
	control    int // R2: within how many cuts the build without syncs must be caught
	errorsAt   int // R4: the first so many calls fail, one a run
	storms     int // R9
	pause      time.Duration
	slowFor    time.Duration
	everything bool
}

var forms = map[string]form{
	"short": {kills: 200, cuts: 20, control: 20, errorsAt: 4, storms: 60, pause: 5 * time.Second, slowFor: 4 * time.Second},
	"long":  {kills: 1000, cuts: 200, cutsXFS: 100, control: 20, errorsAt: 40, storms: 500, pause: 30 * time.Second, slowFor: 20 * time.Second, everything: true},
}

// built are the programs under test, made once: the release's build, and the
// one that leaves out every sync.
var built struct{ program, control string }

var seed = uint64(time.Now().UnixNano())

func TestMain(m *testing.M) { os.Exit(play(m)) }

func play(m *testing.M) int {
	if _, asked := forms[os.Getenv("PASSPORT_TORTURE")]; !asked {
		return m.Run()
	}
	if s, err := strconv.ParseUint(os.Getenv("PASSPORT_TORTURE_SEED"), 10, 64); err == nil {
		seed = s
	}
	fmt.Println("PASSPORT_TORTURE_SEED =", seed)
	dir, err := os.MkdirTemp("", "torture")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	built.program, built.control = filepath.Join(dir, "passport"), filepath.Join(dir, "passport-nosync")
	for _, build := range [][]string{{"-o", built.program}, {"-tags", "nosync", "-o", built.control}} {
		c := exec.Command("go", append(append([]string{"build"}, build...), "github.com/employment-passport/passport/cmd/passport")...)
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			fmt.Printf("build: %v\n%s", err, out)
			return 1
		}
	}
	code := m.Run()
	results.print()
	return code
}

// asked returns the form that was asked for, or skips the test.
func asked(t *testing.T) form {
	t.Helper()
	f, is := forms[os.Getenv("PASSPORT_TORTURE")]
	if !is {
		t.Skip("takes minutes: make torture plays it, or PASSPORT_TORTURE=short go test -v ./passporttest/torture")
	}
	return f
}

// dice are a test's own choices out of the run's seed.
func dice(t *testing.T) *rand.Rand {
	var sum uint64
	for _, b := range []byte(t.Name()) {
		sum = sum*131 + uint64(b)
	}
	return rand.New(rand.NewPCG(seed, sum)) //nolint:gosec // choices, no secrets
}

// table collects a line a fault.
type table struct {
	mu    sync.Mutex
	lines []line
}

type line struct {
	fault        string
	cycles, acks int
	least        int // acks, below which nothing was tried
	lost         int
	note         string
	took         time.Duration
}

var results table

// report adds the line of a test when it ends; fill it meanwhile.
func report(t *testing.T, fault string) *line {
	l := &line{fault: fault}
	start := time.Now()
	t.Cleanup(func() {
		l.took = time.Since(start)
		switch {
		case t.Skipped():
			l.note = "not here: " + l.note
		case t.Failed():
			l.note = "FAILED " + l.note
		}
		results.mu.Lock()
		defer results.mu.Unlock()
		results.lines = append(results.lines, *l)
	})
	return l
}

// notHere skips a test and says in the table why.
func (l *line) notHere(t *testing.T, why string) {
	t.Helper()
	l.note = why
	t.Skip("not here: " + why)
}

func (r *table) print() {
	r.mu.Lock()
	defer r.mu.Unlock()
	var whole time.Duration
	fmt.Printf("\n%-34s %7s %8s %5s %8s  %s\n", "fault", "cycles", "acks", "lost", "seconds", "")
	for _, l := range r.lines {
		fmt.Printf("%-34s %7d %8d %5d %8.1f  %s\n", l.fault, l.cycles, l.acks, l.lost, l.took.Seconds(), l.note)
		whole += l.took
	}
	fmt.Printf("%-34s %31.1f\n", "all", whole.Seconds())
}
