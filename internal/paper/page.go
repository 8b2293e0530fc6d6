package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // logos
	"image/png"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/employment-passport/passport/internal/i18n"
)

// page is a PDF that is being drawn, and where on it the next mark falls.
type page struct {
	pdf           *fpdf.Fpdf
	width, height float64 // of the current side
	embedded      [faces]bool
	images        int
	codes         symbols
	large         map[string]bool // codes that may be above mostModules
	measured      bool            // lays out and draws no letter: tests that measure need no faces
	placed        []placed        // every text, code and picture, for the tests that measure them
}

// placed is a mark with the box that it was given and the room that it takes.
type placed struct {
	side       int // of the PDF, from 1
	within     box // what it may use
	ink        box // what it uses
	text       string
	cut        bool
	pageW      float64
	pageH      float64
	size       float64
	least      float64 // size that the style allows
	isCode     bool
	moduleSize float64
}

// newPage begins a PDF without a side. The dates in it are now. The library
// writes the language as it comes, unescaped: it is one of ours or the default,
// whatever a document calls its own.
func newPage(title, lang string, now time.Time) *page {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: a4Width, Ht: a4Height}})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	pdf.SetCatalogSort(true) // the same bytes every time
	pdf.SetCreationDate(now.UTC())
	pdf.SetModificationDate(now.UTC())
	pdf.SetProducer("Passport", true)
	pdf.SetTitle(clean(title), true)
	pdf.SetLang(i18n.Main(lang))
	return &page{pdf: pdf}
}

// sheet begins a new side of the given size.
func (p *page) sheet(w, h float64) {
	p.width, p.height = w, h
	p.pdf.AddPageFormat("P", fpdf.SizeType{Wd: w, Ht: h})
}

// side is the number of the current side, from 1.
func (p *page) side() int { return p.pdf.PageNo() }

// back returns to an earlier side, to write what is known only at the end.
func (p *page) back(side int) {
	p.pdf.SetPage(side)
	p.width, p.height, _ = p.pdf.PageSize(side)
	if !p.measured {
		p.pdf.SetFont("", "", 1) // the library thinks that the face is still set
	}
}

// text draws into a box: shrunk, broken and at last cut with a mark until it fits.
func (p *page) text(in box, text string, st style) fit {
	f := fitting(text, in.w, in.h, st)
	p.draw(in, f, st)
	return f
}

// textAt draws from x, y down, w wide and as high as it becomes.
func (p *page) textAt(x, y, w float64, text string, st style) fit {
	f := measure(text, w, st)
	p.draw(box{x, y, w, f.height}, f, st)
	return f
}

// draw writes measured lines into a box.
func (p *page) draw(in box, f fit, st style) {
	st = st.withDefaults()
	step := f.size * st.lead * mmPerPoint
	for i, line := range f.lines {
		w := widthOf(line, st.face, f.size)
		x := in.x
		switch st.align {
		case 'C':
			x += (in.w - w) / 2
		case 'R':
			x += in.w - w
		}
		y := in.y + float64(i)*step
		p.note(placed{within: in, ink: box{x, y, w, step}, text: line, cut: f.cut && i == len(f.lines)-1, size: f.size, least: min(minSize, st.least)})
		p.spans(x, y+step/2+0.355*f.size*mmPerPoint, line, st, f.size)
	}
}

func (p *page) note(m placed) {
	m.side, m.pageW, m.pageH = p.side(), p.width, p.height
	p.placed = append(p.placed, m)
}

// spans draws one line from x on the base line y.
func (p *page) spans(x, y float64, line string, st style, size float64) {
	if p.measured {
		return
	}
	for _, s := range spansOf(line, st.face) {
		if s.shaped != nil {
			p.outlines(s, x, y, size, st.ink)
		} else {
			p.use(s.face, size)
			p.pdf.SetTextColor(int(st.ink), int(st.ink), int(st.ink))
			p.pdf.Text(x, y, s.text)
		}
		x += float64(s.width) / 1000 * size * mmPerPoint
	}
}

// operands of the colour operators of PDF.
func (c ink) operands() string {
	v := float64(c) / 255
	return fmt.Sprintf("%.3f %.3f %.3f", v, v, v)
}

// line draws a rule of the given thickness.
func (p *page) line(x1, y1, x2, y2, thick float64) {
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.SetLineWidth(thick)
	p.pdf.Line(x1, y1, x2, y2)
}

// rect draws a frame, or with a shade from 0 (black) to 255 a filled one.
func (p *page) rect(b box, thick float64) {
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.SetLineWidth(thick)
	p.pdf.Rect(b.x, b.y, b.w, b.h, "D")
}

// dot draws a circle: full, or its outline.
func (p *page) dot(x, y, radius float64, full bool) {
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.SetFillColor(0, 0, 0)
	p.pdf.SetLineWidth(0.3)
	how := "D"
	if full {
		how = "DF"
	}
	p.pdf.Circle(x, y, radius, how)
}

// maxLogo bounds the picture that a body prints on its papers.
const maxLogo = 4096 // pixels a side

// image draws a PNG or JPEG as large as the box allows, from its upper left
// corner, and gives the room taken.
func (p *page) image(in box, picture []byte) (box, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		return box{}, fmt.Errorf("%w: %w", ErrLogo, err)
	}
	if size.Width > maxLogo || size.Height > maxLogo || size.Width < 1 || size.Height < 1 {
		return box{}, fmt.Errorf("%w: %d × %d pixels, at most %d a side", ErrLogo, size.Width, size.Height, maxLogo)
	}
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return box{}, fmt.Errorf("%w: %w", ErrLogo, err)
	}
	flat := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height)) // on white paper
	draw.Draw(flat, flat.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, img, img.Bounds().Min, draw.Over)
	var plain bytes.Buffer
	if err := png.Encode(&plain, flat); err != nil {
		return box{}, fmt.Errorf("draw logo: %w", err)
	}
	scale := min(in.w/float64(size.Width), in.h/float64(size.Height))
	at := box{in.x, in.y, float64(size.Width) * scale, float64(size.Height) * scale}
	p.images++
	name := fmt.Sprintf("picture%d", p.images)
	p.pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, &plain)
	p.pdf.ImageOptions(name, at.x, at.y, at.w, at.h, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	p.note(placed{within: in, ink: at})
	return at, nil
}

// attachment is a file inside the PDF.
type attachment struct {
	name, about string
	data        []byte
}

func (p *page) attach(files []attachment) {
	all := make([]fpdf.Attachment, len(files))
	for i, f := range files {
		all[i] = fpdf.Attachment{Content: f.data, Filename: f.name, Description: f.about}
	}
	p.pdf.SetAttachments(all)
}

// end writes the PDF.
func (p *page) end(w io.Writer) error {
	if err := p.pdf.Output(w); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}
