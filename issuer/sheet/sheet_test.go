package sheet_test

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/passporttest"
	"github.com/employment-passport/passport/schema"
	"golang.org/x/text/encoding/charmap"
)

func TestHeadersInFiveLanguages(t *testing.T) {
	for _, head := range []string{
		"familyName,givenName,birthDate,documentNumber,result,completedOn",
		"Cognome;Nome;Data di nascita (gg/mm/aaaa);N. attestato;Esito;Data fine",
		"Surname;First name;Date of birth;Certificate no.;Outcome;End date",
		"APELLIDOS;NOMBRE;Fecha de nacimiento;Nº certificado;Calificación;Fecha fin",
		"Επώνυμο;Όνομα;Ημερομηνία γέννησης;Αριθμός βεβαίωσης;Βαθμός;Λήξη",
		"Nazwisko\tImię\tData urodzenia\tNr zaświadczenia\tWynik\tData ukończenia",
		"\"Cognome\",\"Nome\",\"Nato il\",\"Protocollo\",\"Voto\",\"Concluso il\"",
	} {
		sep := ";"
		for _, other := range []string{",", "\t"} {
			if strings.Count(head, other) == 5 {
				sep = other
			}
		}
		s := read(t, head+"\r\n"+strings.Join([]string{"Rossi", "Ada", "1990", "A-1", "ok", "2026-11-18"}, sep)+"\r\n")
		want := schema.Learner{Name: "Ada Rossi", GivenName: "Ada", FamilyName: "Rossi", BirthDate: "1990", DocumentNumber: "A-1", Result: "ok", CompletedOn: "2026-11-18"}
		if len(s.Rows) != 1 || s.Rows[0].Learner != want {
			t.Errorf("%s: %+v, faults %v", head, s.Rows, s.Faults)
		}
	}
}

// TestNameMeansWhatStandsBesideIt: "nome" alone is the whole name, beside
// "cognome" the given one; under the names of a learner file it is the whole.
func TestNameMeansWhatStandsBesideIt(t *testing.T) {
	for head, want := range map[string]schema.Learner{
		"nome;nato il\nAda Rossi;1990":                    {Name: "Ada Rossi", BirthDate: "1990"},
		"nome;cognome;nato il\nAda;Rossi;1990":            {Name: "Ada Rossi", GivenName: "Ada", FamilyName: "Rossi", BirthDate: "1990"},
		"name,familyName,birthDate\nRossi Ada,Rossi,1990": {Name: "Rossi Ada", FamilyName: "Rossi", BirthDate: "1990"},
		"name,surname,born\nAda,Rossi,1990":               {Name: "Ada Rossi", GivenName: "Ada", FamilyName: "Rossi", BirthDate: "1990"},
	} {
		if s := read(t, head); len(s.Rows) != 1 || s.Rows[0].Learner != want {
			t.Errorf("%q: %+v %v", head, s.Rows, s.Faults)
		}
	}
}

func TestOneSheetInManyForms(t *testing.T) {
	text := "Cognome;Nome;Nato il\r\nD'Angelo;Niccolò;1990\r\nPérez;Íñigo;1991\r\n"
	windows, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	want := read(t, text).Rows
	for name, form := range map[string]string{
		"byte order mark": "\xef\xbb\xbf" + text,
		"Windows-1252":    windows,
		"line feeds":      strings.ReplaceAll(text, "\r\n", "\n"),
		"no last break":   strings.TrimSuffix(text, "\r\n"),
		"commas":          strings.ReplaceAll(text, ";", ","),
		"quoted":          strings.NewReplacer("Niccolò", "\"Niccolò\"", "Pérez", "\"Pérez\"").Replace(text),
		"spaces":          strings.NewReplacer("Niccolò", " Niccolò\u00a0", "Pérez", "\u200bPérez ").Replace(text),
		"decomposed":      strings.ReplaceAll(text, "ò", "o\u0300"),
		"sep line":        "sep=;\r\n" + text,
	} {
		got := read(t, form)
		if len(got.Faults) != 0 || len(got.Rows) != len(want) {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		for i := range want {
			if got.Rows[i] != want[i] {
				t.Errorf("%s: row %+v, want %+v", name, got.Rows[i], want[i])
			}
		}
	}
	if enc := read(t, windows).Encoding; enc != "Windows-1252" {
		t.Errorf("told as %s", enc)
	}
}

func TestNoSheet(t *testing.T) {
	// A workbook that is damaged from its first byte on is told in these words too.
	for _, key := range []string{"error.sheet_not_csv", "hint.sheet_not_csv"} {
		if words := i18n.T("it", key, nil); !strings.Contains(words, ".xlsx") {
			t.Errorf("%s: %s", key, words)
		}
	}
	for code, data := range map[string]string{
		"sheet_empty":       " \r\n",
		"sheet_workbook":    "PK\x03\x04 and so on",
		"sheet_utf16":       "\xff\xfeN\x00o\x00m\x00e\x00",
		"sheet_not_csv":     "<html><table>",
		"sheet_no_header":   "Rossi;Ada\nBianchi;Rita\n",
		"sheet_no_name":     "Nato il;Esito\n1990;ok\n",
		"sheet_no_learners": "Cognome;Nome\n\n\n",
	} {
		_, err := sheet.Read(strings.NewReader(data), sheet.Options{Now: today})
		if e := (*sheet.Error)(nil); !errors.As(err, &e) || e.Code != code {
			t.Errorf("%q: %v, want %s", data, err, code)
		}
	}
	_, err := sheet.Read(strings.NewReader("Nome;Nato il\nA;1990\nB;1990\nC;1990\n"), sheet.Options{Now: today, MaxRows: 2})
	if e := (*sheet.Error)(nil); !errors.As(err, &e) || e.Code != "sheet_too_many_rows" || e.Args["max"] != "2" {
		t.Errorf("above the cap: %v", err)
	}
}

// TestRowsAreCountedAsSpreadsheetsDo: blank rows count, a cell with a line
// break does not make two, and a stray quote costs its own row only.
func TestRowsAreCountedAsSpreadsheetsDo(t *testing.T) {
	s := read(t, "Nome;Nato il;Luogo di nascita\n"+
		"Ada;1990;\"via Roma\n3\"\n"+ // row 2
		"\n;;\n"+ // 3 and 4
		"\"Rita;1991;Potenza\n"+ // 5, never closed
		"Lia;1992;\"Melfi\n"+ // 6: the two quotes make one cell of both rows
		"Ugo;1993;Bari\n") // 7
	if len(s.Rows) != 2 || s.Rows[0].Number != 2 || s.Rows[1].Number != 7 || s.Rows[0].Learner.BirthPlace != "via Roma 3" {
		t.Errorf("rows %+v", s.Rows)
	}
	if len(s.Faults) != 2 || s.Faults[0].Row != 5 || s.Faults[0].Code != "row_quote" || s.Faults[1].Row != 6 || s.Faults[1].Code != "row_quote" {
		t.Errorf("faults %+v", s.Faults)
	}

	// Two stray quotes, each at the start of a cell, hide the row between them.
	s = read(t, "Nome;Nato il;Esito\n\"Ada;1990;ok\nRita;1991;ok\nLia;1992;ok\";x\nUgo;1993;ok\n")
	if len(s.Rows) != 2 || s.Rows[0].Learner.Name != "Rita" || s.Rows[1].Learner.Name != "Ugo" {
		t.Errorf("swallowed rows: %+v, faults %+v", s.Rows, s.Faults)
	}
	long := read(t, "Nome;Nato il\nAda;1990\n"+strings.Repeat("x", 200_000)+";1990\nUgo;1993\n")
	if len(long.Rows) != 2 || long.Rows[1].Number != 4 || len(long.Faults) != 1 || long.Faults[0].Code != "row_long" {
		t.Errorf("a row of 200 KB: %+v %+v", long.Rows, long.Faults)
	}
}

func TestDamagedLetters(t *testing.T) {
	polish, _ := charmap.Windows1250.NewEncoder().String("Nazwisko;Imię;Rok urodzenia\nWałęsa;Łucja;1990\nKowal;Jan;1991\n")
	greek, _ := charmap.Windows1253.NewEncoder().String("Surname;First name;Born\nΠαπαδοπούλου;Ελένη;1990\nRossi;Ada;1991\n")
	for name, data := range map[string]string{"Windows-1250": polish, "Windows-1253": greek} {
		s := read(t, data)
		if len(s.Rows) != 1 || len(s.Faults) == 0 || s.Faults[0].Code != "cell_damaged" {
			t.Errorf("%s: rows %+v, faults %+v", name, s.Rows, s.Faults)
		}
	}
}

// TestDamagedLettersThatLookWell: in Windows-1250 some Polish letters are other
// letters of the West, and no sign tells; Spanish and Italian ones stay.
func TestDamagedLettersThatLookWell(t *testing.T) {
	for _, name := range []string{"Zieliński", "KAMIŃSKA", "Gdańsk", "Kość", "Ćwik", "Śliwa", "Maź", "Gęsicki", "Koń"} {
		data, err := charmap.Windows1250.NewEncoder().String("Nome;Nato il\n" + name + ";1990\n")
		if err != nil {
			t.Fatal(err)
		}
		if s := read(t, data); len(s.Rows) != 0 || len(s.Faults) != 1 || s.Faults[0].Code != "cell_damaged" {
			t.Errorf("%s: rows %+v, faults %+v", name, s.Rows, s.Faults)
		}
		if s := read(t, "Nome;Nato il\n"+name+";1990\n"); len(s.Rows) != 1 || s.Rows[0].Learner.Name != name {
			t.Errorf("%s in UTF-8: %+v %+v", name, s.Rows, s.Faults)
		}
	}
	for _, name := range []string{"Íñigo Núñez", "Begoña Peña", "NICCOLÒ MUÑOZ", "Zoë Müller", "François Lefèvre", "João Gonçalves"} {
		data, err := charmap.Windows1252.NewEncoder().String("Nome;Nato il\n" + name + ";1990\n")
		if err != nil {
			t.Fatal(err)
		}
		if s := read(t, data); len(s.Rows) != 1 || s.Rows[0].Learner.Name != name {
			t.Errorf("%s: rows %+v, faults %+v", name, s.Rows, s.Faults)
		}
	}
}

func TestAgainIssuesNothingTwice(t *testing.T) {
	first := read(t, "Nome;Cognome;Nato il;N. attestato\nAda;Rossi;12/03/1994;\nRita;Bianchi;1990;A-7\n")
	// The same class a week later: other order, other forms, a name mended.
	again := read(t, "protocollo,cognome,nome,data di nascita\n,Rossi,\" Ada \",1994-03-12\nA-7,Bianchi,Margherita,1990\n")
	for i := range first.Rows {
		if first.Rows[i].Key != again.Rows[i].Key {
			t.Errorf("row %d has another key", i)
		}
	}
	other, err := sheet.Read(strings.NewReader("Nome;Cognome;Nato il\nAda;Rossi;12/03/1994\n"), sheet.Options{Issuer: "ente", Template: "u", Now: today})
	if err != nil || other.Rows[0].Key == first.Rows[0].Key {
		t.Errorf("another template has the same key (%v)", err)
	}
	l := first.Rows[1].Learner
	if first.Rows[1].Key != sheet.Key("ente", "t", l) {
		t.Error("one learner alone has another key than in the sheet")
	}
	moved := schema.Learner{Name: "Ada R", BirthPlace: "ossi", BirthDate: "1990"}
	if sheet.Key("e", "t", moved) == sheet.Key("e", "t", schema.Learner{Name: "Ada Ross", BirthPlace: "i", BirthDate: "1990"}) {
		t.Error("a letter moved between cells makes no difference")
	}
}

func TestCheckNamesTheColumn(t *testing.T) {
	check := func(l schema.Learner) schema.Faults {
		if l.BirthPlace == "" {
			return schema.Faults{{Code: "birth_place_missing", Pointer: "/learner/birthPlace"}}
		}
		return nil
	}
	s, err := sheet.Read(strings.NewReader("Nome;Nato il;Luogo di nascita\nAda;1990;\nRita;1991;Bari\n"), sheet.Options{Now: today, Check: check})
	if err != nil || len(s.Rows) != 1 || len(s.Faults) != 1 || s.Faults[0].Column != "Luogo di nascita" || s.Faults[0].Row != 2 {
		t.Errorf("%+v %v", s, err)
	}
}

// manyRows is a sheet of n rows, one of them faulty, made while it is read.
func manyRows(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriter(w)
		fmt.Fprint(b, "Nome;Cognome;Nato il;Protocollo\n")
		for i := range n {
			born := "1990"
			if i == n-7 {
				born = "1990-13"
			}
			fmt.Fprintf(b, "Ada;Rossi;%s;N-%d\n", born, i)
		}
		_ = w.CloseWithError(b.Flush())
	}()
	return r
}

// scanMany scans a sheet of n rows and tells the most heap in use, in MiB.
func scanMany(t testing.TB, n int) uint64 {
	var most uint64
	given := 0
	summary, err := sheet.Scan(manyRows(n), sheet.Options{Now: today}, func(sheet.Row) error {
		if given++; given%50_000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
		return nil
	})
	if err != nil || given != n-1 || len(summary.Faults) != 1 || summary.Faults[0].Row != n-5 {
		t.Fatalf("%d rows, %+v, %v", given, summary, err)
	}
	return most >> 20
}

// TestThreatE06LongSheet: streamed, the one bad row told by its number; what is
// kept of a row is a key of 16 bytes. BenchmarkMillionRows does the same with
// the longest sheet.
func TestThreatE06LongSheet(t *testing.T) {
	if heap := scanMany(t, 200_000); heap > 80 {
		t.Errorf("%d MiB of heap for 200 000 rows", heap)
	}
}

// BenchmarkMillionRows: the bare work is encoding/csv over the same rows.
func BenchmarkMillionRows(b *testing.B) {
	var heap uint64
	passporttest.Beside(b, func() {
		rows := csv.NewReader(manyRows(sheet.MaxRows))
		rows.Comma, rows.ReuseRecord = ';', true
		for {
			if _, err := rows.Read(); err != nil {
				break
			}
		}
	}, func() { heap = max(heap, scanMany(b, sheet.MaxRows)) })
	b.ReportMetric(float64(heap), "MiB-heap")
}

func TestFaultsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("Nome;Nato il\n")
	for range sheet.MaxFaults + 5 {
		b.WriteString("Ada;mai\n")
	}
	if s := read(t, b.String()); len(s.Faults) != sheet.MaxFaults || !s.TooManyFaults || s.FaultyRows != sheet.MaxFaults+5 {
		t.Errorf("%d faults kept, told %v, %d rows", len(s.Faults), s.TooManyFaults, s.FaultyRows)
	}
}

// TestReportIsInert (I03): what came from a stranger's sheet stays text.
func TestReportIsInert(t *testing.T) {
	var out strings.Builder
	err := sheet.WriteReport(&out, []sheet.ReportLine{
		{Row: 2, Result: "fault", Column: "=cmd|' /C calc'!A0", Code: "cell_formula", Message: "+1\r\n@x"},
		{Row: 3, Result: "issued", ID: "urn:uuid:1"},
	})
	want := "row,result,column,code,message,id\n2,fault,'=cmd|' /C calc'!A0,cell_formula,\"'+1\r\n@x\",\n3,issued,,,,urn:uuid:1\n"
	if err != nil || out.String() != want {
		t.Errorf("%q, %v", out.String(), err)
	}
	for _, cell := range []string{"=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "'=1", "＝1"} {
		if got := sheet.Inert(cell); got != "'"+cell {
			t.Errorf("%q became %q", cell, got)
		}
	}
	if got := sheet.Inert("D'Angelo -"); got != "D'Angelo -" {
		t.Errorf("a name became %q", got)
	}
}

func FuzzRead(f *testing.F) {
	// Short seeds: Go minimises what it finds, and long ones keep it at that.
	f.Add("Cognome;Nome;Nato il;Protocollo\r\nRossi;Ada;12/03/1994;A-1\r\n;Abdullah;1996;\r\n")
	f.Add("Nome;Nato il\nNicol\xf2;1990\n\"a\nb\";04/1996\n")
	f.Add("sep=,\nName,Born\n\"a\"\"b\",1990\n\"")
	f.Fuzz(func(t *testing.T, data string) {
		s, err := sheet.Read(strings.NewReader(data), sheet.Options{Issuer: "i", Template: "t", Now: today, MaxRows: 1000})
		if err != nil {
			if e := (*sheet.Error)(nil); !errors.As(err, &e) {
				t.Fatalf("untyped error: %v", err)
			}
			return
		}
		keys := map[string]bool{}
		for _, r := range s.Rows {
			if faults := r.Learner.Check(); len(faults) != 0 {
				t.Fatalf("row %d given out with %v", r.Number, faults)
			}
			if keys[r.Key] {
				t.Fatalf("row %d has the key of another", r.Number)
			}
			keys[r.Key] = true
		}
	})
}
