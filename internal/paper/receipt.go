package paper

import (
	"io"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
)

// Receipt writes what an employer may keep of a check.
func Receipt(w io.Writer, d ReceiptData, o Options) error {
	p, err := drawnReceipt(d, o)
	if err != nil {
		return err
	}
	return p.end(w)
}

func drawnReceipt(d ReceiptData, o Options) (*page, error) {
	lang := i18n.Main(d.Language)
	p := newPage(i18n.T(lang, "receipt.title", nil), lang, o.Now)
	p.measured = o.measured
	r := &receiptDrawing{a4: p.beginPlain(tongues{lang}), ReceiptData: d, lang: lang}
	r.head()
	r.result()
	r.shown()
	r.last()
	r.finishPlain(r.t("receipt.title"))
	return p, p.pdf.Error()
}

// receiptDrawing is one receipt on its way into a PDF.
type receiptDrawing struct {
	*a4
	ReceiptData
	lang string
}

func (r *receiptDrawing) t(key string) string { return i18n.T(r.lang, key, nil) }

func (r *receiptDrawing) head() {
	r.write(margin, a4Column, r.t("receipt.title"), style{face: bold, size: 22, lead: 1.2})
	r.line(margin, r.y+1, margin+a4Column, r.y+1, .8)
	r.y += 5
	r.row("receipt.when", momentOf(r.lang, r.Checked))
	if r.Authority != "" {
		r.row("receipt.authority", r.Authority)
	}
}

// row is a label with its value beside it.
func (r *receiptDrawing) row(key, value string) {
	const label = 52.0
	r.need(2 * lineHeight)
	y := r.y
	f := r.textAt(margin, y, label-3, r.t(key), style{ink: soft})
	r.write(margin+label, a4Column-label, value, style{face: bold})
	r.y = max(r.y, y+f.height) + 1
}

// result is the answer of the whole check, framed, with its sign and its date.
func (r *receiptDrawing) result() {
	r.y += 4
	const pad, signSide = 5.0, 14.0
	left := margin + pad + signSide + pad
	w := margin + a4Column - pad - left
	head := style{face: bold, size: 18, lead: 1.2}
	words := r.verdictWords(r.Result)
	body := []string{}
	if r.Result.Reason != "" {
		body = append(body, r.Result.Reason)
	}
	body = append(body, r.age())
	high := measure(words, w, head).height
	for _, text := range body {
		high += measure(text, w, style{}).height + 1
	}
	high = max(high, signSide) + 2*pad
	r.rect(box{margin, r.y, a4Column, high}, .8)
	r.verdictSign(margin+pad, r.y+pad, signSide, r.Result)
	y := r.y + pad
	y += r.textAt(left, y, w, words, head).height + 1
	for _, text := range body {
		y += r.textAt(left, y, w, text, style{}).height + 1
	}
	r.y += high + 5
}

func (r *receiptDrawing) verdictWords(v ReceiptResult) string {
	key := "verdict." + v.Verdict
	if v.Amber {
		key = "verdict.amber"
	}
	when := v.AsOf
	if when.IsZero() {
		when = r.Checked
	}
	return dated(r.lang, key, when)
}

// verdictSign is a full disc with a tick, an empty ring with a question, or a
// full square with a cross: three shapes, so that no colour is needed.
func (r *receiptDrawing) verdictSign(x, y, side float64, v ReceiptResult) {
	r.pdf.SetDrawColor(0, 0, 0)
	r.pdf.SetFillColor(0, 0, 0)
	r.pdf.SetLineWidth(side * .06)
	middle := side / 2
	switch v.Verdict {
	case "valid":
		r.pdf.Circle(x+middle, y+middle, middle, "F")
		r.pdf.SetDrawColor(255, 255, 255)
		r.tick(x+side*.08, y+side*.06, side*.84)
	case "invalid":
		r.pdf.RoundedRect(x, y, side, side, side*.1, "1234", "F")
		r.pdf.SetDrawColor(255, 255, 255)
		r.pdf.SetLineWidth(side * .12)
		r.pdf.Line(x+side*.28, y+side*.28, x+side*.72, y+side*.72)
		r.pdf.Line(x+side*.72, y+side*.28, x+side*.28, y+side*.72)
	default:
		r.pdf.Circle(x+middle, y+middle, middle*.94, "D")
		size := side / mmPerPoint * .7
		r.textAt(x, y+(side-size*mmPerPoint)/2, side, "?", style{face: bold, size: size, align: 'C', lead: 1})
	}
	r.pdf.SetDrawColor(0, 0, 0)
}

// age says in days how old the last word about revocation was.
func (r *receiptDrawing) age() string {
	if r.StatusAsOf.IsZero() {
		return r.t("receipt.age.none")
	}
	switch days := int(r.Checked.UTC().Truncate(24*time.Hour).Sub(r.StatusAsOf.UTC().Truncate(24*time.Hour)) / (24 * time.Hour)); {
	case days <= 0:
		return r.t("receipt.age.fresh")
	case days == 1:
		return r.t("receipt.age.day")
	default:
		return i18n.T(r.lang, "receipt.age.days", map[string]string{"days": strconv.Itoa(days)})
	}
}

// shown lists the documents, each with its own answer.
func (r *receiptDrawing) shown() {
	r.write(margin, a4Column, r.t("receipt.shown"), style{face: bold, size: 15, lead: 1.2})
	r.line(margin, r.y+.5, margin+a4Column, r.y+.5, edge)
	r.y += 3
	if len(r.Shown) == 0 {
		r.write(margin, a4Column, r.t("receipt.nothing"), style{})
	}
	for i, d := range r.Shown {
		r.document(i+1, d)
	}
}

func (r *receiptDrawing) document(n int, d ReceiptDocument) {
	const signSide, left = 7.0, margin + 12.0
	w := margin + a4Column - left
	title := firstNonEmpty(d.Title, r.t("receipt.untitled"))
	r.need(4 * lineHeight)
	r.verdictSign(margin, r.y, signSide, d.Result)
	r.write(left, w, strconv.Itoa(n)+". "+title, style{face: bold, size: 13})
	for _, text := range []string{d.Issuer, issuedOn(r.lang, d.IssuedOn)} {
		if text != "" {
			r.write(left, w, text, style{ink: soft})
		}
	}
	r.write(left, w, r.verdictWords(d.Result), style{})
	if d.Result.Reason != "" {
		r.write(left, w, d.Result.Reason, style{})
	}
	r.y += 3
}

func issuedOn(lang, iso string) string {
	if iso == "" {
		return ""
	}
	return i18n.T(lang, "booklet.issued", map[string]string{"date": i18n.Date(lang, iso)})
}

// last are the two sentences that keep a receipt from being taken for more.
func (r *receiptDrawing) last() {
	r.space(gap)
	r.need(5 * lineHeight)
	r.line(margin, r.y, margin+a4Column, r.y, edge)
	r.y += 3
	r.write(margin, a4Column, r.t("verdict.not_suitability"), style{})
	r.y += 1.5
	r.write(margin, a4Column, r.t("receipt.no_data"), style{})
}
