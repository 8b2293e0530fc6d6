//go:build unix

package torture

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
)

// keysOf reads the issuer's keys from its published did document.
func (s *server) keysOf(ctx context.Context) (jose.KeyFunc, error) {
	text, err := s.public(ctx, "/.well-known/did.json")
	if err != nil {
		return nil, fmt.Errorf("did document: %w", err)
	}
	var doc struct {
		VerificationMethod []struct {
			ID           string          `json:"id"`
			PublicKeyJwk json.RawMessage `json:"publicKeyJwk"`
		} `json:"verificationMethod"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	keys := map[string]crypto.PublicKey{}
	for _, m := range doc.VerificationMethod {
		jwk, err := jose.ParseJWK(m.PublicKeyJwk)
		if err != nil {
			return nil, err
		}
		keys[m.ID] = jwk.Public()
	}
	return func(_ context.Context, h jose.Header, _ []byte) (crypto.PublicKey, error) {
		if key := keys[h.Kid]; key != nil {
			return key, nil
		}
		return nil, fmt.Errorf("no key %s", h.Kid)
	}, nil
}

// missing tells what a server no longer knows of what it acknowledged.
func (s *server) missing(promised []credential) (lost []string) {
	var mu sync.Mutex
	var clients sync.WaitGroup
	next := make(chan credential)
	for range 4 {
		clients.Go(func() {
			for c := range next {
				if why := s.holds(c); why != nil {
					mu.Lock()
					lost = append(lost, c.ID+": "+why.Error())
					mu.Unlock()
				}
			}
		})
	}
	for _, c := range promised {
		next <- c
	}
	close(next)
	clients.Wait()
	return lost
}

func (s *server) holds(c credential) error {
	now, err := s.show(context.Background(), c.ID)
	switch {
	case err != nil:
		return err
	case now.Token != c.Token:
		return errors.New("another token")
	case c.revoked && now.Status != "revoked":
		return errors.New("the revocation is lost: it is " + now.Status)
	}
	return nil
}

// reader follows the issuer's status list as the world does: whole, signed, and
// never an older one.
type reader struct {
	keys  jose.KeyFunc
	last  string
	seen  time.Time // validFrom of the newest one
	list  *statuslist.List
	reads int
	lists int
}

// read takes one look.
func (r *reader) read(ctx context.Context, s *server) error {
	token, err := s.public(ctx, "/status/1")
	if err != nil {
		return nil //nolint:nilerr // nobody answers while the server is down
	}
	r.reads++
	if token == r.last {
		return nil
	}
	_, payload, err := jose.VerifyWithin(ctx, 1<<20, jose.TypeVC, token, r.keys)
	if err != nil {
		return fmt.Errorf("a list that does not verify: %w", err)
	}
	list, err := statuslist.ParseCredential(payload)
	if err != nil {
		return fmt.Errorf("a list that does not read: %w", err)
	}
	if list.ValidFrom.Before(r.seen) {
		return fmt.Errorf("the list went back from %s to %s", r.seen, list.ValidFrom)
	}
	r.last, r.seen, r.list = token, list.ValidFrom, list
	r.lists++
	return nil
}

// lacks returns the first promised revocation that the newest list does not show.
func (r *reader) lacks(promised []credential) string {
	for _, c := range promised {
		if !c.revoked {
			continue
		}
		if r.list == nil {
			return c.ID
		}
		if is, err := r.list.Bits.Get(int(c.Index)); err != nil || !is {
			return c.ID
		}
	}
	return ""
}

// verifyToken verifies a credential with the issuer's published key.
func verifyToken(w *world, r *reader, token string) (jose.Header, []byte, error) {
	return jose.Verify(w.Context(), jose.TypeVC, token, r.keys)
}
