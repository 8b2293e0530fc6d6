package jose

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"
)

func TestSignAndVerify(t *testing.T) {
	for _, alg := range []string{"ES256", "ES384", "ES512", "EdDSA"} {
		for _, typ := range []Type{TypeVC, TypeVP, TypeBundle, TypeDelegation, TypeStatusAssertion} {
			key := testKey(t, alg)
			token := sign(t, typ, key, goodPayload)
			var told Header
			h, payload, err := Verify(context.Background(), typ, token, func(_ context.Context, h Header, unverified []byte) (crypto.PublicKey, error) {
				if told = h; string(unverified) != goodPayload {
					t.Errorf("the KeyFunc sees %q", unverified)
				}
				return key.Public(), nil
			})
			want := Header{Alg: alg, Kid: "did:web:ente.example#key-1", Typ: string(typ)}
			if err != nil || string(payload) != goodPayload || h != want || told != want {
				t.Fatalf("%s %s: %+v %q %v", alg, typ, h, payload, err)
			}
			if seen, same, err := ParseUnverified(token); err != nil || seen != want || string(same) != goodPayload {
				t.Fatalf("ParseUnverified: %+v %q %v", seen, same, err)
			}
			for _, other := range []Type{TypeVC, TypeVP, TypeBundle, TypeDelegation, TypeStatusAssertion, ""} {
				if other != typ { // no token passes for one of another kind
					_, _, err := Verify(context.Background(), other, token, only1(key.Public()))
					mustRefuse(t, err, CodeType)
				}
			}
			_, _, err = Verify(context.Background(), typ, token, only1(testKey(t, alg).Public()))
			mustRefuse(t, err, CodeSignature)
		}
	}
}

func TestHeaderIsWrittenInOneOrder(t *testing.T) {
	key := testKey(t, "ES256")
	for kid, want := range map[string]string{
		"did:web:ente.example#key-1": goodHeader,
		"":                           `{"alg":"ES256","typ":"vc+jwt"}`,
	} {
		token, err := Sign(context.Background(), TypeVC, kid, key, []byte(goodPayload))
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(token, "."); got != b64(want) {
			t.Errorf("kid %q: header %s", kid, got)
		}
	}
}

// highSigner makes only signatures with a high s, as half of all signers do
// half of the time.
type highSigner struct{ *ecdsa.PrivateKey }

func (s highSigner) Sign(random io.Reader, digest []byte, _ crypto.SignerOpts) ([]byte, error) {
	for {
		der, err := ecdsa.SignASN1(random, s.PrivateKey, digest)
		if err != nil || len(der) > 8 && der[4+der[3]+1] == 33 { // s has a leading zero byte: above 2^255, so above n/2
			return der, err
		}
	}
}

// A signer of s above n/2 becomes one below it, and both spellings of one
// signature verify and count as one token (A26).
func TestLowS(t *testing.T) {
	key := testKey(t, "ES256").(*ecdsa.PrivateKey)
	token := sign(t, TypeVC, highSigner{key}, goodPayload)
	e, err := open(token, TypeVC, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := new(big.Int).SetBytes(e.signature[32:])
	if half := new(big.Int).Rsh(key.Params().N, 1); s.Cmp(half) > 0 {
		t.Fatal("signed with a high s")
	}
	high := s.Sub(key.Params().N, s).FillBytes(make([]byte, 32))
	other := e.signed + "." + base64.RawURLEncoding.EncodeToString(slices.Concat(e.signature[:32], high))
	h, _, err := Verify(context.Background(), TypeVC, other, only1(key.Public()))
	if err != nil {
		t.Fatalf("the other spelling: %v", err)
	}
	canonical, err := Canonical(other)
	if err != nil || canonical != token {
		t.Fatalf("Canonical(other) = %s, %v", canonical, err)
	}
	first, _ := CredentialHash(token)
	second, _ := CredentialHash(other)
	if first != second || len(first) != 43 {
		t.Fatalf("two hashes of one credential: %s, %s", first, second)
	}
	digest, err := Digest(other)
	if err != nil || base64.RawURLEncoding.EncodeToString(digest[:15]) != first[:20] {
		t.Fatalf("the digest %x is not the first half of %s, %v", digest, first, err)
	}
	for _, spelling := range []string{token, other} {
		sum, err := AcceptedSum(h, spelling)
		if err != nil || base64.RawURLEncoding.EncodeToString(sum[:]) != first {
			t.Fatalf("AcceptedSum %x is not %s, %v", sum, first, err)
		}
	}
}

// What the gate refuses has no canonical spelling, and no hash either.
func TestNoHash(t *testing.T) {
	good := sign(t, TypeVC, testKey(t, "ES256"), goodPayload)
	header, rest, _ := strings.Cut(good, ".")
	for _, token := range []string{"", good + "=", good[:len(good)-4], "x" + good, header + ".=" + rest} {
		if _, err := CredentialHash(token); err == nil {
			t.Errorf("%.20s… has a hash", token)
		}
		if _, err := Digest(token); err == nil {
			t.Errorf("%.20s… has a digest", token)
		}
	}
}

// messageSigner stands for WebCrypto: it takes the message and never a digest.
type messageSigner struct{ *ecdsa.PrivateKey }

func (messageSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("this signer hashes for itself")
}

func (s messageSigner) SignMessage(random io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	h := opts.HashFunc().New()
	h.Write(message)
	return ecdsa.SignASN1(random, s.PrivateKey, h.Sum(nil))
}

func TestSignersOfOtherKinds(t *testing.T) {
	key := testKey(t, "ES256").(*ecdsa.PrivateKey)
	token := sign(t, TypeVC, messageSigner{key}, goodPayload)
	if _, _, err := Verify(context.Background(), TypeVC, token, only1(key.Public())); err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"P-224": p224, "RSA": rsaKey, "none": nil} {
		t.Run(name, func(t *testing.T) {
			_, err := Sign(context.Background(), TypeVC, "", key, []byte(goodPayload))
			mustRefuse(t, err, CodeKey)
		})
	}
}

// brokenSigner gives back what a faulty HSM might.
type brokenSigner struct {
	crypto.Signer
	out []byte
}

func (b brokenSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return b.out, nil }

func TestBrokenSigner(t *testing.T) {
	for _, out := range [][]byte{nil, {}, {0x30, 0}, {0x30, 6, 2, 1, 0, 2, 1, 1}, {0x30, 6, 2, 1, 1, 2, 1, 0xff}, {0x30, 6, 2, 1, 1, 2, 1, 1, 0}, make([]byte, 64)} {
		_, err := Sign(context.Background(), TypeVC, "", brokenSigner{testKey(t, "ES256"), out}, []byte(goodPayload))
		mustRefuse(t, err, CodeSignature)
	}
	_, err := Sign(context.Background(), TypeVC, "", brokenSigner{testKey(t, "EdDSA"), make([]byte, 63)}, []byte(goodPayload))
	mustRefuse(t, err, CodeSignature)
}

func TestSignRefuses(t *testing.T) {
	key := testKey(t, "ES256")
	for code, call := range map[string]func() (string, error){
		CodeKid:  func() (string, error) { return Sign(context.Background(), TypeVC, "../key", key, []byte(goodPayload)) },
		CodeType: func() (string, error) { return Sign(context.Background(), "", "k", key, []byte(goodPayload)) },
		CodeSize: func() (string, error) {
			return Sign(context.Background(), TypeBundle, "k", key, []byte(`{"a":"`+strings.Repeat("x", MaxSigned*3/4)+`"}`))
		},
	} {
		_, err := call()
		mustRefuse(t, err, code)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Sign(ended, TypeVC, "k", key, []byte(goodPayload)); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
}

// The caller's own reason comes out of Verify as it went in.
func TestKeyFuncError(t *testing.T) {
	unknown := errors.New("keys of this issuer are not at hand")
	token := sign(t, TypeVC, testKey(t, "ES256"), goodPayload)
	_, payload, err := Verify(context.Background(), TypeVC, token, func(context.Context, Header, []byte) (crypto.PublicKey, error) {
		return nil, unknown
	})
	if !errors.Is(err, unknown) || payload != nil {
		t.Fatalf("%v, payload %q", err, payload)
	}
	for _, pub := range []crypto.PublicKey{nil, (*ecdsa.PublicKey)(nil), ed25519.PublicKey{}, "key"} {
		_, _, err := Verify(context.Background(), TypeVC, token, only1(pub))
		mustRefuse(t, err, CodeKey)
	}
}

func TestVerifyWithin(t *testing.T) {
	key := testKey(t, "ES256")
	token := sign(t, TypeVC, key, `{"list":"`+strings.Repeat("x", 100_000)+`"}`)
	_, _, err := Verify(context.Background(), TypeVC, token, only1(key.Public()))
	mustRefuse(t, err, CodeSize)
	if _, _, err := VerifyWithin(context.Background(), 1<<20, TypeVC, token, only1(key.Public())); err != nil {
		t.Fatal(err)
	}
}
