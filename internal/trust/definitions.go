package trust

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/schema"
)

// maxDefinitions bounds the passport definitions of one bundle.
const maxDefinitions = 50

// Definition is what makes a composite passport, as a bundle brings it: signed
// by a key of a body that is recognised for EmploymentPassport, on that day.
// Whether its owner has withdrawn it since is in the owner's status list, which
// a verifier asks.
type Definition struct {
	Token    string // vc+jwt
	Passport *schema.PassportDefinition
}

// SelectDefinitions keeps of tokens those that a bundle with these bodies will
// be believed for, each version once, and tells the others.
func SelectDefinitions(entities []schema.Entity, tokens []string) (kept []string, left []Problem) {
	bodies := make(map[string]*schema.Entity, len(entities))
	for i := range entities {
		bodies[entities[i].DID] = &entities[i]
	}
	wire := make([]json.RawMessage, len(tokens))
	for i, token := range tokens {
		wire[i] = mustMarshal(token)
	}
	var told problems
	for _, d := range readDefinitions(wire, bodies, &told) {
		kept = append(kept, d.Token)
	}
	for i, p := range told { // the authority knows a definition by its name, not by its place
		if n, err := strconv.Atoi(p.Subject); err == nil && n < len(tokens) {
			told[i].Subject = definitionName(tokens[n], p.Subject)
		}
	}
	return kept, told
}

// definitionName is what a token calls its definition, else what else there is.
func definitionName(token, otherwise string) string {
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return otherwise
	}
	c, err := schema.ParseChecked(payload)
	if err != nil {
		return otherwise
	}
	if d, ok := c.Definition(); ok {
		return d.ID + " " + d.Version
	}
	return otherwise
}

// readDefinitions takes those that stand up. One that fails is left out and
// told, and spoils nothing else.
func readDefinitions(wire []json.RawMessage, entities map[string]*schema.Entity, told *problems) (all []Definition) {
	for i, raw := range wire {
		subject := strconv.Itoa(i)
		if i == maxDefinitions {
			told.add("definition", subject, refuse(CodeSize, "more than %d definitions", maxDefinitions))
			break
		}
		d, err := readDefinition(raw, entities)
		if err == nil && slices.ContainsFunc(all, func(o Definition) bool {
			return o.Passport.ID == d.Passport.ID && o.Passport.Version == d.Passport.Version && o.Passport.Owner.ID == d.Passport.Owner.ID
		}) {
			err = refuse(CodeDuplicate, "version %s of %s", d.Passport.Version, d.Passport.ID)
		}
		if err != nil {
			told.add("definition", subject, err)
			continue
		}
		all = append(all, d)
	}
	return all
}

func readDefinition(raw json.RawMessage, entities map[string]*schema.Entity) (d Definition, err error) {
	if !bytes.HasPrefix(raw, []byte(`"`)) {
		return d, refuse(CodeFormat, "not a token")
	}
	if err := strictjson.UnmarshalChecked(raw, &d.Token); err != nil {
		return d, refuse(CodeFormat, "definition").because(err)
	}
	var by *schema.Entity
	var key schema.Key
	_, payload, err := jose.Verify(context.Background(), jose.TypeVC, d.Token,
		func(_ context.Context, h jose.Header, _ []byte) (crypto.PublicKey, error) {
			owner, _, _ := strings.Cut(h.Kid, "#")
			if by = entities[owner]; by == nil {
				return nil, refuse(CodeIssuer, "%q is not recognised", owner)
			}
			for _, k := range by.Keys {
				if k.KID == h.Kid && k.Use != schema.KeyForStatus {
					key = k
					return k.Public, nil
				}
			}
			return nil, refuse(CodeKid, "%q", h.Kid)
		})
	if err != nil {
		return d, signatureError(err)
	}
	c, err := schema.ParseChecked(payload)
	if err != nil {
		return d, refuse(CodeFormat, "definition").because(err)
	}
	d.Passport, _ = c.Definition()
	return d, mayDefine(c, by, key)
}

// mayDefine judges the day and the permission: who may award passports may say
// what makes one.
func mayDefine(c *schema.Credential, by *schema.Entity, key schema.Key) error {
	_, isDefinition := c.Definition()
	faults := c.Rules(time.Time{})
	switch {
	case !isDefinition:
		return refuse(CodeType, "not a definition")
	case len(faults) > 0:
		return refuse(CodeFormat, "definition").because(faults)
	case c.Issuer.ID != by.DID:
		return refuse(CodeIssuer, "%q signed by %q", c.Issuer.ID, by.DID)
	case key.State == schema.KeyCompromised:
		return refuse(CodeCompromise, "%q", key.KID)
	case !key.Covers(c.ValidFrom):
		return refuse(CodeDates, "signed outside the days of %q", key.KID)
	case by.State == schema.EntityWithdrawn:
		return refuse(CodeIssuer, "the recognition of %q was withdrawn", by.DID)
	}
	for _, p := range by.RecognizedTo {
		if (p.Schema == schema.KindEmploymentPassport || p.Schema == schema.PassportSchemaURL) && p.Covers(c.ValidFrom) {
			return nil
		}
	}
	return refuse(CodeLimit, "%q may award no passports", by.DID)
}
