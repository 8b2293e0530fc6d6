package paper

import (
	"strconv"
)

// A card has the size of a bank card (ISO/IEC 7810, ID-1). Eight stand edge to
// edge on a sheet, so that four cuts across and three along set them free.
const (
	cardWidth, cardHeight = 85.6, 54.0
	cardColumns, cardRows = 2, 4
	cardEdge              = 2.5 // white inside the cut
	signRadius            = 6.0
)

func init() { layouts[LayoutCard] = drawCards }

// drawCards lays the cards of all sheets out, eight on a side. The cards of
// one person are numbered from 1, each with a sign of its own.
func drawCards(p *page, sheets []Sheet, _ Options) error {
	numbers := map[string]int{}
	const perSide = cardColumns * cardRows
	for i := range sheets {
		if i%perSide == 0 {
			p.sheet(a4Width, a4Height)
			p.cropMarks(min(perSide, len(sheets)-i))
		}
		who := holderKey(sheets[i].Credential)
		numbers[who]++
		x, y := cardAt(i % perSide)
		if err := p.card(x, y, &sheets[i], numbers[who]); err != nil {
			return err
		}
	}
	return nil
}

// cardAt is the upper left corner of a place on the sheet, from 0.
func cardAt(place int) (x, y float64) {
	left := (a4Width - cardColumns*cardWidth) / 2
	top := (a4Height - cardRows*cardHeight) / 2
	return left + float64(place%cardColumns)*cardWidth, top + float64(place/cardColumns)*cardHeight
}

// cropMarks stand outside the cards, at the ends of every cut.
func (p *page) cropMarks(cards int) {
	rows := (cards + cardColumns - 1) / cardColumns
	left, top := cardAt(0)
	right, bottom := left+cardColumns*cardWidth, top+float64(rows)*cardHeight
	const away, long = 2.0, 6.0
	for c := range cardColumns + 1 {
		x := left + float64(c)*cardWidth
		p.line(x, top-away, x, top-away-long, .15)
		p.line(x, bottom+away, x, bottom+away+long, .15)
	}
	for r := range rows + 1 {
		y := top + float64(r)*cardHeight
		p.line(left-away, y, left-away-long, y, .15)
		p.line(right+away, y, right+away+long, y, .15)
	}
}

// card draws one card: at the left the sign, what to do, whose it is and what
// it is; at the right the code, as large as the card allows.
func (p *page) card(x, y float64, s *Sheet, number int) error {
	text, err := codeOf(s)
	if err != nil {
		return err
	}
	module, err := p.moduleFor(text, 46)
	if err != nil {
		if module, err = p.moduleFor(text, cardHeight-1); err != nil {
			return err
		}
	}
	side, err := p.codeSide(text, module)
	if err != nil {
		return err
	}
	// The quiet zone is white, and so is the edge of the card: they share it.
	left := x + cardWidth - side - .5
	if _, err := p.code(left, y+(cardHeight-side)/2, module, text); err != nil {
		return err
	}
	p.cardWords(box{x + cardEdge, y + cardEdge, left - x - cardEdge, cardHeight - 2*cardEdge}, s, number)
	return nil
}

// cardWords fills the column beside the code from the top: the sign and what to
// do with the code, both without words, the name in full, what the card is, and
// in the room that is left the rest.
func (p *page) cardWords(in box, s *Sheet, number int) {
	p.cardSign(in.x+signRadius+.5, in.y+signRadius+.5, number)
	scanPictogram(p, in.x+2*signRadius+1, in.y, 2*signRadius)
	bold13 := style{face: bold, size: 13, least: minSize, lead: cardLead}
	top, end := in.y+2*signRadius+1.2, in.y+in.h
	if until := tonguesOf(s).until("card.until", s.Credential); !until.empty() { // at the foot, whatever else there is
		f := measure(until[0], in.w, style{lead: cardLead})
		end -= f.height
		p.draw(box{in.x, end, in.w, f.height}, f, style{lead: cardLead})
	}
	name := fitting(nameOf(s.Credential), in.w, end-top-cardLine, bold13)
	p.draw(box{in.x, top, in.w, name.height}, name, bold13)
	top += name.height + .6
	for i, part := range cardParts(s) {
		if i == 2 {
			top += 1.2 // what to do is another matter
		}
		f := fitting(part.text, in.w, end-top, part.st)
		if part.text == "" || f.height > end-top+tiny || f.cut && f.lines[0] == "…" {
			continue
		}
		p.draw(box{in.x, top, in.w, f.height}, f, part.st)
		top += f.height
	}
}

const (
	cardLead = 1.12
	cardLine = minSize * cardLead * mmPerPoint
)

// cardParts are the words under the name, the most telling first: what the card
// is (the passport in both languages, a certificate by its title, which has
// one), its number, and what the pictogram says.
func cardParts(s *Sheet) []rowPart {
	t, v := tonguesOf(s), s.Credential.View()
	first, second := style{lead: cardLead}, style{lead: cardLead, ink: soft}
	what := once(v.Title)
	if v.Passport != nil {
		what = t.words("booklet.title")
	}
	scan := t.words("card.scan")
	return []rowPart{{what[0], first}, {what[1], second}, {scan[0], first}, {scan[1], second}}
}

// cardSign draws the sign of the n-th card, the number white upon it.
func (p *page) cardSign(x, y float64, n int) {
	p.drawSign(signOf(n), x, y, signRadius)
	st := style{face: bold, size: 16, align: 'C', lead: 1, ink: white}
	p.textAt(x-signRadius, y-16*mmPerPoint/2, 2*signRadius, strconv.Itoa(n), st)
}

// white is for figures on a dark shape.
const white ink = 0xFF
