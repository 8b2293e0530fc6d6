package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"os"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// TLS says how a connection is protected.
type TLS string

// How a connection is protected. Without protection only this machine is spoken to.
const (
	StartTLS TLS = "starttls" // the default: upgraded before anything is said
	Implicit TLS = "tls"      // from the first byte, port 465
	None     TLS = "none"     // loopback only
)

// Config names the server. Host, Port, From and Now are compulsory.
type Config struct {
	Host         string
	Port         int
	From         string // address, or "Name <address>"
	Username     string // empty: no sign-in
	PasswordFile string // read for every letter, so that it can be changed
	TLS          TLS
	RootCAs      *x509.CertPool // nil: those of this machine
	Timeout      time.Duration  // of one letter; zero is 30 s
	Now          func() time.Time
}

// Errors to act on.
var (
	// ErrAddress: there is nobody to write to under that address. Final.
	ErrAddress = errors.New("no e-mail address")
	// ErrRefused: the server will not take this letter, now or later. Final.
	ErrRefused = errors.New("refused by the mail server")
	// ErrLater: the server could not be reached, or will be ready later.
	ErrLater = errors.New("mail server not ready")
)

// Sender sends letters. It is safe for many goroutines.
type Sender struct {
	c    Config
	from *netmail.Address
}

// New checks the configuration; it connects to nothing.
func New(c Config) (*Sender, error) {
	if c.Host == "" || c.Port < 1 || c.Port > 65535 || c.Now == nil {
		return nil, errors.New("mail: a Config needs a host, a port and a clock")
	}
	from, err := netmail.ParseAddress(c.From)
	if err != nil || !isAddress(from.Address) || from.Name != clean(from.Name, 100) {
		return nil, errors.New("mail: the sender is no address")
	}
	switch c.TLS {
	case "":
		c.TLS = StartTLS
	case StartTLS, Implicit:
	case None:
		if !isLoopback(c.Host) {
			return nil, errors.New("mail: without TLS only this machine is spoken to")
		}
	default:
		return nil, fmt.Errorf("mail: %q is no way to protect a connection", c.TLS)
	}
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	return &Sender{c: c, from: from}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands one letter to the server. When it returns nil the server has taken
// it. Its error wraps ErrAddress, ErrRefused or ErrLater.
func (s *Sender) Send(ctx context.Context, l Letter) error {
	m, err := s.message(l)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.c.Timeout)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, m)
	var bad *gomail.SendError
	switch {
	case err == nil, m.IsDelivered(): // a yes counts, however the connection ends after it
		return nil
	case errors.As(err, &bad) && bad.ErrorCode() >= 500 && !bad.IsTemp():
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return fmt.Errorf("%w: %w", ErrLater, err)
}

// client speaks to the configured server and to nobody else.
func (s *Sender) client() (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.c.Port), gomail.WithTimeout(s.c.Timeout), gomail.WithHELO(domainOf(s.from.Address)),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.c.Host, RootCAs: s.c.RootCAs, MinVersion: tls.VersionTLS12}),
		gomail.WithoutSMTPUTF8(),
	}
	switch s.c.TLS {
	case Implicit:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.c.Username != "" {
		password, err := s.password()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrLater, err)
		}
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.c.Username), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(s.c.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail client: %w", err)
	}
	return client, nil
}

// maxPassword bounds the password file.
const maxPassword = 4096

func (s *Sender) password() (string, error) {
	info, err := os.Stat(s.c.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("password of the mail server: %w", err)
	}
	if info.Size() > maxPassword {
		return "", errors.New("password of the mail server: the file is too large")
	}
	data, err := os.ReadFile(s.c.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("password of the mail server: %w", err)
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
