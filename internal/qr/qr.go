// Package qr carries signed tokens through one printed QR code and back, byte
// for byte: the compact JWS that an issuer signed is what an employer's
// program verifies, and nothing is signed a second time.
//
// What is read comes from strangers. The decoder therefore accepts one
// spelling of everything, bounds every length before it allocates, and gives
// tokens that are still to be verified: reading a QR code proves nothing.
// The link before the digits is a stranger's word too; see Message.Base.
//
// The package draws codes but never reads pictures (see qr/scan), reads no
// clock and opens no file, so that it runs in a browser as well.
package qr

import (
	"errors"
	"fmt"
)

// Bounds of the transport. A longer thing is refused, never cut.
const (
	MaxDigits      = 7089     // what version 40-L holds in numeric mode
	MaxText        = 64 << 10 // bytes of the inflated text
	MaxToken       = 64 << 10 // bytes of one token
	MaxCredentials = 10       // in one frame, those inside presentations too
	MaxTokens      = 40       // in one frame: of every type, those inside presentations too
	MaxFrame       = 64 << 10 // bytes of a frame, which only chunks can reach
	MaxBase        = 31       // characters of the link before "#" and kind
	maxDepth       = 4        // a JWS inside a JWS inside …
)

// Errors to act on; the rest of the sentence is in the wrapping error.
var (
	// ErrNotPassport: a QR code of something else. Show it, open nothing.
	ErrNotPassport = errors.New("not a passport QR code")
	// ErrUpdate: made by a newer program (unknown kind, format or dictionary).
	// It says nothing against the document: the verdict is UNKNOWN.
	ErrUpdate = errors.New("made by a newer version of the program")
	// ErrTooLarge: over a bound above, or over the budget of a printed code.
	ErrTooLarge = errors.New("too large for a QR code")
	// ErrMalformed: damaged, cut, or built by hand against the grammar.
	ErrMalformed = errors.New("damaged or malformed QR code")
	// ErrChunk: one of several codes that a screen shows in turn.
	ErrChunk = errors.New("one part of several QR codes")
	// ErrBackup: one part of the sealed backup of a wallet, which is no document.
	ErrBackup = errors.New("one part of the backup of a wallet")
	// ErrIncomplete: some of these parts are missing; the text names them.
	ErrIncomplete = errors.New("parts are missing")
	// ErrBase: a link that cannot stand before the digits.
	ErrBase = errors.New("unsuitable link of the verify page")
)

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrTooLarge, fmt.Sprintf(format, args...))
}

// Options of Encode. The zero value is right for everything that we issue.
type Options struct {
	// NoDictionary spares the reader the dictionary, at about twice the size.
	NoDictionary bool
	// Quick takes a tenth of the time for about three bytes in a hundred: for a
	// screen, where somebody waits and no millimetre is printed.
	Quick bool
}

func (o Options) effort() effort {
	if o.Quick {
		return none
	}
	return utmost
}

// Info says how large the frame of a text became.
type Info struct {
	Frame      int    // bytes
	Digits     int    // after "#1"
	Dictionary uint64 // number of the dictionary used, 0 for none
}

// Message is what one QR code, or one row of chunks, held.
type Message struct {
	// Base is the link before "#". It is not trusted: compare it with the
	// verify bases of the trust bundle, never open it.
	Base string
	// Tokens as they were given to Encode, none of them verified.
	Tokens []string
}
