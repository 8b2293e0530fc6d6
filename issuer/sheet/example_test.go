package sheet_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer/sheet"
)

func ExampleRead() {
	class := "Cognome;Nome;Data di nascita;N. attestato\n" +
		"D'Angelo;Carmela;30/8/1971;A-1\n" +
		"Rossi;Giulia;31/02/1990;A-2\n"
	s, err := sheet.Read(strings.NewReader(class), sheet.Options{
		Issuer: "ente", Template: "food-hygiene", Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range s.Rows {
		fmt.Println(r.Number, r.Learner.Name, r.Learner.BirthDate)
	}
	for _, f := range s.Faults {
		fmt.Println(f.Row, f.Column, f.Code)
	}
	// Output:
	// 2 Carmela D'Angelo 1971-08-30
	// 3 Data di nascita date_impossible
}
