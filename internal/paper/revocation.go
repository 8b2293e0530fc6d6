package paper

import (
	"io"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// Letter writes the letters, each on one A4, in both languages side by side.
// It names no fault of the person's: the reason is a code, and its words are ours.
func Letter(w io.Writer, letters []RevocationLetter, o Options) error {
	p, err := drawnLetters(letters, o)
	if err != nil {
		return err
	}
	return p.end(w)
}

func drawnLetters(letters []RevocationLetter, o Options) (*page, error) {
	if len(letters) == 0 {
		return nil, ErrNothing
	}
	lang := i18n.Main(letters[0].Languages[0])
	p := newPage(i18n.T(lang, "letter.title", nil), lang, o.Now)
	p.measured = o.measured
	for _, l := range letters {
		t := tonguesOf(&Sheet{Languages: l.Languages})
		d := &letterDrawing{a4: p.beginPlain(t), RevocationLetter: l}
		if err := d.draw(o); err != nil {
			return nil, err
		}
	}
	return p, p.pdf.Error()
}

// letterDrawing is one letter on its way into a PDF.
type letterDrawing struct {
	*a4
	RevocationLetter
}

func (l *letterDrawing) draw(o Options) error {
	if l.Days == 0 {
		l.Days = DaysToObject
	}
	if l.Contact == "" {
		l.Contact = firstNonEmpty(o.Contact, l.Issuer.Name)
	}
	if err := l.sender(o); err != nil {
		return err
	}
	l.columns(l.tongue.words(l.key("title")), style{face: bold, size: 18, lead: 1.15})
	l.y += 4
	l.columns(l.tongue.words("letter.greeting", "name", l.Name), style{})
	l.y += 2
	l.columns(l.withDate(l.key("which"), l.RevokedOn.UTC().Format("2006-01-02")), style{})
	l.certificate()
	l.columns(l.tongue.words("letter.why"), style{face: bold, size: 13})
	l.why()
	if l.Successor != "" {
		l.columns(l.tongue.words(l.key("successor"), "number", l.Successor), style{})
	}
	l.columns(l.tongue.words(l.key("others")), style{})
	l.y += 3
	l.columns(l.tongue.words("letter.do"), style{face: bold, size: 13})
	l.columns(l.object(o.Now), style{})
	l.columns(l.tongue.words("letter.how", "contact", l.Contact), style{})
	l.columns(l.tongue.words("letter.free"), style{})
	l.signature()
	if l.side() > l.first { // a loose side tells what it belongs to
		l.finishPlain(l.tongue.words(l.key("title"))[0])
	}
	return nil
}

// key picks the words of a passport or of a certificate.
func (l *letterDrawing) key(of string) string {
	if l.Passport {
		return "letter.passport." + of
	}
	return "letter." + of
}

// why is the reason, or which part a passport fell with and whose that is.
func (l *letterDrawing) why() {
	if l.Component == nil {
		l.columns(l.tongue.words(reasonKey(l.Reason)), style{})
		return
	}
	l.columns(l.tongue.words("letter.component"), style{})
	about := l.Component.Title
	if number := l.Component.Number; number != "" {
		about = joined(about, l.tongue.words("paper.number", "number", number)[0])
	}
	if about != "" {
		l.write(margin, a4Column, about, style{face: bold})
		l.y += 1.5
	}
	if l.Component.Issuer != "" {
		l.columns(l.tongue.words("letter.component_of", "issuer", l.Component.Issuer), style{})
	}
	if l.Successor == "" {
		l.columns(l.tongue.words("letter.component_again"), style{})
	}
}

// signature is a line for the body to sign on, at the right as letters have it.
func (l *letterDrawing) signature() {
	l.y += 6
	l.need(20)
	left := a4Width / 2
	l.both(left, a4Width-margin-left, l.tongue.words("letter.signature"), style{})
	l.line(left, l.y+16, a4Width-margin, l.y+16, .2)
}

// sender is who writes, with the logo, and when; below it to whom.
func (l *letterDrawing) sender(o Options) error {
	left := margin
	if len(o.Logo) > 0 {
		at, err := l.image(box{margin, margin, 40, logoHeight}, o.Logo)
		if err != nil {
			return err
		}
		left += at.w + 4
	}
	l.text(box{left, margin, a4Width - margin - left - 45, 2 * lineHeight}, l.Issuer.Name, style{face: bold, size: 14, lead: 1.2})
	l.text(box{a4Width - margin - 44, margin, 44, lineHeight}, i18n.Day(l.tongue[0], o.Now), style{align: 'R'})
	l.y = margin + 2*lineHeight + 6
	f := l.text(box{a4Width / 2, l.y, a4Width/2 - margin, 4 * lineHeight}, l.Name, style{face: bold, size: 13})
	l.y += max(f.height, 2*lineHeight) + 12
	return nil
}

// columns writes a text in both languages side by side, the longer deciding
// where the next begins; of one language over the whole width.
func (l *letterDrawing) columns(text twice, st style) {
	st.lead = 1.22
	if l.tongue[1] == "" {
		l.write(margin, a4Column, text[0], st)
		l.y += 1.5
		return
	}
	w := (a4Column - gutter) / 2
	second := st
	second.ink = soft
	if text[1] == "" {
		text[1] = text[0]
	}
	high := max(measure(text[0], w, st).height, measure(text[1], w, second).height)
	l.need(high)
	l.textAt(margin, l.y, w, text[0], st)
	l.textAt(margin+w+gutter, l.y, w, text[1], second)
	l.y += high + 1.5
}

// certificate is which one, framed: its own title, number and day.
func (l *letterDrawing) certificate() {
	title := measure(l.Title, a4Column-8, style{face: bold, size: 14, lead: 1.2})
	about := []string{}
	if l.DocumentNumber != "" {
		about = append(about, l.tongue.words("paper.number", "number", l.DocumentNumber)[0])
	}
	if l.IssuedOn != "" {
		about = append(about, l.withDate("booklet.issued", l.IssuedOn).oneLine())
	}
	high := title.height + float64(len(about))*lineHeight + 6
	l.need(high)
	l.rect(box{margin, l.y, a4Column, high}, .5)
	l.draw2(title, style{face: bold, size: 14, lead: 1.2}, about)
	l.y += high + 5
}

func (l *letterDrawing) draw2(title fit, st style, about []string) {
	l.page.draw(box{margin + 4, l.y + 3, a4Column - 8, title.height}, title, st)
	for i, line := range about {
		l.text(box{margin + 4, l.y + 3 + title.height + float64(i)*lineHeight, a4Column - 8, lineHeight}, line, style{})
	}
}

func (l *letterDrawing) withDate(key, iso string) twice {
	return l.tongue.each(func(lang string) string { return i18n.T(lang, key, map[string]string{"date": i18n.Date(lang, iso)}) })
}

// object tells until when the person may object, counted from the day of the letter.
func (l *letterDrawing) object(now time.Time) twice {
	until := now.AddDate(0, 0, l.Days)
	return l.tongue.each(func(lang string) string {
		return i18n.T(lang, "letter.object", map[string]string{"days": strconv.Itoa(l.Days), "date": i18n.Day(lang, until)})
	})
}

// reasonKey: of a reason that we do not know, the letter says just that the body
// can tell it, and blames nobody.
func reasonKey(r schema.Reason) string {
	if key := "letter.reason." + string(r); r != "" && i18n.Has(key) {
		return key
	}
	return "letter.reason.other"
}

func firstNonEmpty(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
