package paper

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/employment-passport/passport/internal/i18n"
)

// joiner strings PDFs that this package made into one, as they come, and holds
// none of them: of a thousand booklets only the places of their objects are
// kept. It reads the cross-reference table that the PDF library writes (ISO
// 32000-1, 7.5.4) and nothing else would do: it is no reader of strangers' files.
type joiner struct {
	w      io.Writer
	at     int64
	places []int64 // of objects, from number 1
	kids   []int   // the page trees
	files  []int   // the attachments of all
	pages  int
	err    error
}

const joinHead = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

func newJoiner(w io.Writer) *joiner {
	j := &joiner{w: w, places: make([]int64, 3)} // the first three close the file
	j.write([]byte(joinHead))
	return j
}

func (j *joiner) write(data []byte) {
	if j.err == nil {
		_, j.err = j.w.Write(data)
		j.at += int64(len(data))
	}
}

// object begins an object of the next number.
func (j *joiner) object(number int) {
	for len(j.places) < number {
		j.places = append(j.places, 0)
	}
	j.places[number-1] = j.at
	j.write(fmt.Appendf(nil, "%d 0 obj\n", number))
}

var (
	startXref = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	sizeOf    = regexp.MustCompile(`^xref\s+0 (\d+)\s+`)
	rootOf    = regexp.MustCompile(`/Root (\d+) 0 R`)
	infoOf    = regexp.MustCompile(`/Info (\d+) 0 R`)
	reference = regexp.MustCompile(`\b(\d+) 0 R\b`)
	countOf   = regexp.MustCompile(`/Count (\d+)`)
	fileOf    = regexp.MustCompile(`\(Attachement\d+\) (\d+) 0 R`)
)

// add copies the objects of a PDF under new numbers, without its catalogue, its
// title and its table. Attachments hang on the catalogue: which they are is kept
// for the catalogue of all.
func (j *joiner) add(pdf []byte) error {
	table, err := readTable(pdf)
	if err != nil {
		return err
	}
	base := len(j.places)
	if table.root > 0 {
		for _, m := range fileOf.FindAllSubmatch(table.object(pdf, table.root), -1) {
			n, _ := strconv.Atoi(string(m[1]))
			j.files = append(j.files, base+n)
		}
	}
	for number := 1; number < len(table.places); number++ {
		if number == table.root || number == table.info {
			continue
		}
		body := table.object(pdf, number)
		head, stream := body, []byte(nil)
		if i := bytes.Index(body, []byte("\nstream\n")); i >= 0 {
			head, stream = body[:i], body[i:]
		}
		head = reference.ReplaceAllFunc(head, func(ref []byte) []byte {
			n, _ := strconv.Atoi(string(ref[:bytes.IndexByte(ref, ' ')]))
			return fmt.Appendf(nil, "%d 0 R", base+n)
		})
		if number == pagesObject {
			j.kids = append(j.kids, base+number)
			if m := countOf.FindSubmatch(head); m != nil {
				n, _ := strconv.Atoi(string(m[1]))
				j.pages += n
			}
			head = bytes.Replace(head, []byte("/Type /Pages"), []byte("/Type /Pages /Parent 1 0 R"), 1)
		}
		j.object(base + number)
		j.write(head)
		j.write(stream)
	}
	for len(j.places) < base+len(table.places)-1 {
		j.places = append(j.places, 0)
	}
	return j.err
}

// The PDF library numbers the tree of pages 1.
const pagesObject = 1

// table is where the objects of a PDF stand.
type table struct {
	places     []int // by number
	end        int   // of the last object
	root, info int
}

func readTable(pdf []byte) (t table, err error) {
	tail := startXref.FindSubmatch(pdf)
	if tail == nil {
		return t, fmt.Errorf("join PDFs: no cross-reference table")
	}
	t.end, _ = strconv.Atoi(string(tail[1]))
	if t.end >= len(pdf) {
		return t, fmt.Errorf("join PDFs: the table is said to stand at %d of %d", t.end, len(pdf))
	}
	size := sizeOf.FindSubmatch(pdf[t.end:])
	if size == nil {
		return t, fmt.Errorf("join PDFs: unreadable table")
	}
	n, _ := strconv.Atoi(string(size[1]))
	rows := pdf[t.end+len(size[0]):]
	const row = 20 // bytes, as the standard fixes it
	if len(rows) < n*row {
		return t, fmt.Errorf("join PDFs: a table of %d rows is cut off", n)
	}
	for i := range n {
		place, err := strconv.Atoi(string(rows[i*row : i*row+10]))
		if err != nil || place > t.end {
			return t, fmt.Errorf("join PDFs: row %d of the table: %w", i, err)
		}
		t.places = append(t.places, place)
	}
	for _, m := range []struct {
		find *regexp.Regexp
		to   *int
	}{{rootOf, &t.root}, {infoOf, &t.info}} {
		if found := m.find.FindSubmatch(rows); found != nil {
			*m.to, _ = strconv.Atoi(string(found[1]))
		}
	}
	return t, nil
}

// object is what stands between "n 0 obj" and the next object.
func (t table) object(pdf []byte, number int) []byte {
	from, to := t.places[number], t.end
	for _, place := range t.places {
		if place > from && place < to {
			to = place
		}
	}
	body := pdf[from:to]
	return body[bytes.IndexByte(body, '\n')+1:]
}

// end writes the tree of all pages, the catalogue and the table.
func (j *joiner) end(title, lang string) error {
	j.object(1)
	j.write([]byte("<</Type /Pages /Kids ["))
	for _, kid := range j.kids {
		j.write(fmt.Appendf(nil, "%d 0 R ", kid))
	}
	j.write(fmt.Appendf(nil, "] /Count %d>>\nendobj\n", j.pages))
	j.object(2)
	j.write(fmt.Appendf(nil, "<</Type /Catalog /Pages 1 0 R /Lang (%s)", i18n.Main(lang)))
	if len(j.files) > 0 { // a name tree is sorted: all names are of one length
		j.write([]byte("/Names <</EmbeddedFiles <</Names ["))
		for n, file := range j.files {
			j.write(fmt.Appendf(nil, "(%08d) %d 0 R\n", n+1, file))
		}
		j.write([]byte("]>>>>"))
	}
	j.write([]byte(">>\nendobj\n"))
	j.object(3)
	j.write(fmt.Appendf(nil, "<</Producer (Passport) /Title <FEFF%X>>>\nendobj\n", bytesOf(clean(title))))
	xref := j.at
	j.write(fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(j.places)+1))
	for _, place := range j.places {
		kind := "n"
		if place == 0 { // the catalogues that were left out
			kind = "f"
		}
		j.write(fmt.Appendf(nil, "%010d 00000 %s \n", place, kind))
	}
	j.write(fmt.Appendf(nil, "trailer\n<</Size %d /Root 2 0 R /Info 3 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(j.places)+1, xref))
	return j.err
}
