// Package statuslist reads and writes Bitstring Status Lists (W3C
// Recommendation of 2025-05-15). It fetches nothing, signs nothing and verifies
// no signature: callers bring a list that they have verified.
//
// A list comes from a stranger. Whatever it says, reading it costs at most
// MaxBytes of inflated bits, and a list that breaks a rule gives an Error and
// never a status: "not revoked" is only said by a whole and fitting list.
package statuslist

import "fmt"

// Bounds and purposes of Bitstring Status List 1.0.
const (
	// MinEntries is the least size of a list, 16 KiB of single bits (section
	// 2.2, encodedList): a smaller crowd would not hide anybody.
	MinEntries = 131_072

	// MaxBytes bounds what a list may inflate to. 16 MiB hold 134 million
	// credentials; a gigabyte of zeros is one megabyte on the wire.
	MaxBytes = 16 << 20

	PurposeRevocation = "revocation" // irreversible
	PurposeSuspension = "suspension" // reversible
)

// Codes of Error. The first five are the standard's own problems (section 3.5),
// in our spelling.
const (
	CodeRange     = "status_index"     // RANGE_ERROR: the index is none, or outside the list
	CodeMalformed = "status_malformed" // MALFORMED_VALUE_ERROR: statusSize or statusMessage of the entry
	CodeLength    = "status_length"    // STATUS_LIST_LENGTH_ERROR: less than MinEntries
	CodePurpose   = "status_purpose"   // STATUS_VERIFICATION_ERROR: the list has another purpose
	CodeInvalid   = "status_invalid"   // the list itself cannot be read or is another one
	CodeSize      = "size"             // more than MaxBytes
)

// Error says why there is no status. Problem gives the standard's name for it.
type Error struct {
	Code string
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("status list: %s: %v", e.Code, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// Problem returns the standard's problem type (RFC 9457) of the error, a URL.
func (e *Error) Problem() string {
	const base = "https://www.w3.org/ns/credentials/status-list#"
	switch e.Code {
	case CodeRange:
		return base + "RANGE_ERROR"
	case CodeLength:
		return base + "STATUS_LIST_LENGTH_ERROR"
	case CodeMalformed, CodeInvalid, CodeSize:
		return base + "MALFORMED_VALUE_ERROR"
	default:
		return base + "STATUS_VERIFICATION_ERROR"
	}
}

func wrong(code, format string, args ...any) *Error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}
