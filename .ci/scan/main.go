// Command scan measures how well the page of an employer reads codes: it takes
// made-up pictures of codes before a camera, always the same from one seed, has
// them read as the page reads them, and writes what came of it to docs/scan.md
// with a sheet of the pictures. It fails where fewer are read than promised, or
// one is read wrongly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/qr/scan"
)

const (
	most    = 5    // frames of a scene
	promise = 0.95 // of the scenes are read within them
	look    = 4 * time.Second
)

// outcome is what came of one scene.
type outcome struct {
	after   int // frames until it was read, 0 for never
	wrong   int
	phantom int       // seen and not read beside what was read
	asked   bool      // the command line too
	command bool      // it read the first frame
	ms      []float64 // of each frame
	shown   []uint8   // the first frame
}

func main() {
	seed := flag.Uint64("seed", 2026, "of the corpus")
	n := flag.Int("n", 300, "scenes")
	command := flag.Int("command", 5, "let the scanner of the command line read the first frame of every so many scenes too; 0 for none")
	out := flag.String("out", "docs", "folder for scan.md and scan.jpg; empty writes nothing")
	flag.Parse()
	if err := run(*seed, *n, *command, *out); err != nil {
		fmt.Fprintln(os.Stderr, "scan:", err)
		os.Exit(1)
	}
}

func run(seed uint64, n int, command int, out string) error {
	all, err := scenes(seed, n)
	if err != nil {
		return err
	}
	results, err := read(all, command)
	if err != nil {
		return err
	}
	table := tableOf(all, results)
	fmt.Print(table.text())
	if out != "" {
		if err := write(out, seed, all, results, table); err != nil {
			return err
		}
	}
	switch {
	case table.all.wrong > 0:
		return fmt.Errorf("%d wrong readings", table.all.wrong)
	case float64(table.all.within) < promise*float64(table.all.scenes):
		return fmt.Errorf("%d of %d read within %d frames, fewer than promised", table.all.within, table.all.scenes, most)
	}
	return nil
}

// read hands the scenes to one reader a core.
func read(all []scene, command int) ([]outcome, error) {
	results := make([]outcome, len(all))
	errs := make([]error, runtime.NumCPU())
	next := make(chan int)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			errs[i] = work(all, results, next, command)
			for range next { // nobody waits for a reader that has ended
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	group.Wait()
	return results, errors.Join(errs...)
}

func work(all []scene, results []outcome, next <-chan int, command int) error {
	reader, err := startReader()
	if err != nil {
		return err
	}
	defer reader.end()
	for i := range next {
		if results[i], err = reader.try(all[i]); err != nil {
			return err
		}
		if command > 0 && i%command == 0 {
			results[i].asked = true
			results[i].command, err = byCommandLine(all[i], results[i].shown)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// try shows frame after frame until one is read.
func (p *reader) try(s scene) (o outcome, err error) {
	for n := range most {
		frame := s.frame(n)
		if n == 0 {
			o.shown = frame
		}
		answer, err := p.ask(n, frame)
		if err != nil {
			return o, err
		}
		o.ms = append(o.ms, answer.MS)
		for _, text := range answer.Texts {
			if text != s.text {
				o.wrong++
			}
		}
		if slices.Contains(answer.Texts, s.text) {
			o.after, o.phantom = n+1, answer.Unread
			return o, nil
		}
	}
	return o, nil
}

// byCommandLine gives the scanner in Go one frame.
func byCommandLine(s scene, frame []uint8) (bool, error) {
	data, err := asPNG(frame)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), look)
	defer cancel()
	sight, err := scan.Read(ctx, data)
	if err != nil {
		return false, nil // it read nothing, or not in time
	}
	for _, text := range sight.Texts {
		if text != s.text {
			return false, fmt.Errorf("the command line read %.60q, not %.60q", text, s.text)
		}
	}
	return true, nil
}
