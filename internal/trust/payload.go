package trust

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
)

// payload is what a passport-bundle+jwt says; the order is the order on the
// wire. Members that this version does not know are ignored.
type payload struct {
	Iss          string            `json:"iss"`
	Seq          int64             `json:"seq"`
	Iat          int64             `json:"iat"`
	NextUpdate   int64             `json:"nextUpdate"`
	Exp          int64             `json:"exp"`
	Chain        []string          `json:"chain"`
	Recognition  []string          `json:"recognition"`
	StatusLists  []json.RawMessage `json:"statusLists"` // a token, or {url, sha256}
	Denied       string            `json:"denied,omitempty"`
	Reaffirmed   string            `json:"reaffirmed,omitempty"`
	VerifyBases  []string          `json:"verifyBases,omitempty"`
	Definitions  []json.RawMessage `json:"definitions,omitempty"` // tokens
	Dictionaries []dictionaryJSON  `json:"dictionaries,omitempty"`
}

type listFileJSON struct {
	URL    string `json:"url"`
	SHA256 string `json:"sha256"` // lower-case hex, which is the file's name too
}

type dictionaryJSON struct {
	Number int    `json:"number"`
	Hash   string `json:"hash"`  // SHA-256 of the bytes, lower-case hex
	Bytes  string `json:"bytes"` // base64url
}

// maxSeqAhead is how far, in seconds, the number of a bundle may run ahead of
// its date: an honest number is Unix time or one more than the last. One far
// ahead would make every honest bundle after it a rollback. A clock that was
// set ahead by mistake is bound by the delegation, 90 days.
const maxSeqAhead = 100 * 24 * 60 * 60

// check judges what the bundle says of itself.
func (p *payload) check() error {
	switch {
	case p.Iss == "":
		return refuse(CodeIssuer, "a bundle says whose it is")
	case p.Seq <= 0:
		return refuse(CodeFormat, "seq %d", p.Seq)
	case p.Seq > p.Iat+maxSeqAhead:
		return refuse(CodeFormat, "seq %d in a bundle of %s", p.Seq, day(unix(p.Iat)))
	case p.Iat <= 0 || p.Exp <= p.Iat || p.NextUpdate < p.Iat:
		return refuse(CodeDates, "iat %d, nextUpdate %d, exp %d", p.Iat, p.NextUpdate, p.Exp)
	}
	return nil
}

// parsePayload reads the bytes that the gate has already checked for strict
// JSON.
func parsePayload(data []byte) (*payload, error) {
	var p payload
	if err := strictjson.UnmarshalChecked(data, &p); err != nil {
		return nil, refuse(CodeFormat, "bundle").because(err)
	}
	return &p, nil
}

// pack puts gzip around a token. The result depends on the token alone.
func pack(token string) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(z, token); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack takes gzip off, if there is any, and a final line break. A bomb ends
// one byte after the limit.
func unpack(data []byte) (string, error) {
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		if len(data) > jose.MaxSigned+2 {
			return "", refuse(CodeSize, "%d bytes", len(data))
		}
		return string(bytes.TrimRight(data, "\r\n")), nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", refuse(CodeFormat, "gzip").because(err)
	}
	var b bytes.Buffer
	switch n, err := io.Copy(&b, io.LimitReader(z, jose.MaxSigned+1)); {
	case err != nil:
		return "", refuse(CodeFormat, "gzip").because(err)
	case n > jose.MaxSigned:
		return "", refuse(CodeSize, "more than %d bytes behind the gzip", jose.MaxSigned)
	}
	return string(bytes.TrimRight(b.Bytes(), "\r\n")), nil
}

// Dictionary is one released dictionary of the QR transport, for programs that
// are older than it.
type Dictionary struct {
	Number int
	Bytes  []byte
}

func (d Dictionary) wire() dictionaryJSON {
	sum := sha256.Sum256(d.Bytes)
	return dictionaryJSON{
		Number: d.Number, Hash: hex.EncodeToString(sum[:]),
		Bytes: base64.RawURLEncoding.EncodeToString(d.Bytes),
	}
}

// readDictionaries takes those whose bytes are what their hash says, once a
// number.
func readDictionaries(wire []dictionaryJSON, told *problems) []Dictionary {
	var all []Dictionary
	for _, w := range wire {
		data, err := base64.RawURLEncoding.Strict().DecodeString(w.Bytes)
		sum := sha256.Sum256(data)
		d := Dictionary{Number: w.Number, Bytes: data}
		switch {
		case err != nil || w.Number <= 0 || len(data) == 0 || len(data) > maxDictionary:
			told.add("dictionary", strconv.Itoa(w.Number), refuse(CodeFormat, "dictionary %d", w.Number))
		case hex.EncodeToString(sum[:]) != w.Hash:
			told.add("dictionary", strconv.Itoa(w.Number), refuse(CodeHash, "dictionary %d", w.Number))
		case slices.ContainsFunc(all, func(o Dictionary) bool { return o.Number == d.Number }):
			told.add("dictionary", strconv.Itoa(w.Number), refuse(CodeDuplicate, "dictionary %d", w.Number))
		default:
			all = append(all, d)
		}
	}
	return all
}

// maxDictionary is the window of DEFLATE; a longer dictionary has no use.
const maxDictionary = 32 << 10
