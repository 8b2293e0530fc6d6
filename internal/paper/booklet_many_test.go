package paper

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// crowd is n people with rows certificates each; every code is another one.
func crowd(t testing.TB, n, rows int) iter.Seq2[Booklet, error] {
	t.Helper()
	two := [2]string{"it", "en"}
	model := Booklet{Languages: two, Have: rows, Need: 20}
	for i := range rows {
		model.Rows = append(model.Rows, quick(t, i+1, courses[i], person("Amina Diallo", "أمينة ديالو"), two))
	}
	return func(yield func(Booklet, error) bool) {
		for i := range n {
			b := model
			b.Rows = append([]Sheet(nil), model.Rows...)
			for r := range b.Rows {
				b.Rows[r].QR = []QR{{Text: verifyBase + "#1" + strings.Repeat(fmt.Sprintf("%04d%02d5678", i, r), 132)}}
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}

// TestManyBookletsInOneFile: the file is a sound PDF with the pages of all, in
// order.
func TestManyBookletsInOneFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "all.pdf")
	var pdf bytes.Buffer
	if err := Booklets(&pdf, crowd(t, 5, 2), Options{Now: today}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	info, err := exec.Command("pdfinfo", file).CombinedOutput()
	if err != nil || !regexp.MustCompile(`Pages: +10\b`).Match(info) || bytes.Contains(info, []byte("rror")) {
		t.Errorf("want two sides for each of five, and no complaint: %v: %s", err, info)
	}
	text, err := exec.Command("pdftotext", file, "-").CombinedOutput()
	if err != nil || strings.Count(string(text), "Amina Diallo") < 5 || !strings.Contains(string(text), courses[1].title) || bytes.Contains(text, []byte("Syntax")) {
		t.Errorf("%v; the text is %.200s", err, text)
	}
}

// TestManyBookletsEndAtAnError: an error of the caller comes out as it is, and
// nobody goes on drawing.
func TestManyBookletsEndAtAnError(t *testing.T) {
	broken := errors.New("the register is gone")
	given := 0
	err := Booklets(io.Discard, func(yield func(Booklet, error) bool) {
		for b, err := range crowd(t, 30, 1) {
			if err != nil {
				t.Error(err)
			}
			given++
			if given == 4 {
				yield(Booklet{}, broken)
				return
			}
			if !yield(b, nil) {
				return
			}
		}
	}, Options{Now: today})
	if !errors.Is(err, broken) || given != 4 {
		t.Errorf("%v after %d", err, given)
	}
	if err := Booklets(io.Discard, crowd(t, 0, 1), Options{Now: today}); !errors.Is(err, ErrNothing) {
		t.Errorf("nothing to print gives %v", err)
	}
	full := errors.New("disk full")
	if err := Booklets(failing{full}, crowd(t, 20, 1), Options{Now: today}); !errors.Is(err, full) {
		t.Errorf("a full disk gives %v", err)
	}
}

// TestFacesStayAsTheyAre: no PDF changes the faces of the process, which others
// are drawing with at the same time.
func TestFacesStayAsTheyAre(t *testing.T) {
	var before [faces][32]byte
	for f, face := range typefaces {
		before[f] = sha256.Sum256(face.bytes)
	}
	if err := Booklets(io.Discard, crowd(t, 4, 2), Options{Now: today}); err != nil {
		t.Fatal(err)
	}
	for f, face := range typefaces {
		if sha256.Sum256(face.bytes) != before[f] {
			t.Errorf("the face %s was written to", face.name)
		}
	}
}

// TestAPanicInADrawingIsAnError: on a core of its own nobody else would catch it.
func TestAPanicInADrawingIsAnError(t *testing.T) {
	taken := 0
	err := inOrder(crowd(t, 6, 1), func(Booklet) ([]byte, error) { panic("no glyph") }, func(Booklet, []byte) error {
		taken++
		return nil
	})
	if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), "no glyph") || taken != 0 {
		t.Errorf("%v, %d taken", err, taken)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
