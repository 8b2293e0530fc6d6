package paper

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
)

// CV writes a curriculum vitae. What bodies have certified and what the person
// says stand apart, and each says which it is. Its error wraps qr.ErrTooLarge
// where a code does not fit its place.
func CV(w io.Writer, d CVData, o Options) error {
	p, err := drawnCV(d, o)
	if err != nil {
		return err
	}
	return p.end(w)
}

func drawnCV(d CVData, o Options) (*page, error) {
	lang := i18n.Main(d.Language)
	title := i18n.T(lang, "cv.title", nil)
	p := newPage(title, lang, o.Now)
	p.measured = o.measured
	d.Lines = checkedFirst(d.Lines)
	c := &cvDrawing{a4: p.beginPlain(tongues{lang}), CVData: d, lang: lang}
	c.head(title)
	c.certified()
	c.own()
	if err := c.codes(); err != nil {
		return nil, err
	}
	c.finishPlain(d.Name)
	p.attach(cvFiles(d.Tokens))
	return p, p.pdf.Error()
}

func cvFiles(tokens []string) []attachment {
	files := make([]attachment, len(tokens))
	for i, token := range tokens {
		files[i] = attachment{fmt.Sprintf("credential-%d.jwt", i+1), "application/vc+jwt", []byte(token)}
	}
	return files
}

// cvDrawing is one curriculum on its way into a PDF.
type cvDrawing struct {
	*a4
	CVData
	lang string
}

func (c *cvDrawing) t(key string) string { return i18n.T(c.lang, key, nil) }

// head is who the person is and how to reach them.
func (c *cvDrawing) head(title string) {
	c.write(margin, a4Column, title, style{ink: soft})
	c.write(margin, a4Column, c.Name, style{face: bold, size: 26, lead: 1.15})
	if c.OriginalName != "" && canDraw(c.OriginalName) {
		c.write(margin, a4Column, c.OriginalName, style{size: 18})
	}
	if len(c.Contact) > 0 {
		c.write(margin, a4Column, strings.Join(c.Contact, "  ·  "), style{ink: soft})
	}
	c.rule(1)
}

func (c *cvDrawing) rule(thick float64) {
	c.y += 1.5
	c.line(margin, c.y, margin+a4Column, c.y, thick)
	c.y += 2.5
}

// title opens a part.
func (c *cvDrawing) title(words string, follows float64) {
	c.space(gap)
	c.need(10 + follows)
	c.write(margin, a4Column, words, style{face: bold, size: 15, lead: 1.2})
	c.line(margin, c.y+.5, margin+a4Column, c.y+.5, edge)
	c.y += 2.5
}

const markSide = 5.2

// certified are the lines that a body has signed, each with a drawn mark and the
// word: first those that were checked, then, apart, those that nobody has.
func (c *cvDrawing) certified() {
	for i, line := range c.Lines {
		if i == 0 || line.Verified != c.Lines[i-1].Verified {
			c.part(line.Verified)
		}
		c.certifiedLine(i+1, line)
	}
}

// part opens the lines that were checked, or those that were not.
func (c *cvDrawing) part(verified bool) {
	note := c.t("cv.unverified.note")
	if verified {
		c.title(c.t("cv.verified.title"), 24)
		note = ""
		if !c.AsOf.IsZero() {
			note = dated(c.lang, "cv.verified.note", c.AsOf)
		}
	} else {
		c.title(c.t("cv.unverified.title"), 24)
	}
	if note != "" {
		c.write(margin, a4Column, note, style{ink: soft})
		c.y += 1.5
	}
}

// checkedFirst puts the lines that were checked before the others.
func checkedFirst(lines []CVLine) []CVLine {
	return slices.SortedStableFunc(slices.Values(lines), func(a, b CVLine) int {
		switch {
		case a.Verified == b.Verified:
			return 0
		case a.Verified:
			return -1
		}
		return 1
	})
}

func (c *cvDrawing) certifiedLine(number int, l CVLine) {
	const left = margin + markSide + 3
	word := c.t("cv.unverified")
	if l.Verified {
		word = c.t("cv.verified")
	}
	wordWidth := min(widthOf(clean(word), bold, minSize)+1, 52)
	title := style{face: bold, size: 13, lead: 1.2}
	w := margin + a4Column - wordWidth - 3 - left
	text := strconv.Itoa(number) + ". " + l.Title
	c.need(measure(text, w, title).height + 2*lineHeight)
	top := c.y
	c.mark(margin, top+.4, l.Verified)
	c.text(box{margin + a4Column - wordWidth, top, wordWidth, lineHeight}, word, style{face: bold, align: 'R'})
	c.write(left, w, text, title)
	under := []string{}
	for _, part := range []string{l.Issuer, i18n.Date(c.lang, l.Date)} {
		if part != "" {
			under = append(under, part)
		}
	}
	c.write(left, margin+a4Column-left, strings.Join(under, " · "), style{ink: soft})
	if l.About != "" {
		c.write(left, margin+a4Column-left, l.About, style{ink: soft})
	}
	for _, detail := range l.Details {
		c.need(lineHeight)
		c.dot(left+1.2, c.y+lineHeight/2, .7, true)
		c.write(left+4, margin+a4Column-left-4, detail, style{})
	}
	c.y += 2
}

// mark is a full square with a tick, or an empty one.
func (c *cvDrawing) mark(x, y float64, verified bool) {
	c.pdf.SetDrawColor(0, 0, 0)
	c.pdf.SetLineWidth(.4)
	if !verified {
		c.pdf.RoundedRect(x, y, markSide, markSide, 1, "1234", "D")
		return
	}
	c.pdf.SetFillColor(0, 0, 0)
	c.pdf.RoundedRect(x, y, markSide, markSide, 1, "1234", "DF")
	c.pdf.SetDrawColor(255, 255, 255)
	c.tick(x, y, markSide)
	c.pdf.SetDrawColor(0, 0, 0)
}

// own are the person's words, and say so once.
func (c *cvDrawing) own() {
	if len(c.Own) == 0 {
		return
	}
	for i, section := range c.Own {
		c.title(section.Title, 14)
		if i == 0 {
			c.write(margin, a4Column, c.t("cv.own.note"), style{ink: soft, face: italic})
			c.y += 1.5
		}
		for _, item := range section.Items {
			c.item(item)
		}
	}
}

func (c *cvDrawing) item(i CVItem) {
	const when = 34.0
	c.need(2 * lineHeight)
	left, w := margin, a4Column
	side := c.side()
	if i.When != "" {
		c.text(box{margin, c.y, when - 3, 2 * lineHeight}, i.When, style{ink: soft})
		left, w = margin+when, a4Column-when
	}
	if i.When == "" && i.Where == "" && i.Title != "" && i.Text != "" && c.pair(i) {
		return
	}
	least := c.y + lineHeight
	c.write(left, w, i.Title, style{face: bold})
	if i.Where != "" {
		c.write(left, w, i.Where, style{ink: soft})
	}
	if i.Text != "" {
		c.write(left, w, i.Text, style{})
	}
	if c.side() == side {
		c.y = max(c.y, least)
	}
	c.y += 2
}

// pair writes a short title and its text on one line, as languages have them.
func (c *cvDrawing) pair(i CVItem) bool {
	const column = 68.0
	if measure(i.Title, column-4, style{face: bold}).height > lineHeight+tiny || measure(i.Text, a4Column-column, style{}).height > lineHeight+tiny {
		return false
	}
	c.textAt(margin, c.y, column-4, i.Title, style{face: bold})
	c.textAt(margin+column, c.y, a4Column-column, i.Text, style{})
	c.y += lineHeight + .6
	return true
}

// codes stand together at the end, each with the number of its line: beside the
// lines they would make a curriculum of one page a book.
func (c *cvDrawing) codes() error {
	all := c.allCodes()
	if len(all) == 0 {
		return nil
	}
	const perRow = 3
	column := a4Column / perRow
	most, err := c.codeRoom(all, column)
	if err != nil {
		return err
	}
	c.title(c.t("cv.codes"), most+2*lineHeight)
	for i, code := range all {
		if i%perRow == 0 && i > 0 {
			c.y += most + 2*lineHeight + 2
			c.need(most + 2*lineHeight)
		}
		x := margin + float64(i%perRow)*column
		if _, err := c.code(x, c.y, leastModule, code.Text); err != nil {
			return err
		}
		c.text(box{x + 1, c.y + most, column - 4, 2 * lineHeight}, code.Caption, style{lead: 1.15})
	}
	c.y += most + 2*lineHeight
	return nil
}

func (c *cvDrawing) allCodes() (all []QR) {
	for i, line := range c.Lines {
		if line.QR != "" {
			all = append(all, QR{Text: line.QR, Caption: strconv.Itoa(i+1) + ". " + line.Title})
		}
	}
	return all
}

// codeRoom is the side of the largest code, which must fit a column.
func (c *cvDrawing) codeRoom(all []QR, column float64) (most float64, err error) {
	for _, code := range all {
		module, err := c.moduleFor(code.Text, column)
		if err != nil {
			return 0, fmt.Errorf("code %q: %w", code.Caption, err)
		}
		side, err := c.codeSide(code.Text, min(module, leastModule))
		if err != nil {
			return 0, err
		}
		most = max(most, side)
	}
	return most, nil
}
