package main

import (
	"testing"
	"time"
)

// TestReceiptOfSeveralReports: verdict, moment and age of the status are those
// of one report, the worst.
func TestReceiptOfSeveralReports(t *testing.T) {
	reports, err := readReports([]byte(`{"verdict":"valid","checkedAt":"2026-11-22T10:00:00Z","asOf":"2026-10-01T00:00:00Z","status":{"asOf":"2026-10-01T00:00:00Z"}}
{"verdict":"invalid","checkedAt":"2026-11-21T10:00:00Z","asOf":"2026-11-20T00:00:00Z","status":{"asOf":"2026-11-20T00:00:00Z"}}`))
	if err != nil {
		t.Fatal(err)
	}
	d := receiptOf("en", reports)
	if d.Result.Verdict != "invalid" || !d.Checked.Equal(time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)) ||
		!d.StatusAsOf.Equal(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", d)
	}
}

// TestReceiptMakesNoDate: a result that does not say when, or that is valid
// without a date, gives no receipt.
func TestReceiptMakesNoDate(t *testing.T) {
	for _, text := range []string{
		`{"verdict":"unknown"}`,
		`{"verdict":"valid","checkedAt":"2026-11-22T10:00:00Z"}`,
		`{"verdict":"unknown","checkedAt":"2026-11-22T10:00:00Z","credentials":[{"verdict":"valid"}]}`,
	} {
		if _, err := readReports([]byte(text)); !isCode(err, "receipt_undated") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
