package verifier_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/employment-passport/passport/verifier"
)

// An employer with a bundle on disk judges what somebody handed over. The
// bundle is keys, lists and recognition at once.
func ExampleVerifier_Verify() {
	w := newWorld(new(testing.T)) // an authority and a training body
	bundle := w.bundle()
	v, err := verifier.New(verifier.Config{
		Keys: bundle, StatusLists: bundle, Recognition: bundle,
		Now: func() time.Time { return now },
	})
	if err != nil {
		panic(err)
	}
	report, err := v.Verify(context.Background(), []string{w.issue()}, verifier.HolderBinding{})
	if err != nil {
		panic(err)
	}
	fmt.Println(report.Verdict, report.AsOf.Format(time.DateOnly), report.Authority.Name)
	for _, c := range report.Credentials() {
		fmt.Println(c.IssuedBy, "·", c.Document.View().Title, "·", c.Holder)
		for _, i := range c.Compare {
			fmt.Println("compare", i.Value)
		}
	}
	// Output:
	// valid 2026-11-22 Regione Esempio
	// Ente Formazione Esempio · Igiene degli alimenti in cucina · compare
	// compare Amina Diallo
	// compare 1994-03-12
}
