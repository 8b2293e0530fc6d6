package paper

import "time"

// ReceiptData is what an employer may keep of a check: what was shown, when,
// and the result. It has no field for a name, a number or a fingerprint, so
// that no receipt can tell of whom it speaks.
type ReceiptData struct {
	Language   string
	Checked    time.Time
	Result     ReceiptResult
	StatusAsOf time.Time // zero when nobody has said
	Authority  string    // name of the authority whose list was used, may be empty
	Shown      []ReceiptDocument
}

// ReceiptResult is a verdict and why.
type ReceiptResult struct {
	Verdict string // valid, invalid, unknown
	Amber   bool   // valid, not checked since
	AsOf    time.Time
	Reason  string // a sentence, empty when all is well
}

// ReceiptDocument is one document that was shown. A forged one has no title
// and no issuer: what it says of itself is worth nothing.
type ReceiptDocument struct {
	Title    string
	Issuer   string
	IssuedOn string // YYYY-MM-DD
	Result   ReceiptResult
}
