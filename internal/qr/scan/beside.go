package scan

import (
	"context"
	"fmt"
)

// Known is a code that another reader has read: its text and its corners, as
// zxing tells them.
type Known struct {
	Text     string
	Position struct{ TopLeft, TopRight, BottomRight, BottomLeft struct{ X, Y float64 } }
}

// widened is how far what is painted over reaches beyond the corners: a part of
// the quiet zone.
const widened = 1.03

// Beside looks for the codes beside those that another reader has read in a
// picture, whose greys stand row by row. Those are not read again: the quick
// reader of a page does not notice every code, and has usually read all there are.
func Beside(ctx context.Context, greys []uint8, width int, known []Known) (Sight, error) {
	if width <= 0 || len(greys)%width != 0 {
		return Sight{}, fmt.Errorf("%w: %d points in rows of %d", ErrPicture, len(greys), width)
	}
	if len(greys) > maxPixels {
		return Sight{}, fmt.Errorf("%w: %d points", ErrTooLarge, len(greys))
	}
	found := &findings{}
	for _, k := range known {
		one := spot{k.Text, k.area()}
		found.add([]spot{one, one}) // it has been read already: a foreign one needs no second reading
	}
	parts := search{img: &gray{w: width, h: len(greys) / width, pix: greys}, found: found}
	unread := parts.run(ctx, slowTime)
	if err := ctx.Err(); err != nil {
		return Sight{}, err
	}
	return Sight{Texts: found.texts(), Unread: unread}, nil
}

func (k Known) area() (a area) {
	p := k.Position
	for i, c := range []struct{ X, Y float64 }{p.TopLeft, p.TopRight, p.BottomRight, p.BottomLeft} {
		a[i] = point{c.X, c.Y}
	}
	middle := a.middle()
	for i, p := range a {
		a[i] = point{middle.x + widened*(p.x-middle.x), middle.y + widened*(p.y-middle.y)}
	}
	return a
}
