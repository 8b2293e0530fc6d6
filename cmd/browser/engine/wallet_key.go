package engine

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/internal/strictjson"
)

// sealCost is the work factor of scrypt for what a phone seals and opens: 16 MiB
// and about a second in WebAssembly. The words have 80 bits of their own.
const sealCost = 14

// browserKey is a P-256 key of WebCrypto, which hashes by itself: a
// crypto.MessageSigner. The context is that of the call that opened the wallet
// without its end: a signature is asked for later, and the page answers it.
type browserKey struct {
	ctx    context.Context //nolint:containedctx // crypto.MessageSigner has none
	host   Host
	handle string
	public *ecdsa.PublicKey
}

func (k browserKey) Public() crypto.PublicKey { return k.public }

// Sign of a digest is what WebCrypto cannot do.
func (browserKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("a key of the browser signs no digest")
}

// SignMessage asks the browser, and gives ASN.1 as crypto.Signer promises.
func (k browserKey) SignMessage(_ io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 {
		return nil, errors.New("a key of P-256 signs with SHA-256 here")
	}
	raw, err := k.host.Sign(k.ctx, k.handle, message)
	if err != nil {
		return nil, refuse("wb_key_lost").because(err)
	}
	return derOf(raw)
}

// derOf turns r||s, as WebCrypto gives it (IEEE P1363), into ASN.1.
func derOf(raw []byte) ([]byte, error) {
	if len(raw) != 64 {
		return nil, refuse("wb_key_lost").because(fmt.Errorf("a signature of %d bytes", len(raw)))
	}
	return jose.SignatureASN1(raw), nil
}

// privateJWK is a P-256 key as WebCrypto exports and imports it (RFC 7517). As
// an input d may be absent.
type privateJWK struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
	D   string `json:"d,omitempty"`
}

var errJWK = errors.New("not a P-256 key")

// public reads the point, which must lie on the curve.
func (j *privateJWK) public() (*ecdsa.PublicKey, error) {
	if j == nil || j.Kty != "EC" || j.Crv != "P-256" {
		return nil, errJWK
	}
	point := []byte{4}
	for _, part := range []string{j.X, j.Y} {
		b, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || len(b) != 32 {
			return nil, errJWK
		}
		point = append(point, b...)
	}
	return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
}

// private reads the whole key, whose halves must belong together.
func (j *privateJWK) private() (*ecdsa.PrivateKey, error) {
	public, err := j.public()
	if err != nil {
		return nil, err
	}
	key, err := keyOf(j.D)
	if err != nil || !key.PublicKey.Equal(public) {
		return nil, errJWK
	}
	return key, nil
}

func keyOf(d string) (*ecdsa.PrivateKey, error) {
	scalar, err := base64.RawURLEncoding.Strict().DecodeString(d)
	if err != nil {
		return nil, errJWK
	}
	return ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
}

// jwkOf writes a private key for WebCrypto to import.
func jwkOf(key *ecdsa.PrivateKey) (*privateJWK, error) {
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	scalar, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	text := base64.RawURLEncoding.EncodeToString
	return &privateJWK{Kty: "EC", Crv: "P-256", X: text(point[1:33]), Y: text(point[33:]), D: text(scalar)}, nil
}

// sealedKey is what lies inside a blob: the key alone, named so that no other
// sealed thing is taken for one.
type sealedKey struct {
	Format string `json:"format"`
	D      string `json:"d"`
}

const keyFormat = "passport-wallet-key"

// sealKey closes a key with words or with a PIN.
func sealKey(key *ecdsa.PrivateKey, secret string, cost int) ([]byte, error) {
	scalar, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	plain := []byte(`{"format":"` + keyFormat + `","d":"` + base64.RawURLEncoding.EncodeToString(scalar) + `"}`)
	return sealed.SealPassphrase(plain, secret, cost)
}

// openKey opens what sealKey closed. A blob that asks for more work than we ever
// ask is refused before any is done.
func openKey(blob []byte, secret string) (*ecdsa.PrivateKey, error) {
	plain, err := sealed.OpenPassphrase(blob, secret, sealCost+2)
	if err != nil {
		return nil, err
	}
	var k sealedKey
	if err := strictjson.UnmarshalKnown(plain, &k); err != nil || k.Format != keyFormat {
		return nil, sealed.ErrDamaged
	}
	key, err := keyOf(k.D)
	if err != nil {
		return nil, sealed.ErrDamaged
	}
	return key, nil
}

// newKey makes a key where the browser cannot keep one.
func newKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// openPIN is openKey with the words of a PIN.
func openPIN(blob []byte, pin string) (*ecdsa.PrivateKey, error) {
	if len(blob) == 0 || pin == "" {
		return nil, refuse("wb_request")
	}
	key, err := openKey(blob, pin)
	if errors.Is(err, sealed.ErrWrongPassphrase) {
		return nil, refuse("wb_pin_wrong").because(err)
	}
	return key, err
}
