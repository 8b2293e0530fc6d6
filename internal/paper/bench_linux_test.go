package paper

import (
	"io"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"testing"
	"time"
)

// BenchmarkBooklets prints 500 booklets of twenty certificates in one file, as
// a school does at the end of a year: ms is what all take, each what one takes,
// and MiB the most that the process ever held.
func BenchmarkBooklets(b *testing.B) {
	const people = 500
	all := crowd(b, people, len(courses))
	defer debug.SetGCPercent(debug.SetGCPercent(ManyGCPercent)) // as the program does
	for b.Loop() {
		start := time.Now()
		if err := Booklets(io.Discard, all, Options{Now: today}); err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		b.ReportMetric(took.Seconds(), "s")
		b.ReportMetric(float64(took.Milliseconds())/people, "ms-each")
	}
	b.ReportMetric(peakMiB(b), "MiB")
}

// peakMiB is the most that this process had in memory (proc(5), VmHWM).
func peakMiB(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		b.Fatal("the system does not tell how much memory was used")
	}
	kib, _ := strconv.Atoi(string(found[1]))
	return float64(kib) / 1024
}
