package oid4vci

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Offer is a credential offer (section 4.1.1).
type Offer struct {
	Issuer         string   `json:"credential_issuer"`
	Configurations []string `json:"credential_configuration_ids"`
	Grants         Grants   `json:"grants"`
}

// Grants are the ways to a token. Others than this one are ignored.
type Grants struct {
	PreAuthorized *PreAuthorized `json:"urn:ietf:params:oauth:grant-type:pre-authorized_code,omitempty"`
}

// PreAuthorized is the grant of a code that stands in the offer itself.
type PreAuthorized struct {
	Code                string  `json:"pre-authorized_code"`
	TxCode              *TxCode `json:"tx_code,omitempty"` // there, even empty: a transaction code is asked for
	AuthorizationServer string  `json:"authorization_server,omitempty"`
}

// TxCode tells how the transaction code looks.
type TxCode struct {
	InputMode   string `json:"input_mode,omitempty"` // numeric, which is the default, or text
	Length      int    `json:"length,omitempty"`
	Description string `json:"description,omitempty"`
}

// ErrNoGrant: an offer that does not bring a pre-authorized code.
var ErrNoGrant = errors.New("the offer has no pre-authorized code")

// ParseOffer reads an offer.
func ParseOffer(data []byte) (*Offer, error) {
	var o Offer
	if err := read("credential offer", data, MaxOffer, &o); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("credential offer: %w", err)
	}
	return &o, nil
}

func (o *Offer) check() error {
	if err := CheckIdentifier(o.Issuer); err != nil {
		return err
	}
	if len(o.Configurations) == 0 || len(o.Configurations) > MaxConfigurations {
		return fmt.Errorf("%d credential configurations", len(o.Configurations))
	}
	seen := map[string]bool{}
	for _, id := range o.Configurations {
		if !short(id) || seen[id] {
			return errors.New("a credential configuration that is empty, too long or there twice")
		}
		seen[id] = true
	}
	grant := o.Grants.PreAuthorized
	if grant == nil {
		return ErrNoGrant
	}
	if !short(grant.Code) {
		return errors.New("a pre-authorized code that is empty or too long")
	}
	return grant.TxCode.check()
}

func (c *TxCode) check() error {
	switch {
	case c == nil:
		return nil
	case c.InputMode != "" && c.InputMode != "numeric" && c.InputMode != "text":
		return errors.New("an input mode of the transaction code that does not exist")
	case c.Length < 0 || c.Length > MaxText:
		return errors.New("a length of the transaction code that cannot be")
	case utf8.RuneCountInString(c.Description) > MaxDescription:
		return errors.New("a description of the transaction code that is too long")
	}
	return nil
}

// Link writes the offer as a link that carries the whole of it, for a button or
// a QR code.
func (o *Offer) Link() (string, error) {
	data, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	return Scheme + "://?credential_offer=" + url.QueryEscape(string(data)), nil
}

// LinkTo writes a link to an offer that stands at a URL: the smaller code.
func LinkTo(offerURL string) string {
	return Scheme + "://?credential_offer_uri=" + url.QueryEscape(offerURL)
}

// ErrNotOffer: a text that is no link to a credential offer.
var ErrNotOffer = errors.New("not a credential offer")

// ParseLink reads a link. Either the offer stands in it, or it names an https
// URL where the offer is to be fetched; never both (section 4.1). Of the https
// form of the link (a wallet's own address) only the query counts.
func ParseLink(link string) (o *Offer, offerURL string, err error) {
	if len(link) > MaxLink {
		return nil, "", fmt.Errorf("%w: longer than %d bytes", ErrNotOffer, MaxLink)
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Scheme != Scheme || u.Fragment != "" || u.User != nil {
		return nil, "", ErrNotOffer
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, "", ErrNotOffer
	}
	whole, by := query["credential_offer"], query["credential_offer_uri"]
	switch {
	case len(whole) == 1 && len(by) == 0:
		o, err = ParseOffer([]byte(whole[0]))
		return o, "", err
	case len(by) == 1 && len(whole) == 0:
		return nil, by[0], checkOfferURL(by[0])
	}
	return nil, "", fmt.Errorf("%w: it must hold credential_offer or credential_offer_uri, once", ErrNotOffer)
}

// ErrOfferURL: a place for an offer that nobody is sent to (G11).
var ErrOfferURL = errors.New("the offer's address is not an https address")

func checkOfferURL(raw string) error {
	u, err := parseURL(raw)
	if err != nil || u.Scheme != "https" && !Loopback(u) {
		return ErrOfferURL
	}
	return nil
}
