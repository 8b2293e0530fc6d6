package paper

import (
	"math"
	"strconv"
)

// last is the back of the booklet: how far the person has come, and what they
// may ask for.
func (d *bookletDrawing) last(x float64) error {
	y := d.progress(x, d.heading(x, "booklet.path"))
	d.line(x+leafMargin, y, x+leafWidth-leafMargin, y, .4)
	y += 3
	y += d.both(x+leafMargin, y, leafText, "booklet.rights", nil, style{face: bold, size: 14, lead: 1.15}) + 2
	contact := d.Contact
	if contact == "" {
		contact = d.front().Credential.Issuer.Name
	}
	for _, key := range []string{"booklet.rights.choose", "booklet.rights.correct", "booklet.rights.lost", "booklet.rights.ask"} {
		d.dot(x+leafMargin+1.2, y+2.8, 1, true)
		y += d.both(x+leafMargin+5, y, leafText-5, key, map[string]string{"contact": contact}, style{lead: 1.15}) + 2
	}
	d.small(box{x + leafMargin, y, leafText, leafBottom - y})
	return nil
}

// small are the sentences that every paper bears: how to check, until when the
// status is known, what the document is worth, and the notice for public
// bodies. They stand at the end of the page.
func (d *bookletDrawing) small(in box) {
	lines := d.notices()
	high := 0.0
	for _, line := range lines {
		for _, text := range line {
			high += measure(text, in.w, style{lead: 1.15}).height
		}
	}
	y := in.y + max(0, in.h-high-2)
	d.line(in.x, y, in.x+in.w, y, .2)
	y += 2
	for _, line := range lines {
		for i, text := range line {
			st := style{lead: 1.15}
			if i == 1 {
				st.ink = soft
			}
			if text != "" {
				y += d.text(box{in.x, y, in.w, max(lineHeight, in.y+in.h-y)}, text, st).height
			}
		}
	}
}

// progress draws a mark for each certificate, filled and ticked when it is
// there, and says the same in words.
func (d *bookletDrawing) progress(x, y float64) float64 {
	args := map[string]string{"have": strconv.Itoa(d.Have), "need": strconv.Itoa(d.Need)}
	key := "booklet.progress"
	switch {
	case d.Need == 0:
		key, args["have"] = "booklet.held", strconv.Itoa(len(d.Rows))
	case d.Have >= d.Need:
		key = "booklet.complete"
	}
	if d.Need > 0 {
		y = d.marks(x+leafMargin, y+1)
	}
	return y + d.both(x+leafMargin, y, leafText, key, args, style{face: bold, size: 14, lead: 1.2}) + 3
}

// marks draws Need marks in rows of ten, smaller where there are very many.
func (d *bookletDrawing) marks(x, y float64) float64 {
	perRow := 10
	for d.Need > perRow*5 {
		perRow += 5
	}
	step := leafText / float64(perRow)
	size := step * .78
	for i := range d.Need {
		left, top := x+float64(i%perRow)*step, y+float64(i/perRow)*step
		d.pdf.SetDrawColor(0, 0, 0)
		d.pdf.SetLineWidth(.4)
		if i < d.Have {
			d.pdf.SetFillColor(0, 0, 0)
			d.pdf.RoundedRect(left, top, size, size, size*.2, "1234", "DF")
			d.pdf.SetDrawColor(255, 255, 255)
			d.tick(left, top, size)
			d.pdf.SetDrawColor(0, 0, 0)
		} else {
			d.pdf.RoundedRect(left, top, size, size, size*.2, "1234", "D")
		}
	}
	return y + math.Ceil(float64(d.Need)/float64(perRow))*step + 1
}

// notices are the sentences at the foot of an A4, without the one that says how
// to check: the second page does.
func (d *bookletDrawing) notices() []twice {
	s := *d.front()
	s.StatusAsOf = d.statusAsOf()
	a := &a4{page: d.page, sheet: &s, tongue: tongues(d.Languages), kind: s.Credential.View().Kind}
	return a.foot(true)[1:]
}
