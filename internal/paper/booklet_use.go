package paper

import "strconv"

// steps of using a booklet, each a picture and one sentence.
var steps = []struct {
	draw pictogram
	key  string
}{
	{showPictogram, "booklet.use.show"},
	{scanPictogram, "booklet.use.scan"},
	{comparePictogram, "booklet.use.compare"},
}

const pictureSide = 44.0

// howTo shows the three steps, one below the other.
func (d *bookletDrawing) howTo(x float64) error {
	y := d.heading(x, "booklet.use") + 6
	step := (leafBottom - y) / float64(len(steps))
	for i, s := range steps {
		top := y + float64(i)*step
		d.textAt(x+leafMargin, top, 10, strconv.Itoa(i+1), style{face: bold, size: 28, lead: 1})
		s.draw(d.page, x+leafMargin+12, top, pictureSide)
		left := x + leafMargin + 12 + pictureSide + 6
		w, st := x+leafWidth-leafMargin-left, style{size: 14, lead: 1.25}
		d.both(left, top+max(0, pictureSide-d.heightOfBoth(w, s.key, st))/2, w, s.key, nil, st)
	}
	return nil
}
