package paper

import (
	"fmt"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// Booklet is one person's passport for the pocket: A5 pages on A4 sheets that
// are printed on both sides and folded.
type Booklet struct {
	Composite *Sheet  // the signed passport, nil before it is awarded
	Rows      []Sheet // the credentials, in the order of printing
	Have      int     // requirements met
	Need      int     // requirements in all; 0 where no definition is known
	Contact   string  // where to ask, a desk or an address; empty gives the issuer's name
	Languages [2]string
}

// front is the sheet whose code stands on the cover: the passport's, else the
// newest credential's.
func (b *Booklet) front() *Sheet {
	if b.Composite != nil {
		return b.Composite
	}
	newest := &b.Rows[0]
	for i := range b.Rows {
		if b.Rows[i].Credential.ValidFrom.After(newest.Credential.ValidFrom) {
			newest = &b.Rows[i]
		}
	}
	return newest
}

// statusAsOf is the one day that the booklet may state for all that is in it:
// the oldest of its parts. It is zero where one of them has none.
func (b *Booklet) statusAsOf() (oldest time.Time) {
	for i, s := range b.sheets() {
		if s.StatusAsOf.IsZero() {
			return time.Time{}
		}
		if i == 0 || s.StatusAsOf.Before(oldest) {
			oldest = s.StatusAsOf
		}
	}
	return oldest
}

// sheets are all that the booklet is made of.
func (b *Booklet) sheets() []Sheet {
	if b.Composite == nil {
		return b.Rows
	}
	return append([]Sheet{*b.Composite}, b.Rows...)
}

// A5 as half a sheet of A4. The margin is half of an A4's, or four codes would
// not fit a page.
const (
	leafWidth, leafHeight = a4Height / 2, a4Width
	leafMargin            = 10.0
	leafText              = leafWidth - 2*leafMargin
	footHeight            = 8.0
	leafBottom            = leafHeight - leafMargin/2 - footHeight
)

// leaf draws one page of a booklet whose left edge stands at x.
type leaf func(d *bookletDrawing, x float64) error

// bookletDrawing is one booklet on its way into a PDF.
type bookletDrawing struct {
	*page
	Booklet
	pages  int
	column float64 // side of the widest small code
}

// drawBooklet adds one booklet to p: folded sheets, or its pages one by one.
func drawBooklet(p *page, b Booklet, inReadingOrder bool) error {
	if b.Composite == nil && len(b.Rows) == 0 {
		return ErrNothing
	}
	d := &bookletDrawing{page: p, Booklet: b}
	d.Languages = tonguesOf(&Sheet{Credential: d.front().Credential, Languages: b.Languages})
	leaves, err := d.leaves()
	if err != nil {
		return err
	}
	d.pages = len(leaves)
	if inReadingOrder {
		for i := range leaves {
			p.sheet(leafWidth, leafHeight)
			if err := d.drawLeaf(leaves, i+1, 0); err != nil {
				return err
			}
		}
		return nil
	}
	for _, side := range fold(len(leaves)) {
		p.sheet(a4Height, a4Width)
		for half, number := range side {
			if err := d.drawLeaf(leaves, number, float64(half)*leafWidth); err != nil {
				return err
			}
		}
	}
	return nil
}

// leaves are the pages in reading order: cover, how to use it, the rows, pages
// for notes where the sheet has room left, and the last one.
func (d *bookletDrawing) leaves() ([]leaf, error) {
	leaves := []leaf{(*bookletDrawing).cover, (*bookletDrawing).howTo}
	pages, err := d.rowPages()
	if err != nil {
		return nil, err
	}
	leaves = append(leaves, pages...)
	for blank := folded(len(leaves)+1) - len(leaves) - 1; blank > 0; blank-- {
		leaves = append(leaves, (*bookletDrawing).notes)
	}
	return append(leaves, (*bookletDrawing).last), nil
}

func (d *bookletDrawing) drawLeaf(leaves []leaf, number int, x float64) error {
	if err := leaves[number-1](d, x); err != nil {
		return fmt.Errorf("page %d: %w", number, err)
	}
	if number > 1 {
		foot := box{x + leafMargin, leafBottom + 2, leafText, footHeight - 2}
		d.text(box{foot.x, foot.y, leafText - 20, foot.h}, d.reference(), style{ink: soft, lead: 1.1})
		d.text(box{foot.x + leafText - 18, foot.y, 18, foot.h}, strconv.Itoa(number)+"/"+strconv.Itoa(d.pages), style{ink: soft, align: 'R', lead: 1.1})
	}
	return nil
}

// reference tells whose page a loose page is: the passport's number, else the name.
func (d *bookletDrawing) reference() string {
	if d.Composite != nil {
		if number := d.Composite.Credential.View().DocumentNumber; number != "" {
			return number
		}
	}
	return nameOf(d.front().Credential)
}

// both writes a text of the catalogue in the issuer's language and, softer
// below, in the holder's. It gives the height used.
func (d *bookletDrawing) both(x, y, w float64, key string, args map[string]string, st style) float64 {
	f := d.textAt(x, y, w, i18n.T(d.Languages[0], key, args), st)
	if !d.bilingual() {
		return f.height
	}
	second := st
	second.face, second.ink = regular, soft
	if st.size > 16 {
		second.size = 16
	}
	return f.height + d.textAt(x, y+f.height, w, i18n.T(d.Languages[1], key, args), second).height
}

// heightOfBoth measures what both would draw.
func (d *bookletDrawing) heightOfBoth(w float64, key string, st style) float64 {
	high := measure(i18n.T(d.Languages[0], key, nil), w, st).height
	if d.bilingual() {
		high += measure(i18n.T(d.Languages[1], key, nil), w, style{size: min(16, st.size), lead: st.lead}).height
	}
	return high
}

func (d *bookletDrawing) bilingual() bool {
	return d.Languages[1] != ""
}

// heading opens a page and gives where its text begins.
func (d *bookletDrawing) heading(x float64, key string) (y float64) {
	words := i18n.T(d.Languages[0], key, nil)
	f := d.textAt(x+leafMargin, leafMargin, leafText, words, style{face: bold, size: 14, lead: 1.15})
	if d.bilingual() {
		second := i18n.T(d.Languages[1], key, nil)
		w := widthOf(clean(words), bold, 14) + 4
		if st := (style{ink: soft, align: 'R', lead: 1.15}); measure(second, leafText-w, st).height <= f.height {
			d.textAt(x+leafMargin+w, leafMargin+.5, leafText-w, second, st)
		} else {
			f.height += d.textAt(x+leafMargin, leafMargin+f.height, leafText, second, style{ink: soft, lead: 1.15}).height
		}
	}
	y = leafMargin + f.height + 1.5
	d.line(x+leafMargin, y, x+leafWidth-leafMargin, y, .4)
	return y + 2
}

// notes is a page to write on.
func (d *bookletDrawing) notes(x float64) error {
	for y := d.heading(x, "booklet.notes") + 10; y < leafBottom-4; y += 10 {
		d.line(x+leafMargin, y, x+leafWidth-leafMargin, y, .1)
	}
	return nil
}

// codeOf is the text of a sheet's first code.
func codeOf(s *Sheet) (string, error) {
	if len(s.QR) == 0 {
		return "", fmt.Errorf("%w: no code for %s", ErrNothing, s.Credential.ID)
	}
	return s.QR[0].Text, nil
}

// bookletsOf puts the sheets of each person into one booklet, persons in the
// order in which they come.
func bookletsOf(sheets []Sheet) []Booklet {
	var all []Booklet
	at := map[string]int{}
	for _, s := range sheets {
		who := holderKey(s.Credential)
		i, seen := at[who]
		if !seen {
			i = len(all)
			at[who] = i
			all = append(all, Booklet{Languages: s.Languages})
		}
		if s.Credential.View().Passport == nil {
			all[i].Rows = append(all[i].Rows, s)
			continue
		}
		all[i].award(s)
	}
	return all
}

// award makes a passport the one on the cover. Of two the newer stands there,
// and the other is a row as any document: none is left out.
func (b *Booklet) award(s Sheet) {
	switch old := b.Composite; {
	case old == nil:
	case s.Credential.ValidFrom.Before(old.Credential.ValidFrom):
		b.Rows = append(b.Rows, s)
		return
	default:
		b.Rows = append(b.Rows, *old)
	}
	b.Composite = &s
	b.Have = len(s.Credential.View().Passport.Components)
	b.Need = b.Have
}

// fill completes a booklet from the options: whom to ask, and how far the
// person has come where no passport says it. What has no dated status counts
// for nothing there: nobody has looked whether it still stands.
func (b *Booklet) fill(o Options) {
	if b.Contact == "" {
		b.Contact = o.Contact
	}
	if b.Composite != nil || b.Need > 0 || o.Progress == nil {
		return
	}
	var held []*schema.Credential
	for _, s := range b.Rows {
		if !s.StatusAsOf.IsZero() {
			held = append(held, s.Credential)
		}
	}
	b.Have, b.Need = o.Progress(held)
}

// holderKey tells persons apart by what their credentials say of them.
func holderKey(c *schema.Credential) string {
	id, _ := c.Holder()
	return id + "\x00" + nameOf(c) + "\x00" + particular(c, schema.IdentityBirthDate)
}

// drawBooklets draws a booklet for each person.
func drawBooklets(p *page, sheets []Sheet, o Options) error {
	for _, b := range bookletsOf(sheets) {
		b.fill(o)
		if err := drawBooklet(p, b, o.InReadingOrder); err != nil {
			return err
		}
	}
	return nil
}
