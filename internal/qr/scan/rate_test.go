package scan

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// rate counts readings by kind of distortion.
type rate struct{ read, wrong, of int }

func (r *rate) count(texts []string, want string) {
	r.of++
	for _, text := range texts {
		if text == want {
			r.read++
		} else {
			r.wrong++
		}
	}
}

// TestReadingRate reads a set of distorted pictures. With PASSPORT_READING_RATE
// it reads as many as that says, of 300 that differ, and, where zbarimg is
// installed, holds our rate, reached without zbarimg, to be at least as high.
func TestReadingRate(t *testing.T) {
	pictures := 20
	many, err := strconv.Atoi(os.Getenv("PASSPORT_READING_RATE"))
	whole := err == nil
	if whole {
		pictures = many
	}
	least := pictures * 2 / 3
	zbar, _ := exec.LookPath("zbarimg")
	var ours, theirs rate
	phantoms := 0 // seen where there is but one code
	kinds := map[string]*[2]rate{}
	start := time.Now()
	for i := range pictures {
		name, text, picture := specimen(t, i)
		if kinds[name] == nil {
			kinds[name] = &[2]rate{}
		}
		seen, err := read(context.Background(), picture, nil)
		if err != nil && !errors.Is(err, ErrNoCode) {
			t.Fatalf("picture %d: %v", i, err)
		}
		ours.count(seen.Texts, text)
		kinds[name][0].count(seen.Texts, text)
		phantoms += seen.Unread
		if whole && zbar != "" {
			texts := askZbar(t, zbar, picture)
			theirs.count(texts, text)
			kinds[name][1].count(texts, text)
		}
	}
	for _, d := range distortions {
		if k := kinds[d.name]; k != nil {
			t.Logf("%-15s %3d of %3d, zbarimg %3d", d.name, k[0].read, k[0].of, k[1].read)
		}
	}
	t.Logf("all: %d of %d read, %d wrong; zbarimg %d read, %d wrong; %v", ours.read, ours.of, ours.wrong, theirs.read, theirs.wrong, time.Since(start).Round(time.Millisecond))
	if phantoms > pictures/50 {
		t.Errorf("%d codes that could not be read beside the only one", phantoms)
	}
	if ours.wrong > 0 {
		t.Errorf("%d wrong readings", ours.wrong)
	}
	if ours.read < least || ours.read < theirs.read {
		t.Errorf("read %d of %d, want %d and zbarimg's %d", ours.read, ours.of, least, theirs.read)
	}
}

// askZbar is the comparison: the program as a person would call it.
func askZbar(t *testing.T, zbar string, picture []byte) []string {
	file := filepath.Join(t.TempDir(), "picture")
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(zbar, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file).Output()
	if err != nil {
		return nil // it found nothing
	}
	return strings.Fields(string(out))
}
