package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/employment-passport/passport/internal/mail"
)

// received is a letter as a server has taken it.
type received struct {
	from string
	to   []string
	data []byte
	tls  bool
	user string
}

// post is a mail server on this machine.
type post struct {
	mu      sync.Mutex
	letters []received
	refuse  func(to string, n int) error // what a recipient is answered; n counts from 1
	hangUp  bool                         // as soon as a letter is taken
	asked   int

	port  int
	roots *x509.CertPool
}

// serve starts a server, which offers STARTTLS when offer is set, or speaks TLS
// from the first byte.
func serve(t *testing.T, offer, implicit bool) *post {
	t.Helper()
	p := &post{roots: x509.NewCertPool()}
	certificate := certify(t, p.roots)
	s := smtp.NewServer(p)
	s.Domain, s.AllowInsecureAuth = "localhost", false
	if offer || implicit {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	if implicit {
		l = tls.NewListener(l, s.TLSConfig)
	}
	done := make(chan struct{})
	go func() { _ = s.Serve(l); close(done) }()
	t.Cleanup(func() { _ = s.Close(); _ = l.Close(); <-done }) // Close knows no listener before Serve does
	return p
}

func certify(t *testing.T, roots *x509.CertPool) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	roots.AddCert(c)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (p *post) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	return &session{post: p, received: received{tls: secure}, conn: c}, nil
}

type session struct {
	*post
	received
	conn *smtp.Conn
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "passport" || password != "open sesame" {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.refuse != nil {
		if err := s.refuse(to, s.asked); err != nil {
			return err
		}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = data
	s.letters = append(s.letters, s.received)
	return nil
}

// Reset hears of the end of a letter, after the server's yes.
func (s *session) Reset() {
	if s.hangUp && s.data != nil {
		_ = s.conn.Conn().Close()
	}
}

func (s *session) Logout() error { return nil }

func (p *post) all() []received {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]received(nil), p.letters...)
}

func now() time.Time { return time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC) }

func (p *post) config() mail.Config {
	return mail.Config{Host: "localhost", Port: p.port, From: "Ente Lucania <attestati@ente.example>", RootCAs: p.roots, Now: now, Timeout: 5 * time.Second}
}

func sender(t *testing.T, c mail.Config) *mail.Sender {
	t.Helper()
	s, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func letter() mail.Letter {
	return mail.Letter{
		To: "amina@persone.example", Language: "it", Name: "Amina Diallo", Title: "Igiene degli alimenti", Issuer: "Ente Lucania",
		Page: "https://ente.example/claim/abc",
		Link: "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fente.example%2Fo%2Fabc", Until: now().AddDate(0, 0, 14), ID: "t1.2",
	}
}

// TestHowItConnects: by STARTTLS, by TLS, with a password of a file, without
// protection on this machine only, and to nobody whose certificate is not known.
func TestHowItConnects(t *testing.T) {
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("open sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("starttls and a password", func(t *testing.T) {
		p := serve(t, true, false)
		c := p.config()
		c.Username, c.PasswordFile = "passport", password
		if err := sender(t, c).Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
		if all := p.all(); len(all) != 1 || !all[0].tls || all[0].user != "passport" || all[0].from != "attestati@ente.example" || len(all[0].to) != 1 {
			t.Errorf("%+v", all)
		}
	})
	t.Run("tls", func(t *testing.T) {
		p := serve(t, false, true)
		c := p.config()
		c.TLS = mail.Implicit
		if err := sender(t, c).Send(t.Context(), letter()); err != nil || len(p.all()) != 1 {
			t.Errorf("%v, %d letters", err, len(p.all()))
		}
	})
	t.Run("none on this machine", func(t *testing.T) {
		p := serve(t, false, false)
		c := p.config()
		c.TLS = mail.None
		if err := sender(t, c).Send(t.Context(), letter()); err != nil || len(p.all()) != 1 {
			t.Errorf("%v, %d letters", err, len(p.all()))
		}
	})
	for name, change := range map[string]func(*mail.Config){
		"a server without STARTTLS": func(c *mail.Config) { c.Port = serve(t, false, false).port },
		"an unknown certificate":    func(c *mail.Config) { c.RootCAs = x509.NewCertPool() },
		"a wrong password":          func(c *mail.Config) { c.Username, c.PasswordFile = "passport", os.Args[0] },
		"no password":               func(c *mail.Config) { c.Username, c.PasswordFile = "passport", password+"x" },
		"nobody there":              func(c *mail.Config) { c.Port = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			p := serve(t, true, false)
			c := p.config()
			change(&c)
			if err := sender(t, c).Send(t.Context(), letter()); !errors.Is(err, mail.ErrLater) || len(p.all()) != 0 {
				t.Errorf("%v, %d letters", err, len(p.all()))
			}
		})
	}
}

func TestConfigRefused(t *testing.T) {
	good := (&post{port: 25}).config()
	for name, change := range map[string]func(*mail.Config){
		"no host":          func(c *mail.Config) { c.Host = "" },
		"no port":          func(c *mail.Config) { c.Port = 0 },
		"no sender":        func(c *mail.Config) { c.From = "Ente" },
		"two lines":        func(c *mail.Config) { c.From = "Ente\r\nBcc: x@y.example <a@ente.example>" },
		"unprotected":      func(c *mail.Config) { c.Host, c.TLS = "mail.example", mail.None },
		"another word":     func(c *mail.Config) { c.TLS = "maybe" },
		"no clock":         func(c *mail.Config) { c.Now = nil },
		"two senders":      func(c *mail.Config) { c.From = "a@ente.example, b@ente.example" },
		"a local hostname": func(c *mail.Config) { c.From = "root@localhost" },
	} {
		c := good
		change(&c)
		if _, err := mail.New(c); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestWhatTheServerSays: some answers are final, some are not.
func TestWhatTheServerSays(t *testing.T) {
	for code, want := range map[int]error{450: mail.ErrLater, 421: mail.ErrLater, 550: mail.ErrRefused, 553: mail.ErrRefused} {
		p := serve(t, true, false)
		p.refuse = func(string, int) error { return &smtp.SMTPError{Code: code, Message: "no"} }
		if err := sender(t, p.config()).Send(t.Context(), letter()); !errors.Is(err, want) {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// TestAYesCounts: a server that takes a letter and is gone before good-bye has
// taken it. Asked again, it would bring a second one.
func TestAYesCounts(t *testing.T) {
	p := serve(t, true, false)
	p.hangUp = true
	if err := sender(t, p.config()).Send(t.Context(), letter()); err != nil || len(p.all()) != 1 {
		t.Errorf("%v, %d letters", err, len(p.all()))
	}
}
