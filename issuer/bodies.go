package issuer

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"
	"unicode"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// NewIssuer is a body that is to issue from this home.
type NewIssuer struct {
	Name    string // name on the command line
	Title   string // the body's name on what it signs; the same when empty
	Country string // ISO 3166-1 alpha-2
	Region  string // NUTS code; may be empty

	Method     string // "web" or "key"
	Domain     string // for web: HOST[:PORT][/PATH]
	StatusBase string // for key: https URL under which its status lists are found
}

// AddIssuer makes an issuer and its keys. A did:web body gets two, one for
// credentials and one for status; a did:key body, which is for demonstrations,
// is one key for both and can never rotate it.
func (i *Issuer) AddIssuer(ctx context.Context, by Actor, n NewIssuer) (IssuerRecord, error) {
	if err := n.check(); err != nil {
		return IssuerRecord{}, err
	}
	if err := i.nameFree(ctx, n.Name); err != nil {
		return IssuerRecord{}, err // before a key is made for nothing
	}
	r := IssuerRecord{Name: n.Name, Title: cmp.Or(n.Title, n.Name), Country: n.Country, Region: n.Region}
	keys, err := i.found(ctx, &r, n)
	if err != nil {
		return IssuerRecord{}, err
	}
	err = i.update(ctx, by, func(a *act) error { return a.addIssuer(&r, keys) })
	if err != nil {
		return IssuerRecord{}, err
	}
	return r, nil
}

// found gives the body its DID, status base and first keys.
func (i *Issuer) found(ctx context.Context, r *IssuerRecord, n NewIssuer) ([]KeyRecord, error) {
	sign, err := i.newKey(ctx, n.Name, schema.KeyForCredentials)
	if err != nil {
		return nil, err
	}
	if n.Method == "key" {
		sign.Also = schema.KeyForStatus
		r.StatusBase = strings.TrimSuffix(n.StatusBase, "/")
		r.DID, sign.KID, err = keyDID(sign)
		return []KeyRecord{sign}, err
	}
	status, err := i.newKey(ctx, n.Name, schema.KeyForStatus)
	if err != nil {
		return nil, err
	}
	host, path, _ := strings.Cut(strings.TrimSuffix(n.Domain, "/"), "/")
	if r.DID, err = did.NewWeb(host, path); err != nil {
		return nil, refuse("domain_form", "domain", n.Domain).because(err)
	}
	r.StatusBase = "https://" + strings.TrimSuffix(n.Domain, "/")
	sign.KID, status.KID = firstKID(r.DID, sign.Use), firstKID(r.DID, status.Use)
	return []KeyRecord{sign, status}, nil
}

// addIssuer writes the body, its keys and its first status list, so that there
// is something to publish before the first credential.
func (a *act) addIssuer(r *IssuerRecord, keys []KeyRecord) error {
	others, err := a.AllIssuers()
	if err != nil {
		return err
	}
	for _, o := range others {
		switch {
		case o.Name == r.Name:
			return refuse("issuer_exists", "issuer", r.Name)
		case o.DID == r.DID, o.StatusBase == r.StatusBase:
			// Two bodies under one address would number the same lists.
			return refuse("issuer_address_taken", "issuer", o.Name)
		}
	}
	r.CreatedAt = a.at
	if err := a.PutIssuer(*r); err != nil {
		return err
	}
	if err := a.log("issuer.add", r.Name, r.DID); err != nil {
		return err
	}
	restored, err := wasRestored(a)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if !isDIDKey(r.DID) {
			if k.KID, err = nextKID(a, r.DID, k.Use, nil); err != nil {
				return err
			}
		}
		if err := a.addKey(&k); err != nil {
			return err
		}
	}
	s, err := a.shelfOf(*r)
	if err != nil {
		return err
	}
	number := 1
	if restored { // the lost life may have had this body, and its list 1
		number = randomStep()
	}
	_, err = s.openNumbered(statuslist.PurposeRevocation, number)
	return err
}

func (n NewIssuer) check() error {
	switch {
	case !plainName(n.Name):
		return refuse("issuer_name_form", "name", n.Name)
	case n.Method != "web" && n.Method != "key":
		return refuse("did_method", "method", n.Method)
	case n.Method == "web" && n.Domain == "":
		return refuse("domain_missing")
	case n.Method == "key" && !httpsBase(n.StatusBase):
		return refuse("status_base", "base", n.StatusBase)
	case !schema.IsCountry(n.Country):
		return refuse("issuer_country", "country", n.Country)
	case n.Region != "" && !schema.IsRegion(n.Region):
		return refuse("issuer_region", "region", n.Region)
	case n.Region != "" && !strings.HasPrefix(n.Region, nutsCountry(n.Country)):
		return refuse("region_country", "region", n.Region, "country", n.Country)
	}
	return nil
}

// nutsCountry is the beginning of a country's NUTS codes: EL where ISO says GR.
func nutsCountry(country string) string {
	if country == "GR" {
		return "EL"
	}
	return country
}

func httpsBase(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// plainName keeps names to what a person types and a terminal shows: no control
// characters, nothing that is taken for a path, nothing that looks like the
// owner of an authority's keys.
func plainName(s string) bool {
	if s == "" || len(s) > 100 || strings.TrimSpace(s) != s || s[0] == '-' || strings.HasPrefix(s, "authority:") {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == '/' || r == '\\' }) < 0
}

func (i *Issuer) nameFree(ctx context.Context, name string) error {
	return i.store.View(ctx, func(tx Tx) error {
		_, err := tx.Issuer(name)
		if err == nil {
			return refuse("issuer_exists", "issuer", name)
		}
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
}

// Body returns an issuer by name.
func (i *Issuer) Body(ctx context.Context, name string) (r IssuerRecord, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		r, err = tx.Issuer(name)
		return unknown(err, "issuer_unknown", "issuer", name)
	})
	return r, err
}

// Bodies returns all issuers by name.
func (i *Issuer) Bodies(ctx context.Context) (all []IssuerRecord, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		all, err = tx.AllIssuers()
		return err
	})
	return all, err
}
