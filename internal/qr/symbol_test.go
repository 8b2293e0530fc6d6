package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func exampleText(t testing.TB) string {
	text, _, err := Encode("https://verify.example/v", []string{credential(t)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Link and digits go into segments of their own: as bytes alone, 500 bytes of
// frame would need version 25 instead of 16.
func TestDigitsAreANumericSegment(t *testing.T) {
	text := "https://verify.example/abcdefg#1" + d17Encode(bytes.Repeat([]byte{0xff}, 500))
	version, modules, err := Version(text, LevelL)
	if err != nil || version != 16 || modules != 81 {
		t.Errorf("version %d, %d modules, %v; want 16 and 81", version, modules, err)
	}
}

// Every module of the PNG is a whole number of dots, within 4 white modules.
func TestPNGHasWholeDots(t *testing.T) {
	text := exampleText(t)
	rows, err := Modules(text, LevelM)
	if err != nil {
		t.Fatal(err)
	}
	_, modules, err := Version(text, LevelM)
	if err != nil || len(rows) != modules+2*QuietZone {
		t.Fatalf("%d rows for %d modules, %v", len(rows), modules, err)
	}
	for _, dots := range []int{1, 3, 8} {
		data, err := PNG(text, LevelM, dots)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil || img.Bounds().Dx() != len(rows)*dots || img.Bounds().Dy() != len(rows)*dots {
			t.Fatalf("%d dots: %v, %v", dots, img.Bounds(), err)
		}
		for y := range len(rows) * dots {
			for x := range len(rows) * dots {
				r, _, _, _ := img.At(x, y).RGBA()
				if dark := r == 0; dark != rows[y/dots][x/dots] {
					t.Fatalf("%d dots: point %d,%d", dots, x, y)
				}
			}
		}
	}
	for i := range rows {
		for j := range QuietZone {
			if rows[i][j] || rows[j][i] || rows[len(rows)-1-j][i] || rows[i][len(rows)-1-j] {
				t.Fatal("a dark module in the quiet zone")
			}
		}
	}
}

var svgRun = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

// The path of the SVG covers the dark modules, all of them and no other.
func TestSVGCoversTheDarkModules(t *testing.T) {
	text := exampleText(t)
	rows, err := Modules(text, LevelQ)
	if err != nil {
		t.Fatal(err)
	}
	data, err := SVG(text, LevelQ, ModuleMM)
	if err != nil {
		t.Fatal(err)
	}
	side := fmt.Sprintf(`width="%.2fmm" height="%.2fmm" viewBox="0 0 %d %d"`, float64(len(rows))*ModuleMM, float64(len(rows))*ModuleMM, len(rows), len(rows))
	if !strings.Contains(string(data), side) {
		t.Errorf("no %s in %.200s", side, data)
	}
	for _, m := range svgRun.FindAllStringSubmatch(string(data), -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		for i := range n {
			if !rows[y][x+i] {
				t.Fatalf("module %d,%d is light or covered twice", x+i, y)
			}
			rows[y][x+i] = false
		}
	}
	for y := range rows {
		for x := range rows[y] {
			if rows[y][x] {
				t.Fatalf("module %d,%d is not covered", x, y)
			}
		}
	}
}

func TestDrawingRefuses(t *testing.T) {
	if _, err := PNG("caffè", LevelM, 4); !errors.Is(err, ErrMalformed) {
		t.Errorf("text that is not ASCII: %v", err)
	}
	if _, err := PNG(strings.Repeat("1", 9000), LevelL, 4); !errors.Is(err, ErrTooLarge) {
		t.Errorf("9 000 digits: %v", err)
	}
	for _, dots := range []int{0, -4, 65} {
		if _, err := PNG("1", LevelM, dots); err == nil {
			t.Errorf("%d dots a module drawn", dots)
		}
	}
}
