package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/issuer/sheet/xlsx"
	"github.com/xuri/excelize/v2"
)

var options = sheet.Options{Issuer: "ente", Template: "t", Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Hours: true}

// made is a workbook that excelize has written.
func made(t testing.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// rows fills the first worksheet.
func rows(t testing.TB, table ...[]any) func(*excelize.File) {
	return func(f *excelize.File) {
		for i, row := range table {
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func open(data []byte, o xlsx.Options) (*xlsx.Workbook, error) {
	return xlsx.Open(bytes.NewReader(data), int64(len(data)), o)
}

func read(t testing.TB, data []byte) *sheet.Sheet {
	t.Helper()
	w, err := open(data, xlsx.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}()
	s, err := sheet.ReadSource(w, options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func code(err error) string {
	var bad *sheet.Error
	if errors.As(err, &bad) {
		return bad.Code
	}
	return ""
}

// TestWhatTheCellsShow: a workbook keeps numbers where a CSV file keeps text.
func TestWhatTheCellsShow(t *testing.T) {
	data := made(t, func(f *excelize.File) {
		rows(t,
			[]any{"Nome", "Cognome", "Data di nascita", "Numero", "Ore", "Fine"},
			[]any{"Ada", "Rossi", 34405, 42, 12.5, time.Date(2026, 11, 18, 15, 30, 0, 0, time.UTC)},
			[]any{"Rita", "Bianchi", 34405, "0042", "480:00", 46344},
			[]any{"Lia", "Neri", 34405, 20260042, 1.5, 46344},
			[]any{"Ugo", "Gallo", 1990, 1234567890123, 20, 46344},
		)(f)
		for cells, format := range map[[2]string]string{
			{"C2", "C2"}: "dd/mm/yy", {"C3", "C3"}: "mmm-yy", {"C4", "C4"}: `[$-410]dddd d" di "mmmm yyyy;@`,
			{"D2", "D2"}: "000000", {"D4", "D4"}: `0000"-"0000`, {"F3", "F3"}: "m/d/yyyy", {"F4", "F4"}: "d-m-yyyy", {"F5", "F5"}: "yyyy/mm/dd hh:mm",
			{"E4", "E4"}: "[h]:mm",
		} {
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellStyle("Sheet1", cells[0], cells[1], style); err != nil {
				t.Fatal(err)
			}
		}
	})
	s := read(t, data)
	if len(s.Faults) != 0 || len(s.Rows) != 4 || s.Encoding != "XLSX" {
		t.Fatalf("%+v", s)
	}
	for i, want := range [][4]string{
		{"1994-03-12", "000042", "2026-11-18"},
		{"1994-03", "0042", "2026-11-18"}, // typed as 03/1994: the day is the program's own
		{"1994-03-12", "2026-0042", "2026-11-18"},
		{"1990", "1234567890123", "2026-11-18"},
	} {
		l := s.Rows[i].Learner
		if got := [4]string{l.BirthDate, l.DocumentNumber, l.CompletedOn}; got != want {
			t.Errorf("row %d is %q, want %q", s.Rows[i].Number, got, want)
		}
	}
	for i, want := range []float64{12.5, 480, 36, 20} {
		if got := s.Rows[i].Learner.HoursAttended; got != want {
			t.Errorf("row %d has %v hours, want %v", s.Rows[i].Number, got, want)
		}
	}
}

// TestNobodyCanTellWhatWasMeant: formulas, merged cells and hidden rows.
func TestNobodyCanTellWhatWasMeant(t *testing.T) {
	data := made(t, func(f *excelize.File) {
		rows(t,
			[]any{"Elenco dei partecipanti"},
			[]any{},
			[]any{"Nome", "Nato il", "Luogo di nascita", "Esito", "Età"},
			[]any{"Ada", 1990, "Potenza", "ok"},
			[]any{"Rita", 1991, "", "ok"},
			[]any{"Lia", 1992, "Bari", nil},
			[]any{"Ugo", 1993, "Bari", "ok"},
			[]any{"Eva", 1994, "Bari", "ok"},
		)(f)
		for _, err := range []error{
			f.MergeCell("Sheet1", "A1", "D1"),
			f.MergeCell("Sheet1", "C4", "C5"),
			f.SetCellFormula("Sheet1", "D6", `"o"&"k"`),
			f.SetCellFormula("Sheet1", "E8", `2026-B8`), // of a column that is not used
			f.SetRowVisible("Sheet1", 7, false),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	s := read(t, data)
	want := []sheet.Fault{
		{Row: 4, Column: "Luogo di nascita", Code: "cell_merged"},
		{Row: 5, Column: "Luogo di nascita", Code: "cell_merged"},
		{Row: 6, Column: "Esito", Code: "cell_uncalculated"},
		{Row: 7, Code: "row_hidden"},
	}
	if len(s.Rows) != 1 || s.Rows[0].Learner.Name != "Eva" || len(s.Faults) != len(want) {
		t.Fatalf("%+v", s)
	}
	for i, f := range s.Faults {
		if f.Row != want[i].Row || f.Column != want[i].Column || f.Code != want[i].Code {
			t.Errorf("fault %+v, want %+v", f, want[i])
		}
	}
}

// TestFormulaWithItsValue: what the spreadsheet program worked out counts, as in
// CSV; nothing is worked out here.
func TestFormulaWithItsValue(t *testing.T) {
	data := book(t, `<row r="1"><c t="inlineStr"><is><t>Nome</t></is></c><c t="inlineStr"><is><t>Nato il</t></is></c><c t="inlineStr"><is><t>Esito</t></is></c></row>
<row r="2"><c t="str"><f>"A"&amp;"da"</f><v>Ada</v></c><c><f>1900+90</f><v>1990</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>
<row r="9"><c t="str"><f>UPPER("x")</f><v>Rita</v></c><c><v>1991</v></c><c t="b"><v>1</v></c></row>`)
	s := read(t, data)
	if len(s.Rows) != 1 || s.Rows[0].Number != 9 || s.Rows[0].Learner.Name != "Rita" || s.Rows[0].Learner.Result != "TRUE" {
		t.Errorf("%+v", s.Rows)
	}
	if len(s.Faults) != 1 || s.Faults[0].Code != "cell_formula" || s.Faults[0].Row != 2 || s.Faults[0].Column != "Esito" {
		t.Errorf("%+v", s.Faults)
	}
}

// TestFormulaWithAnEmptyValue: libraries write an empty value beside a formula
// that nobody has worked out, and the person would lose the cell without a word. A
// formula whose answer is an empty text says so.
func TestFormulaWithAnEmptyValue(t *testing.T) {
	data := book(t, `<row r="1"><c t="inlineStr"><is><t>Nome</t></is></c><c t="inlineStr"><is><t>Nato il</t></is></c><c t="inlineStr"><is><t>Esito</t></is></c></row>
<row r="2"><c t="inlineStr"><is><t>Ada</t></is></c><c><v>1990</v></c><c><f>B2&amp;"/30"</f><v></v></c></row>
<row r="3"><c t="inlineStr"><is><t>Rita</t></is></c><c><v>1991</v></c><c><f>B3&amp;"/30"</f><v/></c></row>
<row r="4"><c t="inlineStr"><is><t>Lia</t></is></c><c><v>1992</v></c><c t="str"><f>IF(B4&gt;0,"","x")</f><v></v></c></row>`)
	s := read(t, data)
	if len(s.Rows) != 1 || s.Rows[0].Learner.Name != "Lia" || len(s.Faults) != 2 || s.Faults[0].Code != "cell_uncalculated" || s.Faults[1].Row != 3 {
		t.Errorf("%+v %+v", s.Rows, s.Faults)
	}
}

func TestMergedHeader(t *testing.T) {
	w, err := open(made(t, func(f *excelize.File) {
		rows(t, []any{"Nome", "", "Nato il"}, []any{"Ada", "Rossi", 1990})(f)
		if err := f.MergeCell("Sheet1", "A1", "B1"); err != nil {
			t.Fatal(err)
		}
	}), xlsx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	if _, err := sheet.ReadSource(w, options); code(err) != "sheet_header_merged" {
		t.Errorf("%v", err)
	}
}

func TestWhichWorksheet(t *testing.T) {
	data := made(t, func(f *excelize.File) {
		rows(t, []any{"Nome", "Nato il"}, []any{"Nascosto", 1990})(f)
		for _, name := range []string{"Corso A", "Corso B"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
			_ = f.SetSheetRow(name, "A1", &[]any{"Nome", "Nato il"})
			_ = f.SetSheetRow(name, "A2", &[]any{"Ada " + name[len(name)-1:], 1990})
		}
		f.SetActiveSheet(2)
		if err := f.SetSheetVisible("Sheet1", false); err != nil {
			t.Fatal(err)
		}
	})
	w, err := open(data, xlsx.Options{})
	if err != nil || w.Worksheet != "Corso A" || len(w.Others) != 1 || w.Others[0] != "Corso B" {
		t.Fatalf("%+v %v", w, err)
	}
	_ = w.Close()
	w, err = open(data, xlsx.Options{Worksheet: "corso b"})
	if err != nil || w.Worksheet != "Corso B" {
		t.Fatalf("%+v %v", w, err)
	}
	if r, err := w.Next(); err != nil || r.Cells[0] != "Nome" {
		t.Errorf("%+v %v", r, err)
	}
	_ = w.Close()
	if _, err := open(data, xlsx.Options{Worksheet: "Corso C"}); code(err) != "sheet_no_worksheet" {
		t.Errorf("%v", err)
	}
}

// book is a workbook of one worksheet with that table.
func book(t testing.TB, table string, more ...string) []byte {
	t.Helper()
	return archive(t, append([]string{"xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + table + `</sheetData></worksheet>`}, more...)...)
}

// archive is a workbook of parts: name, content, name, content.
func archive(t testing.TB, parts ...string) []byte {
	t.Helper()
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	base := []string{
		"_rels/.rels", rels + `<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Foglio1" sheetId="1" r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", rels + `<Relationship Id="b" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="c" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>` +
			`<Relationship Id="d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`,
		"xl/styles.xml", `<styleSheet/>`,
		"xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Nome</t></si><si><t>Nato il</t></si><si><r><t>A</t></r><r><t>da</t></r></si></sst>`,
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(base); i += 2 {
		write(t, z, base[i], replaced(parts, base[i], base[i+1]))
	}
	for i := 0; i < len(parts); i += 2 {
		if replaced(base, parts[i], "") == "" {
			write(t, z, parts[i], parts[i+1])
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func replaced(parts []string, name, otherwise string) string {
	for i := 0; i < len(parts); i += 2 {
		if parts[i] == name {
			return parts[i+1]
		}
	}
	return otherwise
}

func write(t testing.TB, z *zip.Writer, name, content string) {
	t.Helper()
	w, err := z.Create(name)
	if err == nil {
		_, err = io.Copy(w, strings.NewReader(content))
	}
	if err != nil {
		t.Fatal(err)
	}
}
