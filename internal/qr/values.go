package qr

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
)

// Each pair below reads a value from the start of a text and writes it back.
// A value counts only when writing gives the very same characters: upper-case
// UUIDs, 30 February and base64url with stray bits stay text.

const (
	uuidLen    = 36
	digestLen  = 43
	timeLen    = len("2006-01-02T15:04:05Z")
	dateLen    = len("2006-01-02")
	integerLen = 10

	timeLayout = "2006-01-02T15:04:05Z"
	dateLayout = "2006-01-02"

	minInteger = 1_000_000_000 // ten digits, none leading
	maxDIDKey  = 1024          // bytes of a did:key: base58 takes time by the square
)

var (
	timeEpoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	dateEpoch = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
)

func uuidText(b []byte) string {
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func uuidBytes(s string) ([]byte, bool) {
	if len(s) < uuidLen || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return nil, false
	}
	s = s[:uuidLen]
	b, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	if err != nil || uuidText(b) != s {
		return nil, false
	}
	return b, true
}

func timeText(b []byte) string {
	return timeEpoch.Add(time.Duration(binary.BigEndian.Uint32(b)) * time.Second).Format(timeLayout)
}

func timeBytes(s string) ([]byte, bool) {
	if len(s) < timeLen || s[timeLen-1] != 'Z' {
		return nil, false
	}
	t, err := time.Parse(timeLayout, s[:timeLen])
	seconds := t.Unix() - timeEpoch.Unix()
	if err != nil || seconds < 0 || seconds > 1<<32-1 {
		return nil, false
	}
	b := binary.BigEndian.AppendUint32(nil, uint32(seconds))
	return b, timeText(b) == s[:timeLen]
}

func dateText(b []byte) string {
	return dateEpoch.AddDate(0, 0, int(binary.BigEndian.Uint16(b))).Format(dateLayout)
}

func dateBytes(s string) ([]byte, bool) {
	if len(s) < dateLen || s[4] != '-' || s[7] != '-' {
		return nil, false
	}
	t, err := time.Parse(dateLayout, s[:dateLen])
	days := (t.Unix() - dateEpoch.Unix()) / (24 * 60 * 60)
	if err != nil || t.Before(dateEpoch) || days > 1<<16-1 {
		return nil, false
	}
	b := binary.BigEndian.AppendUint16(nil, uint16(days))
	return b, dateText(b) == s[:dateLen]
}

func integerBytes(s string) ([]byte, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || len(s) != integerLen || n < minInteger {
		return nil, false
	}
	return binary.BigEndian.AppendUint32(nil, uint32(n)), true
}

func integerText(b []byte) string {
	return strconv.FormatUint(uint64(binary.BigEndian.Uint32(b)), 10)
}

// base64Bytes takes canonical base64url only: no padding, no line ends, unused
// bits zero.
func base64Bytes(s string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(s) != base64.RawURLEncoding.EncodedLen(len(b)) {
		return nil, false // the decoder skips CR and LF, hence the length
	}
	return b, true
}

func base64Text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// minimalUvarint reads a uvarint in its only form without needless bytes.
func minimalUvarint(b []byte) (v uint64, n int, ok bool) {
	v, n = binary.Uvarint(b)
	if n <= 0 || n > 1 && b[n-1] == 0 {
		return 0, 0, false
	}
	return v, n, true
}
