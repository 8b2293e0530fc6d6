package xlsx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/issuer/sheet/xlsx"
)

// TestThreatE07WorkbookBombs: refused within a second and 128 MiB.
func TestThreatE07WorkbookBombs(t *testing.T) {
	if raced {
		t.Skip("one goroutine, and no second holds a second")
	}
	cell := `<c><v>1</v></c>`
	row := "<row>" + strings.Repeat(cell, 100) + "</row>"
	strings100 := strings.Repeat("<si><t>A</t></si>", 100)
	for name, bomb := range map[string]struct {
		data []byte
		code string
	}{
		"ten million cells":                {book(t, strings.Repeat(row, 100_000)), "sheet_unpacked"},
		"three million cells that shrink":  {book(t, strings.Repeat(row, 30_000)), "sheet_unpacked"},
		"three million cells, other names": {stored(t, strings.Repeat(strings.ReplaceAll(row, "<c>", "<x:c >"), 30_000)), "sheet_too_many_cells"},
		"a million and a half of cells":    {stored(t, strings.Repeat(row, 15_000)), "sheet_too_many_cells"},
		"strings":                          {archive(t, "xl/sharedStrings.xml", "<sst>"+strings.Repeat(strings100, 80_000)+"</sst>"), "sheet_unpacked"},
		"strings that do not shrink":       {stored(t, "", "xl/sharedStrings.xml", "<sst>"+strings.Repeat(strings100, 15_000)+"</sst>"), "sheet_too_many_cells"},
		"a part nobody asked for":          {archive(t, "xl/media/image1.png", strings.Repeat("\x00", 100<<20)), "sheet_unpacked"},
		"many small parts":                 {archive(t, manyParts(3000)...), "sheet_unpacked"},
		"entities":                         {book(t, `<row><c t="str"><v>&a;</v></c></row>`), "sheet_damaged"},
		"a document type":                  {archive(t, "xl/worksheets/sheet1.xml", `<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><worksheet><sheetData/></worksheet>`), "sheet_damaged"},
		"a document type of the strings":   {archive(t, "xl/sharedStrings.xml", `<!DOCTYPE a [<!ENTITY a "x">]><sst/>`), "sheet_damaged"},
		"a cell at the end of the world":   {book(t, `<row r="1"><c r="XFD1"><v>1</v></c></row>`), "sheet_too_wide"},
		"merged regions":                   {archive(t, "xl/worksheets/sheet1.xml", `<worksheet><sheetData/><mergeCells>`+strings.Repeat(`<mergeCell ref="A1:ZZ1000000"/>`, 20_000)+`</mergeCells></worksheet>`), "sheet_too_many_cells"},
		"deep":                             {book(t, strings.Repeat("<a>", 100_000)), "sheet_damaged"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := open(bomb.data, xlsx.Options{TempDir: t.TempDir()})
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if code(err) != bomb.code {
			t.Errorf("%s: %v, want %s", name, err, bomb.code)
		}
		if took > time.Second {
			t.Errorf("%s: refused after %v", name, took)
		}
		if grown := int64(after.Sys) - int64(before.Sys); grown > 128<<20 {
			t.Errorf("%s: %d MiB", name, grown>>20)
		}
	}
}

func manyParts(n int) (parts []string) {
	for i := range n {
		parts = append(parts, fmt.Sprintf("xl/media/%d.xml", i), "x")
	}
	return parts
}

// stored is book without compression, so that nothing can be told from the ratio.
func stored(t testing.TB, table string, more ...string) []byte {
	t.Helper()
	packed := book(t, table, more...)
	in, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		_, _ = content.ReadFrom(r)
		if _, err := w.Write(content.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	_ = z.Close()
	return out.Bytes()
}

// TestThreatE07LyingSizes: a part is longer than the directory says.
func TestThreatE07LyingSizes(t *testing.T) {
	data := book(t, strings.Repeat("<row><c><v>1</v></c></row>", 1000))
	at := bytes.LastIndex(data, []byte("xl/worksheets/sheet1.xml")) - 46 // of its entry in the directory
	if string(data[at:at+4]) != "PK\x01\x02" {
		t.Fatal("not the directory")
	}
	copy(data[at+24:], []byte{100, 0, 0, 0})
	if _, err := open(data, xlsx.Options{}); code(err) != "sheet_damaged" {
		t.Errorf("%v", err)
	}
}

// TestNothingIsPassedOver: excelize reads on where it understands nothing; a
// person whose row is lost that way gets no certificate, so that we refuse.
func TestNothingIsPassedOver(t *testing.T) {
	head := `<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>`
	if s := read(t, book(t, head+`<row r="2"><c t="s"><v>2</v></c><c><v>1990</v></c></row>`)); len(s.Rows) != 1 || s.Rows[0].Learner.Name != "Ada" {
		t.Fatalf("%+v", s)
	}
	for name, table := range map[string]string{
		"broken in the middle":     head + `<row r="2"><c t="s"><v>2</v></c><c><v>1990</v></c></row><row r="3"><c t="s"><v>2</c></row>`,
		"rows out of order":        head + `<row r="3"><c t="s"><v>2</v></c></row><row r="2"><c t="s"><v>2</v></c></row>`,
		"a row twice":              head + `<row r="2"><c t="s"><v>2</v></c></row><row r="2"><c t="s"><v>2</v></c></row>`,
		"cells out of order":       head + `<row r="2"><c r="B2"><v>1990</v></c><c r="A2" t="s"><v>2</v></c></row>`,
		"a cell twice":             head + `<row r="2"><c r="A2" t="s"><v>2</v></c><c r="A2" t="s"><v>1</v></c></row>`,
		"a cell of another row":    head + `<row r="2"><c r="A3" t="s"><v>2</v></c></row>`,
		"two values":               head + `<row r="2"><c t="s"><v>2</v><v>1</v></c></row>`,
		"a text that is not there": head + `<row r="2"><c t="s"><v>3</v></c></row>`,
		"a text by a word":         head + `<row r="2"><c t="s"><v>Ada</v></c></row>`,
		"a value in a wrapping":    head + `<row r="2"><c t="s"><x><v>2</v></x></c></row>`,
		"a row in a wrapping":      head + `<x><row r="2"><c t="s"><v>2</v></c></row></x>`,
		"a cell in a cell":         head + `<row r="2"><c><is><c t="s"><v>2</v></c></is></c></row>`,
		"no column of that name":   head + `<row r="2"><c r="2A"><v>2</v></c></row>`,
		"no row of that number":    head + `<row r="9999999"><c><v>2</v></c></row>`,
	} {
		if _, err := open(book(t, table), xlsx.Options{}); code(err) != "sheet_damaged" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, data := range map[string][]byte{
		"no workbook":       archive(t, "_rels/.rels", "<Relationships/>"),
		"old Excel, locked": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600)),
		"cut":               book(t, head)[:900],
		"UTF-16":            archive(t, "xl/worksheets/sheet1.xml", `<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData/></worksheet>`),
		"two tables":        archive(t, "xl/worksheets/sheet1.xml", `<worksheet><sheetData/><sheetData/></worksheet>`),
	} {
		if _, err := open(data, xlsx.Options{}); code(err) != "sheet_damaged" && code(err) != "sheet_workbook" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLargeWorkbook: a workbook whose strings are held in a file.
func TestLargeWorkbook(t *testing.T) {
	if raced {
		t.Skip("one goroutine, and many rows")
	}
	var table, texts strings.Builder
	table.WriteString(`<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>`)
	texts.WriteString("<sst><si><t>Nome</t></si><si><t>Nato il</t></si>")
	const n = 15_000
	for i := range n {
		fmt.Fprintf(&table, `<row r="%d" spans="1:2" x14ac:dyDescent="0.25"><c r="A%d" s="0" t="s"><v>%d</v></c><c r="B%d"><v>1990</v></c></row>`, i+2, i+2, i+2, i+2)
		fmt.Fprintf(&texts, `<si><t xml:space="preserve">%s</t></si>`, strings.Repeat("abcdefghij"[i%10:i%10+1], 180)+spelt(i))
	}
	for i := range 30_000 { // of other worksheets
		fmt.Fprintf(&texts, "<si><t>%s</t></si>", strings.Repeat("x", 200+i%50))
	}
	start := time.Now()
	s := read(t, book(t, table.String(), "xl/sharedStrings.xml", texts.String()+"</sst>"))
	if len(s.Rows) != n || s.Rows[n-1].Number != n+1 || !strings.HasSuffix(s.Rows[n-1].Learner.Name, spelt(n-1)) {
		t.Errorf("%d rows, %d faults", len(s.Rows), len(s.Faults))
	}
	t.Logf("%d rows in %v", n, time.Since(start))
}

// spelt writes a number in letters.
func spelt(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(n))
}

// FuzzWorksheet puts anything into the table and the styles of a workbook: what
// is not refused by its code is read as excelize reads it, and as often as our
// own reading has counted.
func FuzzWorksheet(f *testing.F) {
	f.Add(`<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c><c><v>1990</v></c></row>`, "dd/mm/yy")
	f.Add(`<row><c t="inlineStr"><is><t>Nome</t></is></c><c s="0"><v>34405</v></c></row>`, `[$-410]d" m "mmmm;@`)
	f.Fuzz(func(t *testing.T, table, format string) {
		styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="` + format + `"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>`
		w, err := open(book(t, table, "xl/styles.xml", styles), xlsx.Options{})
		if err != nil {
			if code(err) == "" {
				t.Fatalf("untyped error: %v", err)
			}
			return
		}
		defer func() { _ = w.Close() }()
		if _, err := sheet.ReadSource(w, options); err != nil && code(err) == "" {
			t.Fatalf("untyped error: %v", err)
		}
	})
}
