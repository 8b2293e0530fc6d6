package main

import (
	"strings"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/wallet"
)

// ownerOf is a credential of the person that the wallet belongs to: one bound to
// its key, else the one that was kept first.
func ownerOf(w *wallet.Wallet) (owner *schema.Credential) {
	for _, h := range w.Held() {
		switch {
		case !export.IsPersonal(h.Credential().Kind()):
		case w.Owner(h) == wallet.OwnerSelf:
			return h.Credential()
		case owner == nil && w.Owner(h) == wallet.OwnerBearer:
			owner = h.Credential()
		}
	}
	return owner
}

// ofOther tells whether a credential is another person's than the wallet's, and
// gives that name.
func ofOther(w *wallet.Wallet, h wallet.Held) (name string, other bool) {
	c := h.Credential()
	if !export.IsPersonal(c.Kind()) {
		return "", false
	}
	owner := ownerOf(w)
	other = w.Owner(h) == wallet.OwnerOther || owner != nil && w.Owner(h) == wallet.OwnerBearer && differ(owner, c)
	return nameOf(c), other
}

// differ tells whether two credentials cannot be of one person: their dates of
// birth differ or, where one of them has none, their names do.
func differ(x, y *schema.Credential) bool {
	a, b := birthOf(x), birthOf(y)
	if a != "" && b != "" {
		return !strings.HasPrefix(a, b) && !strings.HasPrefix(b, a)
	}
	return !schema.SameName(x, y)
}

func nameOf(c *schema.Credential) string  { return particular(c, schema.IdentityName) }
func birthOf(c *schema.Credential) string { return particular(c, schema.IdentityBirthDate) }

func particular(c *schema.Credential, kind string) string {
	_, all := c.Holder()
	for _, i := range all {
		if i.Type == kind {
			return i.Value
		}
	}
	return ""
}

// sayPeople tells that one input shows documents of several people, which is no
// fault and not to be overlooked.
func sayPeople(r *verifier.Report) {
	if r == nil {
		return
	}
	var people []*schema.Credential
	var names []string
	for _, c := range r.Credentials() {
		if !export.IsPersonal(c.Document.Kind()) || nameOf(c.Document) == "" {
			continue
		}
		known := false
		for _, p := range people {
			known = known || !differ(p, c.Document)
		}
		if !known {
			people, names = append(people, c.Document), append(names, nameOf(c.Document))
		}
	}
	if len(people) > 1 {
		r.Tell(verifier.Check{Code: "several_people", Outcome: verifier.Noted, Args: map[string]string{"names": strings.Join(names, ", ")}})
	}
}
