package scan

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/qr"
)

// TestSeesWhatAnotherReaderHasMissed: the page's reader gave two codes of three
// and did not say that there is one more, which may be a revocation.
func TestSeesWhatAnotherReaderHasMissed(t *testing.T) {
	texts, img := sheet(t, 3, 1, 4)
	var known []Known
	for i, text := range texts {
		side, left, top := float64(code(t, text, 4).Rect.Dx()), 40.0, 60+560*float64(i)
		low, high := float64(4*qr.QuietZone), side-4*qr.QuietZone
		k := Known{Text: text}
		p := &k.Position
		p.TopLeft.X, p.TopRight.X, p.BottomRight.X, p.BottomLeft.X = left+low, left+high, left+high, left+low
		p.TopLeft.Y, p.TopRight.Y, p.BottomRight.Y, p.BottomLeft.Y = top+low, top+low, top+high, top+high
		known = append(known, k)
	}
	look := func(k []Known) Sight {
		t.Helper()
		seen, err := Beside(context.Background(), slices.Clone(img.Pix), img.Stride, k)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(seen.Texts)
		return seen
	}
	all := slices.Sorted(slices.Values(texts))
	for _, k := range [][]Known{known, known[:2], known[1:]} {
		if seen := look(k); !slices.Equal(seen.Texts, all) || seen.Unread != 0 {
			t.Errorf("%d known: read %d of 3, %d unread", len(k), len(seen.Texts), seen.Unread)
		}
	}
	for y := 60 + 150; y < 60+300; y++ {
		for x := 40 + 150; x < 40+300; x++ {
			img.Pix[y*img.Stride+x] = uint8(255 * (x / 3 * y / 5 % 2))
		}
	}
	if seen := look(known[1:]); len(seen.Texts) != 2 || seen.Unread != 1 {
		t.Errorf("one is spoiled: read %d, %d unread; want 2 and 1", len(seen.Texts), seen.Unread)
	}
	for _, width := range []int{0, -1, 7919} {
		if _, err := Beside(context.Background(), img.Pix, width, nil); !errors.Is(err, ErrPicture) {
			t.Errorf("rows of %d: %v", width, err)
		}
	}
}

// TestASearchCutShortLeavesDoubt: a slow machine that ran out of time once called a
// picture read whole of which it had seen a third.
func TestASearchCutShortLeavesDoubt(t *testing.T) {
	_, img := sheet(t, 3, 1, 4)
	grey := &gray{w: img.Stride, h: len(img.Pix) / img.Stride, pix: img.Pix}
	cut := search{img: grey, found: &findings{}}
	if n := cut.run(context.Background(), time.Nanosecond); n != 1 {
		t.Errorf("cut short: %d unread, want 1", n)
	}
}
