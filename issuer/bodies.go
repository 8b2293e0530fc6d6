package issuer

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"strings"

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

	FourEyes bool // see IssuerRecord
}

// AddIssuer makes an issuer and its keys. A did:web body gets two, one for
// credentials and one for status; a did:key body, which is for demonstrations,
// is one key for both and can never rotate it.
func (i *Issuer) AddIssuer(ctx context.Context, by Actor, n NewIssuer) (IssuerRecord, error) {
	if err := n.check(); err != nil {
		return IssuerRecord{}, err
	}
	r := IssuerRecord{Name: n.Name, Title: cmp.Or(n.Title, n.Name), Country: n.Country, Region: n.Region, FourEyes: n.FourEyes}
	if err := n.place(&r); err != nil {
		return IssuerRecord{}, err
	}
	if err := i.store.View(ctx, func(tx Tx) error { return n.free(tx, r) }); err != nil {
		return IssuerRecord{}, err
	}
	keys, err := i.found(ctx, &r, n)
	if err != nil {
		return IssuerRecord{}, err
	}
	err = i.update(ctx, by, func(a *act) error {
		if err := n.free(a, r); err != nil {
			return err
		}
		return a.addIssuer(&r, keys)
	})
	if err != nil {
		return IssuerRecord{}, err
	}
	return r, nil
}

// place gives the body its status base, and its DID where that is no key's.
func (n NewIssuer) place(r *IssuerRecord) (err error) {
	if n.Method == "key" {
		r.StatusBase = strings.TrimSuffix(n.StatusBase, "/")
		return nil
	}
	r.StatusBase = "https://" + strings.TrimSuffix(n.Domain, "/")
	host, path, _ := strings.Cut(strings.TrimSuffix(n.Domain, "/"), "/")
	if r.DID, err = did.NewWeb(host, path); err != nil {
		return refuse("domain_form", "domain", n.Domain).because(err)
	}
	return nil
}

// found gives the body its first keys, and its DID where that is a key's.
func (i *Issuer) found(ctx context.Context, r *IssuerRecord, n NewIssuer) ([]KeyRecord, error) {
	sign, err := i.newKey(ctx, n.Name, schema.KeyForCredentials)
	if err != nil {
		return nil, err
	}
	if n.Method == "key" {
		sign.Also = schema.KeyForStatus
		r.DID, sign.KID, err = keyDID(sign)
		return []KeyRecord{sign}, err
	}
	status, err := i.newKey(ctx, n.Name, schema.KeyForStatus)
	if err != nil {
		return nil, err
	}
	sign.KID, status.KID = firstKID(r.DID, sign.Use), firstKID(r.DID, status.Use)
	return []KeyRecord{sign, status}, nil
}

// addIssuer writes the body, its keys and its first status list, so that there
// is something to publish before the first credential.
func (a *act) addIssuer(r *IssuerRecord, keys []KeyRecord) error {
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
	case !bodyName.MatchString(n.Name):
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

// bodyName is the form of a new body's name, as of a user's: it stands in
// addresses and in the log, and people type it. Bodies of older releases may have
// other names, and keep them.
var bodyName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$`)

// free refuses what the register has already, before a key is made for nothing.
func (n NewIssuer) free(tx Tx, r IssuerRecord) error {
	others, err := tx.AllIssuers()
	if err != nil {
		return err
	}
	for _, o := range others {
		switch {
		case o.Name == n.Name:
			return refuse("issuer_exists", "issuer", n.Name)
		case o.DID == r.DID, o.StatusBase == r.StatusBase:
			// Two bodies under one address would number the same lists.
			return refuse("issuer_address_taken", "issuer", o.Name)
		}
	}
	return nil
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
