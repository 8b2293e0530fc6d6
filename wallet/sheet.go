package wallet

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
)

// A sheet is a backup small enough to be printed: the key, and the credentials
// in the frames of QR codes, which are a sixth of their tokens. What can be had
// again stays away: status, notes, what is awaited.
//
//	sheet = magic version id(16) counter(8) d(32) *( uvarint(len) frame )
//
// sealed as a vault is. Numbers are big-endian.
const (
	sheetMagic   = "passport-sheet\x00"
	sheetVersion = 1
	sheetHead    = len(sheetMagic) + 1 + 16 + 8 + 32
	frameHolds   = 8 // credentials; the transport takes ten, those in presentations too
)

// ErrNotSheet: a sealed thing that is no sheet, or one that breaks the format.
var ErrNotSheet = errors.New("not a printed backup")

// SealSheet seals a copy of the wallet for printing, as SealCopy does. It tells which credentials no frame can carry.
func (w *Wallet) SealSheet(key *ecdsa.PrivateKey, passphrase string, workFactor int) (data []byte, left []Held, err error) {
	if !key.PublicKey.Equal(w.key.Public()) {
		return nil, nil, fmt.Errorf("seal sheet: %w", ErrKey)
	}
	id, err := hex.DecodeString(w.id)
	if err != nil || len(id) != 16 {
		return nil, nil, ErrNotWallet
	}
	scalar, err := key.Bytes()
	if err != nil {
		return nil, nil, fmt.Errorf("seal sheet: %w", err)
	}
	plain := append([]byte(sheetMagic), sheetVersion)
	plain = append(plain, id...)
	plain = binary.BigEndian.AppendUint64(plain, w.counter)
	plain = append(plain, scalar...)
	for few := range slices.Chunk(w.held, frameHolds) {
		frames, without := framesOf(few)
		for _, frame := range frames {
			plain = append(binary.AppendUvarint(plain, uint64(len(frame))), frame...)
		}
		left = append(left, without...)
	}
	if data, err = sealed.SealPassphrase(plain, passphrase, workFactor); err != nil {
		return nil, nil, fmt.Errorf("seal sheet: %w", err)
	}
	return data, left, nil
}

// framesOf packs some credentials together or, where one of them spoils it, each
// for itself.
func framesOf(few []Held) (frames [][]byte, left []Held) {
	tokens := make([]string, len(few))
	for i, h := range few {
		tokens[i] = h.Token
	}
	if frame, err := qr.EncodeFrameQuick(tokens); err == nil {
		return [][]byte{frame}, nil
	}
	for _, h := range few {
		if frame, err := qr.EncodeFrameQuick([]string{h.Token}); err == nil {
			frames = append(frames, frame)
		} else {
			left = append(left, h)
		}
	}
	return frames, left
}

// UnsealSheet opens a sheet, whole or not at all: ErrNotSheet, ErrNewer or an error
// of package sealed. What it holds is unchecked and came now.
func UnsealSheet(data []byte, passphrase string, now time.Time) (*Wallet, error) {
	plain, err := sealed.OpenPassphrase(data, passphrase, 0)
	if err != nil {
		return nil, fmt.Errorf("open sheet: %w", err)
	}
	return readSheet(plain, now)
}

func readSheet(plain []byte, now time.Time) (*Wallet, error) {
	rest, ok := bytes.CutPrefix(plain, []byte(sheetMagic))
	switch {
	case !ok || len(plain) < sheetHead:
		return nil, ErrNotSheet
	case rest[0] > sheetVersion:
		return nil, ErrNewer
	case rest[0] != sheetVersion:
		return nil, ErrNotSheet
	}
	id, counter, scalar, rest := rest[1:17], binary.BigEndian.Uint64(rest[17:25]), rest[25:57], rest[57:]
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
	if err != nil {
		return nil, fmt.Errorf("%w: holder key", ErrNotSheet)
	}
	held, err := heldInFrames(rest, now)
	if err != nil {
		return nil, err
	}
	return assemble(hex.EncodeToString(id), counter, key, held)
}

func heldInFrames(data []byte, now time.Time) (held []Held, err error) {
	seen := map[string]bool{}
	for len(data) > 0 {
		size, n := binary.Uvarint(data)
		if n <= 0 || size == 0 || size > uint64(len(data)-n) {
			return nil, fmt.Errorf("%w: length of a frame", ErrNotSheet)
		}
		tokens, err := qr.DecodeFrame(data[n : n+int(size)]) //nolint:gosec // bounded by len(data)
		switch {
		case errors.Is(err, qr.ErrUpdate):
			return nil, ErrNewer
		case err != nil:
			return nil, fmt.Errorf("%w: %w", ErrNotSheet, err)
		}
		data = data[n+int(size):] //nolint:gosec // bounded by len(data)
		for _, token := range tokens {
			h, err := vaultedCred{Token: token, ImportedAt: now.UTC().Truncate(time.Second)}.held()
			if err != nil || seen[h.Hash] || len(held) >= MaxCredentials {
				return nil, fmt.Errorf("%w: credential %d", ErrNotSheet, len(held))
			}
			seen[h.Hash] = true
			held = append(held, h)
		}
	}
	return held, nil
}
