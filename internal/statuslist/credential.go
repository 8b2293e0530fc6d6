package statuslist

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/strictjson"
)

const (
	contextV2      = "https://www.w3.org/ns/credentials/v2"
	credentialType = "BitstringStatusListCredential"
	subjectType    = "BitstringStatusList"
)

// List is a BitstringStatusListCredential (section 2.2).
type List struct {
	ID         string // URL where it is found, equal to statusListCredential of its entries
	Issuer     string // DID or URL
	Purposes   []string
	TTL        time.Duration // when to fetch again; never an end of validity
	ValidFrom  time.Time
	ValidUntil time.Time // zero is none
	Bits       *Bits
}

// HasPurpose tells whether the list serves purpose.
func (l *List) HasPurpose(purpose string) bool { return slices.Contains(l.Purposes, purpose) }

// Payload writes the credential, ready to be signed as vc+jwt: compact JSON,
// members in a fixed order.
func (l *List) Payload() ([]byte, error) {
	if l.Bits == nil || l.Bits.Len() < MinEntries {
		return nil, wrong(CodeLength, "a list needs %d entries", MinEntries)
	}
	if len(l.Purposes) == 0 || l.ID == "" || l.Issuer == "" {
		return nil, errors.New("status list: id, issuer and purpose are compulsory")
	}
	encoded, err := l.Bits.Encode()
	if err != nil {
		return nil, fmt.Errorf("encode status list: %w", err)
	}
	out := wireCredential{
		Context:   wireStrings{contextV2},
		ID:        l.ID,
		Type:      wireStrings{"VerifiableCredential", credentialType},
		Issuer:    wireIssuer(l.Issuer),
		ValidFrom: l.ValidFrom.UTC().Format(time.RFC3339Nano), // the issuer dates lists to the millisecond
		Subject: wireSubject{
			ID:      l.ID + "#list",
			Type:    wireStrings{subjectType},
			Purpose: l.Purposes,
			Encoded: encoded,
		},
	}
	if !l.ValidUntil.IsZero() {
		out.ValidUntil = l.ValidUntil.UTC().Format(time.RFC3339Nano)
	}
	if l.TTL > 0 {
		ttl := l.TTL.Milliseconds()
		out.Subject.TTL = &ttl
	}
	return json.Marshal(out)
}

// ParseCredential reads a list whose signature the caller has verified.
func ParseCredential(payload []byte) (*List, error) {
	var in wireCredential
	if err := strictjson.Unmarshal(payload, &in); err != nil {
		return nil, &Error{Code: CodeInvalid, Err: err}
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	l := &List{ID: in.ID, Issuer: string(in.Issuer), Purposes: in.Subject.Purpose}
	if in.Subject.TTL != nil {
		l.TTL = time.Duration(*in.Subject.TTL) * time.Millisecond
	}
	var err error
	if l.ValidFrom, err = readTime("validFrom", in.ValidFrom); err != nil {
		return nil, err
	}
	if l.ValidUntil, err = readTime("validUntil", in.ValidUntil); err != nil {
		return nil, err
	}
	if l.Bits, err = Decode(in.Subject.Encoded); err != nil {
		return nil, err
	}
	return l, nil
}

func (in *wireCredential) check() error {
	switch {
	case len(in.Context) == 0 || in.Context[0] != contextV2:
		return wrong(CodeInvalid, "@context does not begin with the one of VC 2.0")
	case !slices.Contains(in.Type, "VerifiableCredential") || !slices.Contains(in.Type, credentialType):
		return wrong(CodeInvalid, "type %q is no status list", in.Type)
	case !slices.Contains(in.Subject.Type, subjectType):
		return wrong(CodeInvalid, "subject type %q is no status list", in.Subject.Type)
	case in.ID == "" || in.Issuer == "":
		return wrong(CodeInvalid, "no id or no issuer")
	case len(in.Subject.Purpose) == 0 || slices.Contains(in.Subject.Purpose, ""):
		return wrong(CodeInvalid, "no statusPurpose")
	case in.Subject.TTL != nil && (*in.Subject.TTL < 0 || *in.Subject.TTL > maxTTL):
		return wrong(CodeInvalid, "ttl %d", *in.Subject.TTL)
	// A status list whose own status stands in a list could send a reader in
	// circles; depth is one.
	case len(in.Status) > 0:
		return wrong(CodeInvalid, "a status list with a status of its own")
	}
	return nil
}

// maxTTL keeps a ttl inside time.Duration: a hundred years of milliseconds.
const maxTTL = 100 * 366 * 24 * 3600 * 1000

// readTime reads an XML Schema dateTimeStamp, which always has a zone.
func readTime(name, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, wrong(CodeInvalid, "%s %.40q", name, s)
	}
	return t, nil
}
