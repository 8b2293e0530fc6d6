package trust

import (
	"errors"
	"strconv"
	"time"
)

// errForeignRoot marks a delegation by a root that is not the pinned one, nor
// one that it handed over to. Of an authority that has changed its root these
// are ordinary: the links before the pinned one.
var errForeignRoot = errors.New("a root that is not trusted")

// rootKey is a root that hangs on the anchor.
type rootKey struct {
	thumbprint string
	handedOver time.Time // from then on it gives nothing more; zero: still the root
}

// chain is what the pinned root has delegated.
type chain struct {
	authority string
	byKID     map[string][]*grant
}

// walk follows the delegations from the anchor, in the order given. Links that
// do not hang on it are left out, and told unless they are an earlier root's.
func walk(tokens []string, anchor string, told *problems) (*chain, error) {
	c := &chain{byKID: map[string][]*grant{}}
	roots := map[string]*rootKey{anchor: {thumbprint: anchor}}
	for i, token := range tokens {
		g, by, err := readDelegation(token, roots)
		if err == nil {
			err = c.admit(g, by, roots)
		}
		if err != nil && !errors.Is(err, errForeignRoot) {
			told.add("delegation", strconv.Itoa(i), err)
		}
	}
	if c.authority == "" {
		return nil, refuse(CodeAnchor, "no delegation hangs on the root that was pinned")
	}
	return c, nil
}

// admit adds one verified link.
func (c *chain) admit(g *grant, by *rootKey, roots map[string]*rootKey) error {
	if !by.handedOver.IsZero() && g.IssuedAt.After(by.handedOver) {
		return refuse(CodeDelegation, "given by a root after it had handed over")
	}
	if c.authority != "" && g.Authority != c.authority {
		return refuse(CodeIssuer, "a chain is of one authority")
	}
	if same := c.byKID[g.KID]; len(same) > 0 && same[0].thumbprint != g.thumbprint {
		return refuse(CodeKid, "%s names two keys", g.KID)
	}
	c.authority = g.Authority
	if g.Use == UseRoot {
		by.handedOver = g.IssuedAt
		roots[g.thumbprint] = &rootKey{thumbprint: g.thumbprint}
		return nil
	}
	if roots[g.thumbprint] != nil {
		return refuse(CodeDelegation, "a root signs delegations only")
	}
	c.byKID[g.KID] = append(c.byKID[g.KID], g)
	return nil
}

// signer finds the delegation under which kid could sign at that moment; of
// several (it was renewed) the one that lives longest.
func (c *chain) signer(kid string, at time.Time) (*grant, error) {
	grants := c.byKID[kid]
	if len(grants) == 0 {
		return nil, refuse(CodeChain, "the root has delegated nothing to %q", kid)
	}
	var best *grant
	for _, g := range grants {
		if g.covers(at) && (best == nil || g.Expires.After(best.Expires)) {
			best = g
		}
	}
	if best == nil {
		return nil, refuse(CodeDelegation, "the delegation of %q was not alive at %s", kid, at.Format(time.RFC3339))
	}
	return best, nil
}
