package issuerweb

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/url"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/employment-passport/passport/issuer/access"
)

// FuzzAnswers: whatever comes as the answer of an authenticator, what is accepted
// of it was made for our challenge and our origin, and can be stored and read
// again; nothing of a key that nobody registered is.
func FuzzAnswers(f *testing.F) {
	base := &url.URL{Scheme: "https", Host: "passport.example"}
	rp, err := relyingParty(base)
	if err != nil {
		f.Fatal(err)
	}
	c := &Console{passkeys: rp}
	challenge := bytes.Repeat([]byte{7}, 40)
	who := account{Account: access.Account{Name: "anna", Handle: bytes.Repeat([]byte{1}, 32)}}

	key, authenticator := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2), virtualwebauthn.NewAuthenticator()
	service := virtualwebauthn.RelyingParty{Name: "Passport", ID: "passport.example", Origin: base.String()}
	f.Add([]byte(virtualwebauthn.CreateAttestationResponse(service, authenticator, key, virtualwebauthn.AttestationOptions{Challenge: challenge, RelyingPartyID: service.ID})))
	f.Add([]byte(virtualwebauthn.CreateAssertionResponse(service, authenticator, key, virtualwebauthn.AssertionOptions{Challenge: challenge, RelyingPartyID: service.ID})))
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}`))

	f.Fuzz(func(t *testing.T, data []byte) {
		if parsed, err := protocol.ParseCredentialCreationResponseBytes(data); err == nil {
			_, asked, err := c.registration(who, challenge)
			if err != nil {
				t.Fatal(err)
			}
			if made, err := rp.CreateCredential(who, *asked, parsed); err == nil {
				said := parsed.Response.CollectedClientData
				if said.Challenge != base64.RawURLEncoding.EncodeToString(challenge) || said.Origin != base.String() || said.Type != protocol.CreateCeremony {
					t.Errorf("accepted for %+v", said)
				}
				stored, err := proved(made)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := accountOf(access.Account{Passkeys: []access.Passkey{{Credential: stored.Credential}}}); err != nil {
					t.Error(err)
				}
			}
		}
		if parsed, err := protocol.ParseCredentialRequestResponseBytes(data); err == nil {
			_, asked, err := c.assertion(challenge)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := rp.ValidateDiscoverableLogin(func([]byte, []byte) (webauthn.User, error) { return nil, errors.New("nobody's") }, *asked, parsed); err == nil {
				t.Error("signed in with a key that nobody has")
			}
		}
	})
}

// FuzzTries: only a cookie that was sealed here opens.
func FuzzTries(f *testing.F) {
	here, err := newTries()
	if err != nil {
		f.Fatal(err)
	}
	elsewhere, err := newTries()
	if err != nil {
		f.Fatal(err)
	}
	good := here.seal(try{State: "s", Nonce: "n", Verifier: "v", Code: "inv_x"})
	if t, ok := here.open(good); !ok || t.State != "s" || t.Code != "inv_x" {
		f.Fatalf("%+v %v", t, ok)
	}
	f.Add(elsewhere.seal(try{State: "s"}))
	f.Add(good[:len(good)-2])
	f.Add("")
	f.Fuzz(func(t *testing.T, sealed string) {
		if opened, ok := here.open(sealed); ok && sealed != good {
			t.Errorf("%q opens: %+v", sealed, opened)
		}
	})
}
