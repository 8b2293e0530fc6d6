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
	MaxBase        = 31       // characters of the link with "#" and kind
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

// Encode gives the text of a single-frame code: base, "#1" and the digits.
func Encode(base string, tokens []string, opt Options) (string, Info, error) {
	return "", Info{}, ErrTooLarge
}

// EncodeFrame packs credentials or presentations, then status assertions, with
// the newest dictionary.
func EncodeFrame(tokens []string) ([]byte, error) { return nil, ErrTooLarge }

// DecodeFrame is EncodeFrame undone. More are dictionaries newer than the
// program, as a trust bundle carries them.
func DecodeFrame(frame []byte, more ...Dictionary) ([]string, error) { return nil, ErrMalformed }

// DecodeText reads the text of a single-frame code. The text of a chunk gives
// a *ChunkError: collect all chunks and call Collect.
func DecodeText(text string, more ...Dictionary) (Message, error) { return Message{}, ErrMalformed }

// EncodeChunks splits tokens over several codes for a screen that shows them in
// turn; size is the most frame bytes in one of them.
func EncodeChunks(base string, tokens []string, size int) ([]string, error) { return nil, ErrTooLarge }

// Collect reads a full set of chunks in any order, doubles tolerated.
func Collect(texts []string, more ...Dictionary) (Message, error) { return Message{}, ErrMalformed }

// Dictionary is a preset text that both sides know. A released number never
// changes: paper keeps it alive.
type Dictionary struct {
	Number uint64
	Bytes  []byte
}

// Level is the share of a code that may be damaged and still be read.
type Level int

// Levels, by what they are for.
const (
	LevelM Level = iota // paper: about 15 % of the code words
	LevelL              // screen: about 7 %
	LevelQ              // rough use: about 25 %
)

// Version of the smallest code that holds text, and its modules a side
// (without the quiet zone).
func Version(text string, level Level) (version, modules int, err error) { return 0, 0, ErrTooLarge }

// PNG draws text with dots pixels a module and 4 modules of quiet zone.
func PNG(text string, level Level, dots int) ([]byte, error) { return nil, ErrTooLarge }

// SVG draws text with moduleMM millimetres a module and 4 modules of quiet zone.
func SVG(text string, level Level, moduleMM float64) ([]byte, error) { return nil, ErrTooLarge }

// The budget of a printed code, measured on paper with phones.
const (
	PaperTarget = 620 // bytes of a frame: version 20 at level M
	PaperCap    = 737 // version 22 at level M, never more on paper
	ScreenCap   = 959 // version 22 at level L
	ModuleMM    = 0.4 // smallest module on paper
	QuietZone   = 4   // modules on every side
)

// Budget is the room that a frame takes on paper (level M).
type Budget struct {
	Frame    int     // bytes
	Version  int     // QR version at level M
	Modules  int     // a side, without the quiet zone
	PrintMM  float64 // a side at 0.4 mm a module, without the quiet zone
	OnTarget bool    // version 20 or less
	OnPaper  bool    // version 22 or less
	OnScreen bool    // version 22 or less at level L
}

// BudgetOf judges a frame by its size alone, for a base of 31 characters.
func BudgetOf(frameBytes int) Budget { return Budget{Frame: frameBytes} }
