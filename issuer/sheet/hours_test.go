package sheet_test

import (
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/sheet"
)

func readHours(t *testing.T, text string, hours bool) *sheet.Sheet {
	t.Helper()
	s, err := sheet.Read(strings.NewReader(text), sheet.Options{Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Hours: hours})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The column of hours is known in five languages, and used only where the
// document states them: a class for a micro-credential may have it all the same.
func TestHoursColumn(t *testing.T) {
	for _, head := range []string{"Ore frequentate", "Hours attended", "Horas asistidas", "Ώρες παρακολούθησης", "Godziny obecności", "hoursAttended"} {
		text := "name;birthDate;" + head + "\nAda Rossi;1990;12,5\n"
		s := readHours(t, text, true)
		if len(s.Rows) != 1 || s.Rows[0].Learner.HoursAttended != 12.5 || len(s.Ignored) != 0 {
			t.Errorf("%s: %+v, ignored %v, faults %v", head, s.Rows, s.Ignored, s.Faults)
		}
		s = readHours(t, strings.Replace(text, "12,5", "16/16", 1), false)
		if len(s.Rows) != 1 || s.Rows[0].Learner.HoursAttended != 0 || len(s.Ignored) != 1 || s.Ignored[0] != head {
			t.Errorf("%s, not stated: %+v, ignored %v, faults %v", head, s.Rows, s.Ignored, s.Faults)
		}
	}
}

// Without a document number, rows that differ in hours alone are two; rows
// without hours have the key that they always had.
func TestHoursInTheKey(t *testing.T) {
	const head = "name;birthDate;hours\n"
	three, four := readHours(t, head+"Ada Rossi;1990;3", true), readHours(t, head+"Ada Rossi;1990;4", true)
	none, without := readHours(t, head+"Ada Rossi;1990;", true), readHours(t, "name;birthDate\nAda Rossi;1990", true)
	if three.Rows[0].Key == four.Rows[0].Key || none.Rows[0].Key != without.Rows[0].Key || none.Rows[0].Key == three.Rows[0].Key {
		t.Errorf("keys %s, %s, %s, %s", three.Rows[0].Key, four.Rows[0].Key, none.Rows[0].Key, without.Rows[0].Key)
	}
}
