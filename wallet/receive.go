package wallet

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/oid4vci"
)

// A wallet takes credentials by OpenID4VCI 1.0 in steps, so that a person can
// say no between them: ReadOffer fetches nothing, Open asks the host that was
// named, Take redeems the code, and Tell says what became of it. Whoever made
// the link chooses every address in it: after the first yes all of them must be
// of the one host that the person was shown (T20).

// Asker reaches a credential issuer. It speaks https, to public addresses, and
// follows no redirect.
type Asker interface {
	Fetcher

	// Post sends a body of a media type to a URL, with an access token unless that
	// is empty, and returns whatever answer there is.
	Post(ctx context.Context, url, mediaType, bearer string, body []byte) (status int, answer []byte, err error)
}

var (
	// ErrNotOffer: a text that is no offer, or one that this wallet cannot take.
	ErrNotOffer = errors.New("not a credential offer")
	// ErrOfferAddress: an offer that leads to an address nobody is sent to (G11).
	ErrOfferAddress = errors.New("the offer leads to an address that is not public https")
	// ErrOfferPlace: nothing was had from the place that the link of an offer names.
	ErrOfferPlace = errors.New("fetch the offer")
	// ErrOtherHost: the issuer sends the wallet to another host than was agreed to.
	ErrOtherHost = errors.New("the issuer sends the wallet to another host")
	// ErrNeedsCode: the offer asks for the code that came beside it.
	ErrNeedsCode = errors.New("the offer asks for a code")
)

// IssuerError is a refusal by the issuer, in the words of the protocol.
type IssuerError struct {
	Code string // error of the protocol; empty for another answer
	Step string // offer, metadata, token, nonce, credential, deferred or notification
	Err  error
}

func (e *IssuerError) Error() string {
	if e.Code != "" {
		return "the issuer refuses the " + e.Step + ": " + e.Code
	}
	return fmt.Sprintf("the issuer's answer to the %s cannot be used: %v", e.Step, e.Err)
}

func (e *IssuerError) Unwrap() error { return e.Err }

// OfferLink is an offer as it came. Nothing has been asked of anybody.
type OfferLink struct {
	Host  string // that Open will ask
	offer *oid4vci.Offer
	place string // of an offer that has to be fetched; empty otherwise
}

// ReadOffer reads a link, the address of an offer's page (https://HOST/claim/SECRET,
// as letters bear it), or the JSON of an offer itself.
func ReadOffer(text string) (*OfferLink, error) {
	text = strings.TrimSpace(text)
	var l OfferLink
	var err error
	if strings.HasPrefix(text, "{") {
		l.offer, err = oid4vci.ParseOffer([]byte(text))
	} else {
		l.offer, l.place, err = oid4vci.ParseLink(offerOfPage(text))
	}
	switch {
	case errors.Is(err, oid4vci.ErrOfferURL), errors.Is(err, oid4vci.ErrIdentifier):
		return nil, fmt.Errorf("%w: %w", ErrOfferAddress, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrNotOffer, err)
	case l.offer != nil:
		l.Host = oid4vci.Host(l.offer.Issuer)
	default:
		l.Host = oid4vci.Host(l.place)
	}
	return &l, nil
}

// page is the address of a page where an offer waits.
var page = regexp.MustCompile(`^https?://[^\s?#]*/claim/[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$`)

// offerOfPage is the link to the offer of a page, which stands one step below it;
// any other text stays as it is.
func offerOfPage(text string) string {
	if at, _, _ := strings.Cut(text, "?"); page.MatchString(at) { // the page's language
		return oid4vci.LinkTo(at + "/offer")
	}
	return text
}

// Invitation is an offer with what its issuer says of itself, which nobody has
// verified: the host is what counts.
type Invitation struct {
	Host        string
	Name        string   // of the issuer; may be empty
	Titles      []string // of the documents
	NeedsCode   bool
	CodeLength  int    // digits or letters; 0 where it does not say
	CodeLetters bool   // letters too, not digits alone
	CodeHint    string // where the code is found; may be empty

	offer  *oid4vci.Offer
	meta   *oid4vci.IssuerMetadata
	server *oid4vci.ServerMetadata
}

// Open fetches the offer, if it only named its place, and the metadata of the
// issuer. All of it must be on the link's host: ErrOtherHost otherwise.
func (l *OfferLink) Open(ctx context.Context, from Fetcher) (*Invitation, error) {
	i := &Invitation{Host: l.Host, offer: l.offer}
	if l.offer == nil {
		data, err := from.Get(ctx, l.place)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrOfferPlace, err)
		}
		if i.offer, err = oid4vci.ParseOffer(data); err != nil {
			return nil, &IssuerError{Step: "offer", Err: err}
		}
	}
	if err := i.onHost(i.offer.Issuer); err != nil {
		return nil, err
	}
	if err := i.fetchMetadata(ctx, from); err != nil {
		return nil, err
	}
	return i, i.describe()
}

func (i *Invitation) fetchMetadata(ctx context.Context, from Fetcher) error {
	data, err := wellKnown(ctx, from, i.offer.Issuer, oid4vci.WellKnown)
	if err != nil {
		return err
	}
	if i.meta, err = oid4vci.ParseIssuerMetadata(data, i.offer.Issuer); err != nil {
		return &IssuerError{Step: "metadata", Err: err}
	}
	server, err := i.authorizationServer()
	if err != nil {
		return err
	}
	if err := i.onHost(server, i.meta.Credential, i.meta.Nonce, i.meta.Deferred, i.meta.Notification); err != nil {
		return err
	}
	if data, err = wellKnown(ctx, from, server, oid4vci.WellKnownA); err != nil {
		return err
	}
	if i.server, err = oid4vci.ParseServerMetadata(data, server); err != nil {
		return &IssuerError{Step: "metadata", Err: err}
	}
	return i.onHost(i.server.Token)
}

// authorizationServer is the one that takes the code: the issuer itself where its
// metadata name none (section 12.2.4), and of several the one that the offer
// names (section 4.1.1).
func (i *Invitation) authorizationServer() (string, error) {
	named, wanted := i.meta.AuthorizationServers, i.offer.Grants.PreAuthorized.AuthorizationServer
	switch {
	case len(named) == 0:
		return i.offer.Issuer, nil
	case len(named) == 1 || wanted == "":
		return named[0], nil
	case !slices.Contains(named, wanted):
		return "", &IssuerError{Step: "metadata", Err: errors.New("the offer names an authorization server that the issuer does not")}
	}
	return wanted, nil
}

func wellKnown(ctx context.Context, from Fetcher, identifier, path string) ([]byte, error) {
	at, err := oid4vci.WellKnownURL(identifier, path)
	if err != nil {
		return nil, &IssuerError{Step: "metadata", Err: err}
	}
	data, err := from.Get(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("fetch the issuer's metadata: %w", err)
	}
	return data, nil
}

// onHost holds addresses to the host that the person was shown. An address that
// is not there leads nowhere.
func (i *Invitation) onHost(addresses ...string) error {
	for _, a := range addresses {
		if a != "" && oid4vci.Host(a) != i.Host {
			return fmt.Errorf("%w: %s", ErrOtherHost, oid4vci.Host(a))
		}
	}
	return nil
}

// describe reads what a person is shown, and refuses what this wallet cannot
// hold.
func (i *Invitation) describe() error {
	if len(i.meta.Display) > 0 {
		i.Name = i.meta.Display[0].Name
	}
	for _, id := range i.offer.Configurations {
		c, ok := i.meta.Configurations[id]
		if !ok || c.Format != oid4vci.FormatVC {
			return fmt.Errorf("%w: %q is of a format that this wallet does not hold", ErrNotOffer, id)
		}
		title := id
		if c.Metadata != nil && len(c.Metadata.Display) > 0 && c.Metadata.Display[0].Name != "" {
			title = c.Metadata.Display[0].Name
		}
		i.Titles = append(i.Titles, title)
	}
	if tx := i.offer.Grants.PreAuthorized.TxCode; tx != nil {
		i.NeedsCode, i.CodeLength, i.CodeHint = true, tx.Length, tx.Description
		i.CodeLetters = tx.InputMode == "text"
	}
	return nil
}
