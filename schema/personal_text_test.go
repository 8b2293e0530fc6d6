package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// What belongs to one person is found inside a text, however it is written.
func TestPersonalDataInsideTexts(t *testing.T) {
	for _, text := range []string{
		"CF DLLMNA94C52Z343X, nata a Dakar", "(C.F. DLLMNA94C52Z343H)", "codice dllmna94c52z343h.", "DLL MNA 94C52 Z343H",
		"https://ente.example/persone/DLLMNA94C52Z343H", "cf:RSSMRA80A01H501U",
		"DNI 12345678Z", "con DNI 12.345.678-Z en vigor", "NIE X-1234567-L", "nie: x1234567l",
		"PESEL: 44051401359", "PESEL 440514 01359.", "ΑΜΚΑ 01013099997", "AMKA 010130-99997",
		"Scrivi ad amina.diallo@posta.example", "mailto:amina@posta.example", "<Amina+lavoro@sub.posta.example>", "άννα@ταχυδρομείο.ελ",
		"IBAN IT60 X054 2811 1010 0000 0123 456", "it60x0542811101000000123456 presso la banca", "ES91 2100 0418 4502 0005 1332, en euros",
		"PL61 1090 1014 0000 0712 1981 2874", "GR16 0110 1250 0000 0001 2300 695", "Conto: DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000 intestato",
		"+39 333 1234567", "tel:+393331234567", "chiamare +39 (0971) 12-34-56", "0039 333 1234567", "00393331234567",
		"tel. 0971 123456", "Tel: 0971/123456", "cell.333 1234567", "kom. 501 234 567", "τηλ. 210 1234567", "Móvil 612 345 678", "telefono n. 333-1234567",
		"P.IVA 01012099998, AMKA 01013099997", "C.F. 01012099998; Jan 44051401359", "P.IVA e C.F. 01012099998 e PESEL 44051401359", "C.F. e Α.Μ.Κ.Α. 01013099997", "C.F. e A.M.K.A. 01013099997",
		"44051401359", "Anna Nowak 44051401359", "Codice fiscale dell'ente DLLMNA94C52Z343X", "C.F. assente, DNI 12345678Z",
		"chiamare il n. 0039 333 1234567", "tel. n. 0039-333-1234567", "Ufficio protocollo: 0039 0971 123456", "n. 00393331234567", "0030 210 1234567", "0048-501-234-567",
		"tel. 0039-2026-00012", "tel. 06/2026-1234", "tel. 02/2012 3456", "+48.501.234.567", "+34.612.345.678", "+39.333.123.4567", "tel. +12.345.678",
	} {
		if !HoldsPersonal(text) {
			t.Errorf("%q passes", text)
		}
	}
}

// Numbers of documents, courses, laws, hours and years are what they are.
func TestNumbersOfDocumentsAreNotPersonal(t *testing.T) {
	for _, text := range []string{
		"", "Convenzione n. 41 del 2026-02-02", "PFI 41/3", "D.Lgs. 13/2013", "D.M. 5.1.2021", "DGR 201/2022", "L. 68/99", "Reg. (UE) 852/2004",
		"MC-PZ-2026-0042", "TA-BO-2026-1-07-015", "prot. 20260000123", "Prot. n. 0012345/2026", "Convenzione 12345678 e piano 12345678 a parte", "corso 12345678A",
		"ADA.11.11.23", "ATECO 56.10.11", "ISCED-F 1013", "ISCO-08 9412", "CP2021 5.2.2.3.2", "QRSP 24.7", "EQF 4", "UF 1/12", "Rep. 2026/000123",
		"480 ore su 480, dal 2026-03-02 al 2026-08-31", "lun-ven 9.00-13.00, 14.00-18.00", "300 ore (240 + 60)", "2026/2027", "a.s. 2025-2026", "+ 20 ore", "C++ 17",
		"Telefono aziendale 2026/2027", "Tel. 112", "telefonista", "mobile 2026", "Cell biology 101", "20261122T120000Z", "2026-11-20T00:00:00Z",
		"P.IVA 01012099998", "partita IVA IT 01012099998", "P. IVA n. 02888777667", "€ 1.234.567,89", "1 000 000 000 00", "48.8566, 2.3522",
		"http://data.europa.eu/esco/skill/60c78287-22eb-4103-9c8c-28deaa460da0", "urn:uuid:00000000-0000-4000-8000-000000000000",
		"did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169", "https://ente.example/corsi/44051401359?x=12345678Z",
		"http://data.europa.eu/snb/assessment/7331eb4762", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "ISO/IEC 17024:2012", "UNI EN ISO 9001", "IT12 corso base di cucina 2026 ore",
		"AB12 3456 7890 1234", "5 @ 10 euro", "@ente", "100 %", "ICD 10: E11.9", "n. 440514 01358",
		"P.IVA e C.F. 01012099998", "C.F. 01012099998", "CF: 01012099998", "c. f. 01012099998", "Cod. fisc. 01012099998", "Cod. Fisc. n. 01012099998", "Codice fiscale dell'ente 01012099998",
		"Codice fiscale dell’ente di formazione: 01012099998", "P.I. 01012099998", "Partita I.V.A. 01012099998", "P. IVA: IT 01012099998", "P.IVA n° IT 01012099998", "P.Iva nº 01012099998",
		"partita IVA (IT) 01012099998", "C.F. 01012099998 - P.I. 01012099998", "Codice fiscale e iscrizione al Registro Imprese di Potenza n. 01012099998", "C.F.:\n01012099998",
		"prot. 0039-2026-00012", "n. 0048-2026-12345", "0039/2026/12345", "Prot. 0034.2026.00121", "determina 0048/26/001234", "Prot. n. 0039 001234 26", "Rep. 0030-001234-26", "delibera nr. 0039/26/001234",
		"cell. 2026-11-20", "Telefon (2026-11-20)", "Mobile 12/2026-10/2027", "Mobile 20/11/2026", "Telefon 20.11.2026", "Telefon (2026-11-20) 12 ore", "cell. 1/12/2026-31/1/2027", "fax 2026-11-20T10:00:00Z",
		"+12.345.678", "+12.345.678,90 €", "saldo +1.234.567.890",
	} {
		if HoldsPersonal(text) {
			t.Errorf("%q is taken for a person's", text)
		}
	}
}

// The shipped examples are full of numbers, and none of them is refused.
func TestExamplesHoldNothingPersonal(t *testing.T) {
	files, err := filepath.Glob("../examples/*/*.json")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var places []place
		walkPlaces(decode(t, data), &places)
		for _, p := range places {
			if s, ok := p.get().(string); ok && HoldsPersonal(s) {
				t.Errorf("%s: %q", file, s)
			}
		}
	}
}

// TestPersonalDataIsNotIssued: a learner, a template and a raw document with it
// are refused; one that was signed before stays good.
func TestPersonalDataIsNotIssued(t *testing.T) {
	const text = "Pulizia (C.F. DLLMNA94C52Z343X)"
	learner := `{"name":"A B","birthDate":"1990","details":{"activities":[{"description":"` + text + `","rating":"A"}]}}`
	if _, err := ParseLearner([]byte(learner)); !FaultsOf(err).Has("text_personal") || !FaultsOf(err).at("/details/activities/0/description") {
		t.Errorf("a learner file: %v", err)
	}
	if _, err := ParseLearner([]byte(learner)); len(FaultsOf(err)) != 1 {
		t.Errorf("said more than once: %v", err)
	}
	l := learnerFile(t, "08-amina-diallo-internship.json")
	l.Details = `{"workingHours":"chiamare +39 333 1234567"}`
	if faults := l.Check(); !faults.Has("text_personal") {
		t.Errorf("a learner: %v", faults)
	}

	raw := decode(t, template(t, "08-internship-it.json").Raw)
	edit(t, raw, "/credential"+atAchievement+"/description", "Scrivi a tutor@ente.example")
	data, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	tmpl, err := ParseTemplate(data)
	if err != nil {
		t.Fatal(err)
	}
	if faults := tmpl.Check(); !faults.Has("text_personal") || !faults.at("/credential"+atAchievement+"/description") {
		t.Errorf("a template: %v", faults)
	}
	if _, err := tmpl.Compose(Specimen(tmpl)); !FaultsOf(err).Has("text_personal") || !FaultsOf(err).at(atAchievement+"/description") {
		t.Errorf("composed: %v", err)
	}

	for _, at := range []string{"/credentialSubject/activities/0/description", atAchievement + "/description", atAchievement + "/criteria/narrative", "/credentialSubject/narrative"} {
		doc := issued(t, "08")
		edit(t, doc, at, text)
		if data, err = json.Marshal(doc); err != nil {
			t.Fatal(err)
		}
		if faults := CheckForIssuing(data, today); !faults.Has("text_personal") || !faults.at(at) {
			t.Errorf("%s of a raw document: %v", at, faults)
		}
		if faults := mustCredential(t, data).Rules(today); len(faults) > 0 {
			t.Errorf("%s of what was signed before: %v", at, faults)
		}
	}
}

func FuzzHoldsPersonal(f *testing.F) {
	for _, seed := range []string{"CF DLLMNA94C52Z343X", "IT60 X054 2811 1010 0000 0123 456", "+39 333 1234567", "a@b.example", "ΐ00\xff+1", "F 01012099998", "n. 0039/26/001234", "tel. 12/2026-10/2027"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if HoldsPersonal(text) && !HoldsPersonal("x, "+text+" .") && !isAddress(text) {
			t.Errorf("%q is personal alone and not in a sentence", text)
		}
	})
}

func BenchmarkHoldsPersonal(b *testing.B) {
	for b.Loop() {
		HoldsPersonal("Convenzione n. 41 del 2026-02-02 tra il centro per l’impiego e la trattoria, 480 ore")
	}
}
