package issuerhttp

import (
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// Config holds the parts of an API. Issuer, Store, Access and Now are
// compulsory.
type Config struct {
	Issuer *issuer.Issuer
	Store  issuer.Store // of that issuer
	Access *access.Service
	Now    func() time.Time
	Base   *url.URL // where the world reaches the server; nil stands for relative addresses

	// Budget tells how large a printed code the credentials of a template need.
	// Without it templates are taken as they are.
	Budget func(*schema.Template) (qr.Budget, error)

	// Print writes a credential as PDF on the paper of a layout, of its kind when
	// that is empty. Without it nothing is printed.
	Print func(ctx context.Context, w io.Writer, row issuer.Issuance, layout, lang string) error

	VC VCAPI

	// FeedbackPerHour is how often one address may send feedback; zero is 120.
	FeedbackPerHour int
}

// VCAPI configures the endpoints that other software of the field calls.
type VCAPI struct {
	Issuer string // name of the body that signs where a request names none

	// OpenUnsafe lets whoever comes sign as that body without a key. It is for a
	// run of a conformance suite and for nothing else.
	OpenUnsafe bool
}

// API answers programs. It is safe for many goroutines.
type API struct {
	Config
	printers chan struct{} // places for those whose PDF is being made
}

// maxPrinters is how many PDFs are made at once: one takes some megabytes, and
// the processor all the while.
const maxPrinters = 4

// New returns the API of an issuer.
func New(c Config) (*API, error) {
	if c.Issuer == nil || c.Store == nil || c.Access == nil || c.Now == nil {
		return nil, errors.New("issuerhttp: a Config needs an Issuer, its Store, Access and a clock")
	}
	if c.VC.OpenUnsafe && c.VC.Issuer == "" {
		return nil, errors.New("issuerhttp: an open VC API needs the name of the body that signs")
	}
	if c.FeedbackPerHour == 0 {
		c.FeedbackPerHour = feedbackPerHour
	}
	return &API{Config: c, printers: make(chan struct{}, maxPrinters)}, nil
}
