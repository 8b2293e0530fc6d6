package issuerweb

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/employment-passport/passport/internal/httpkit"
)

// try is one attempt to sign in at a provider, kept by the browser that makes it:
// a callback in another browser has no cookie, and nobody can fill our memory
// with attempts.
type try struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // of PKCE (RFC 7636)
	Provider int    `json:"provider"`
	Code     string `json:"code,omitempty"` // of the invitation
}

// tries seals tries with a key that lives as long as the process.
type tries struct{ aead cipher.AEAD }

func newTries() (tries, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails, see crypto/rand
	block, err := aes.NewCipher(key)
	if err != nil {
		return tries{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return tries{aead}, err
}

func (s tries) seal(t try) string {
	data, _ := json.Marshal(t)                                                    // strings and a number
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, data, nil)) //nolint:gosec // G407: the AEAD makes a random nonce itself
}

func (s tries) open(sealed string) (t try, ok bool) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return t, false
	}
	if data, err = s.aead.Open(nil, nil, data, nil); err != nil {
		return t, false
	}
	return t, json.Unmarshal(data, &t) == nil
}

func (c *Console) tryCookie() string { return c.cookie + "-openid" }

// maxSaid is how much of what a provider said stands in the log, in bytes: whoever
// asks for it makes a line.
const maxSaid = 300

// away tells that a provider cannot be reached; why stands in the log.
func (c *Console) away(w http.ResponseWriter, r *http.Request, o *openID, err error) {
	said := err.Error()
	httpkit.Logger(r.Context()).Warn("OpenID provider cannot be asked", "provider", fmt.Sprint(c.numberOf(o)), "error", said[:min(len(said), maxSaid)])
	lang := httpkit.Language(r)
	c.show(w, r, http.StatusBadGateway, "sorry", sorry{Words: words(lang, "console.openid.away", "name", o.Name), Back: signInPlace})
}

func (c *Console) numberOf(o *openID) int {
	for n, p := range c.openID {
		if p == o {
			return n
		}
	}
	return -1
}
