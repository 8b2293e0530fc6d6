package schema

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestPersonalNumbers(t *testing.T) {
	for _, v := range []string{
		"DLLMNA94C52Z343H", "dllmna94c52z343h", "DLL MNA 94C52 Z343H",
		"12345678Z", "X1234567L", // Spain
		"44051401359", // PESEL, the example of its own definition
		"01013099997", // AMKA form with a good Luhn digit
	} {
		if !IsPersonalNumber(v) {
			t.Errorf("%s is not noticed", v)
		}
	}
	for _, v := range []string{"MC-PZ-2026-0042", "12345678A", "44051401358", "20260000001", "7/2026", "A-7"} {
		if IsPersonalNumber(v) {
			t.Errorf("%s is taken for an identity number", v)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, v := range []string{
		"Non superato", "NON SUPERATA (12/30)", "failed", "No apto", "Απέτυχε", "ΑΠΟΤΥΧΙΑ", "Nie zdał", "nie zdała",
	} {
		if !IsFailure(v) {
			t.Errorf("%s is taken for a pass", v)
		}
	}
	for _, v := range []string{"Superato", "28/30", "passed", "Apto", "Επιτυχία", "Zaliczone", "non superato ancora?"} {
		if IsFailure(v) {
			t.Errorf("%s is taken for a failure", v)
		}
	}
}

// unfit are particulars that no document is signed with, each with its code.
var unfit = []struct {
	member, value, code string
}{
	{"name", "Amina 2", "name_form"},
	{"name", "amina@ente.example", "name_form"},
	{"givenName", "12345", "name_form"},
	{"birthPlace", "75100", "name_form"},
	{"name", "Ami\u200bna Diallo", "text_control"},
	{"familyName", "\ufeffDiallo", "text_control"},
	{"documentNumber", "DLLMNA94C52Z343H", "number_personal"},
	{"documentNumber", "44051401359", "number_personal"},
	{"result", "Non superato", "result_failed"},
	{"result", "28/30, tel. 0971 123456", "text_personal"},
	{"birthPlace", "Dakar (C.F. DLLMNA94C52Z343H)", "text_personal"},
}

func TestLearnerHoldsTheSheetsRules(t *testing.T) {
	for _, row := range unfit {
		l := Learner{Name: "Amina Diallo", BirthDate: "1994"}
		*l.field(row.member) = row.value
		faults := l.Check()
		if !faults.Has(row.code) || !faults.at("/"+row.member) {
			t.Errorf("%s %q: %v, want %s", row.member, row.value, faults, row.code)
		}
		p := amina()
		*p.Learner.field(row.member) = row.value
		if data, err := hygiene(t).Compose(p); data != nil || !FaultsOf(err).at("/learner/"+row.member) {
			t.Errorf("composed with %s %q: %v", row.member, row.value, err)
		}
	}
	fine := Learner{Name: "نجیب\u200cالله", BirthDate: "1994", BirthPlace: "L'Aquila 2", DocumentNumber: "MC-1", Result: "Superato"}
	if faults := fine.Check(); len(faults) > 0 {
		t.Errorf("a fine learner: %v", faults)
	}
}

// TestRawDocumentHoldsTheSheetsRules: the same for a client's own document, and
// what was signed before stays readable.
func TestRawDocumentHoldsTheSheetsRules(t *testing.T) {
	p := amina()
	p.Learner.GivenName, p.Learner.FamilyName, p.Learner.BirthPlace = "Xgiven", "Xfamily", "Xplace"
	p.Learner.Name, p.Learner.DocumentNumber, p.Learner.Result = "Xname", "MC-7777", "Superato"
	data, err := hygiene(t).Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	if faults := CheckForIssuing(data, today); len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, row := range unfit {
		value, err := json.Marshal(row.value)
		if err != nil {
			t.Fatal(err)
		}
		was, err := json.Marshal(*p.Learner.field(row.member))
		if err != nil {
			t.Fatal(err)
		}
		changed := bytes.ReplaceAll(data, was, value)
		if faults := CheckForIssuing(changed, today); !faults.Has(row.code) {
			t.Errorf("%s %q: %v, want %s", row.member, row.value, faults, row.code)
		}
		c, err := ParseCredential(changed)
		if err != nil || c.Rules(today).Has(row.code) {
			t.Errorf("%s %q is not readable any more: %v", row.member, row.value, err)
		}
	}
}
