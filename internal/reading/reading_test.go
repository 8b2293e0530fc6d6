package reading

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/passporttest"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
)

const (
	one   = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJkaWQ6d2ViOmVudGUuZXhhbXBsZSJ9.c2lnbmF0dXJlLW9mLW5vYm9keQ"
	other = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJkaWQ6d2ViOmFsdHJpLmV4YW1wbGUifQ.c2lnbmF0dXJlLW9mLW90aGVycw"
)

// code is a picture of the code of a token.
func code(t *testing.T, token string) []byte {
	t.Helper()
	text, _, err := qr.Encode("https://verify.example/v", []string{token}, qr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := qr.PNG(text, qr.LevelM, 4)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// spoiled overprints the data of a code and leaves its finders.
func spoiled(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	middle := out.Rect.Inset(out.Rect.Dx() / 3)
	for y := middle.Min.Y; y < middle.Max.Y; y++ {
		for x := middle.Min.X; x < middle.Max.X; x++ {
			out.SetGray(x, y, color.Gray{uint8(255 * (x / 3 * y / 5 % 2))})
		}
	}
	return out
}

// beside puts two pictures on one page.
func beside(t *testing.T, left []byte, right image.Image) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(left))
	if err != nil {
		t.Fatal(err)
	}
	w := img.Bounds().Dx()
	page := image.NewGray(image.Rect(0, 0, w+40+right.Bounds().Dx(), max(img.Bounds().Dy(), right.Bounds().Dy())))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(page, img.Bounds(), img, image.Point{}, draw.Src)
	draw.Draw(page, right.Bounds().Add(image.Pt(w+40, 0)), right, image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, page); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTakesEveryKindOfFileApart(t *testing.T) {
	short := strings.Repeat(one[:40], 3)
	for _, c := range []struct {
		name    string
		data    []byte
		tokens  []string
		told    string // codes of checks, joined
		remark  string
		problem string
	}{
		{"a token", []byte(one + "\n"), []string{one}, "", "", ""},
		{"a picture", code(t, one), []string{one}, "", "", ""},
		{"a picture with a second code that cannot be read", beside(t, code(t, one), spoiled(t, code(t, other))), []string{one}, verifier.CodeCodeUnread, "", ""},
		{"a scan in a PDF", passporttest.PDF(t, code(t, one), ""), []string{one}, "", "", ""},
		{"attached to a PDF", passporttest.PDF(t, nil, one), []string{one}, "", "verify.pdf_attached", ""},
		{"attached to a PDF that shows it", passporttest.PDF(t, code(t, one), one), []string{one}, "", "verify.pdf_attached", ""},
		{"attached to a PDF that shows another", passporttest.PDF(t, code(t, other), one), []string{one, other}, verifier.CodeShownOther, "", ""},
		{"a PDF with nothing", passporttest.PDF(t, nil, ""), nil, "", "", "pdf_empty"},
		{"a PDF with a letter around a token", passporttest.PDF(t, nil, "Dear all, "+one), nil, "", "", "pdf_unread"},
		{"a broken PDF", []byte("%PDF-1.7\nnothing"), nil, "", "", "pdf_unreadable"},
		{"a picture that is a PDF too", append(code(t, one), "%PDF-1.7"...), nil, "", "", "file_two_kinds"},
		{"a drawing", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), nil, "", "", "badge_none"},
		{"half a picture", code(t, one)[:200], nil, "", "", "qr_picture"},
		{"a letter", []byte("Dear all, " + short), nil, "", "", "verify_unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, problem := Look(context.Background(), "x", c.data)
			var taken intake.Taken
			remark := ""
			if problem == nil {
				taken, remark, problem = found.Take(intake.Source{Name: "x"})
			}
			got := ""
			if problem != nil {
				got = problem.Code
			}
			var told []string
			for _, check := range taken.Told {
				told = append(told, check.Code)
			}
			if got != c.problem || remark != c.remark || strings.Join(told, " ") != c.told {
				t.Errorf("problem %q, remark %q, told %v; want %q, %q, %q", got, remark, told, c.problem, c.remark, c.told)
			}
			if diff := cmp.Diff(c.tokens, taken.Tokens); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLooksNoLongerThanAsked: a reading that was given up is no verdict.
func TestLooksNoLongerThanAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, data := range [][]byte{code(t, one), passporttest.PDF(t, code(t, one), one)} {
		if _, problem := Look(ctx, "x", data); problem == nil {
			t.Error("it went on")
		}
	}
}
