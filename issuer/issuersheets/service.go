package issuersheets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/mail"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Config holds the parts of a Service. Issuer, Store, Dir and Now are compulsory.
type Config struct {
	Issuer *issuer.Issuer
	Store  issuer.Store // of that issuer
	Dir    string       // of the jobs' files, HOME/sheets; made with mode 0700
	Now    func() time.Time
	Log    *slog.Logger // nil: nothing is logged

	// Offers makes what slips, links and letters lead to. Without it sheets are
	// printed only.
	Offers Offers

	// Here tells that what Offers makes leads to this machine only. It is put on no
	// paper, in no list and in no letter then.
	Here bool

	// Mail sends letters. Without it nobody gets one.
	Mail Mailer

	// Backoff is how long is waited, each time, before a mail server that was not
	// ready is asked again; nil is a little more than two minutes in four steps.
	Backoff []time.Duration

	// Batch is how many rows are put on record together; zero is 1024, as many as
	// the issuer takes into one batch.
	Batch int

	// Wall is the clock of this machine, for the deadlines of slow readers; nil is
	// none, for tests whose clock stands still.
	Wall func() time.Time

	// Retry is how long a job waits that a full disk or a stopped store keeps from
	// its end; zero is 10 s.
	Retry time.Duration

	// Heartbeat is how often a stream of progress shows that it lives; zero is 15 s.
	Heartbeat time.Duration

	// Print writes credentials as one PDF on the paper of a layout, of their kind
	// when that is empty. Without it nothing is printed.
	Print func(ctx context.Context, w io.Writer, rows []issuer.Issuance, layout, lang string) error
}

// Offers makes an offer that a wallet takes.
type Offers interface {
	Offer(ctx context.Context, by issuer.Actor, o Offered) (Claim, error)
}

// Offered is one credential to be offered.
type Offered struct {
	Issuer, Template string
	Learner          schema.Learner
	Life             time.Duration
}

// Claim is an offer as it is handed out. Page and Link lead to it, and Code goes
// another way.
type Claim struct {
	ID, Title, Body string // of the offer; of the document; the issuer's name for people
	Page, Link      string // for people, an https address; for wallets
	Code            string
	Until           time.Time
}

// Mailer hands a letter to a mail server; see mail.Sender.
type Mailer interface {
	Send(ctx context.Context, l mail.Letter) error
}

// Service keeps the jobs of a home. It is safe for many goroutines.
type Service struct {
	Config
	intake sync.Mutex
	wake   chan struct{}
	watch  *watch
	busy   *workers
}

// Full tells whether a job waits for room on the disk.
func (s *Service) Full() bool {
	return s.watch.any(func(j Job) bool { return j.WaitingFor == WaitSpace })
}

// New returns the Service of a home and makes its folder. Nothing is done
// before Run.
func New(c Config) (*Service, error) {
	if c.Issuer == nil || c.Store == nil || c.Now == nil || c.Dir == "" {
		return nil, errors.New("issuersheets: a Config needs an Issuer, its Store, a folder and a clock")
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of sheets: %w", err)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Backoff == nil {
		c.Backoff = defaultBackoff
	}
	if c.Retry == 0 {
		c.Retry = 10 * time.Second
	}
	if c.Batch <= 0 {
		c.Batch = 1024
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = 15 * time.Second
	}
	return &Service{Config: c, wake: make(chan struct{}, 1), watch: newWatch(), busy: newWorkers()}, nil
}
