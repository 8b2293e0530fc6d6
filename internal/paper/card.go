package paper

import (
	"slices"
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
	left, below := x+cardWidth-side-.5, y+cardHeight-side-.5
	words := box{x + cardEdge, y + cardEdge, left - x - cardEdge, cardHeight - 2*cardEdge}
	name := p.cardName(nameOf(s.Credential), below-words.y)
	if name.lines == nil { // a very large code: the name stands in the column
		below = y + (cardHeight-side)/2
	}
	if _, err := p.code(left, below, module, text); err != nil {
		return err
	}
	if name.lines != nil {
		p.draw(box{words.x, words.y, cardWidth - 2*cardEdge, name.height}, name, nameOnCard)
		words.y, words.h = words.y+name.height+.6, words.h-name.height-.6
	}
	p.cardWords(words, s, number, name.lines == nil)
	return nil
}

// nameOnCard may become smaller than other text, in two lines, before it is cut.
var nameOnCard = style{face: bold, size: 13, least: 10, lead: cardLead}

// cardName is the name over the whole card, above the code; no lines where a
// code leaves no room for it.
func (p *page) cardName(name string, room float64) fit {
	if f := fitting(name, cardWidth-2*cardEdge, room, nameOnCard); !f.cut && f.height <= room+tiny {
		return f
	}
	return fit{}
}

// cardWords fills the column beside the code from the top: the sign and what to
// do with the code, both without words, the name where it stands nowhere else,
// what the card is, whose and which one, and in the room that is left the rest.
func (p *page) cardWords(in box, s *Sheet, number int, withName bool) {
	p.cardSign(in.x+signRadius+.5, in.y+signRadius+.5, number)
	scanPictogram(p, in.x+2*signRadius+1, in.y, 2*signRadius)
	top, end := in.y+2*signRadius+1.2, in.y+in.h
	for _, last := range slices.Backward(cardFoot(s)) { // whatever else there is
		f := fitting(last.text, in.w, 3*cardLine, last.st)
		end -= f.height
		p.draw(box{in.x, end, in.w, f.height}, f, last.st)
	}
	if withName {
		name := fitting(nameOf(s.Credential), in.w, end-top-cardLine, nameOnCard)
		p.draw(box{in.x, top, in.w, name.height}, name, nameOnCard)
		top += name.height + .6
	}
	for i, part := range cardParts(s) {
		if i == 2 {
			top += 1.2 // what to do is another matter
		}
		f := fitting(part.text, in.w, end-top, part.st)
		if part.text == "" || f.height > end-top+tiny || f.cut && (i > 0 || f.lines[0] == "…") {
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

// cardFoot is what a card bears at the end of its column: until when the copy is
// good, and small the body, the number and the day of a status that has no code.
func cardFoot(s *Sheet) (parts []rowPart) {
	small := style{size: smallest, least: smallest, lead: cardLead}
	t, v := tonguesOf(s), s.Credential.View()
	add := func(text string, st style) {
		if text != "" {
			parts = append(parts, rowPart{text, st})
		}
	}
	add(v.AwardingBody, small)
	typed := small
	typed.code, typed.face = true, bold
	add(v.DocumentNumber, typed)
	if status := statusBeside(s, tongues{t[0]}); status != nil {
		add(status[0], small)
	}
	if until := t.until("card.until", s.Credential); !until.empty() {
		add(until[0], style{lead: cardLead})
	}
	return parts
}

// cardParts are the words under the sign, the most telling first: what the card
// is (the passport in both languages, a certificate by its title, which has
// one), and what the pictogram says.
func cardParts(s *Sheet) []rowPart {
	t, v := tonguesOf(s), s.Credential.View()
	first, second := style{lead: cardLead, least: 10}, style{lead: cardLead, ink: soft}
	what := once(v.Title)
	if v.Passport != nil {
		what = t.words("booklet.title")
	}
	scan := t.words("card.scan")
	return []rowPart{{what[0], first}, {what[1], second}, {scan[0], second}, {scan[1], second}}
}

// cardSign draws the sign of the n-th card, the number white upon it.
func (p *page) cardSign(x, y float64, n int) {
	p.drawSign(signOf(n), x, y, signRadius)
	st := style{face: bold, size: 16, align: 'C', lead: 1, ink: white}
	p.textAt(x-signRadius, y-16*mmPerPoint/2, 2*signRadius, strconv.Itoa(n), st)
}

// white is for figures on a dark shape.
const white ink = 0xFF
