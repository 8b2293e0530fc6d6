package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// TestHTTPKeepsTheRules: what a library does with the client passes the door.
func TestHTTPKeepsTheRules(t *testing.T) {
	seen := make(chan *http.Request, 10)
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen <- r
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, "https://other.example/", http.StatusFound)
		case "/long":
			_, _ = w.Write(make([]byte, DefaultMaxBytes+1))
		default:
			body, _ := io.ReadAll(r.Body)
			_, _ = w.Write(body)
		}
	}, Config{UserAgent: "passport"})
	h := c.HTTP()

	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/token", strings.NewReader("a=b"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", "x=y")
	r.Header.Set("Referer", "https://secret.example/")
	answer, err := h.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	got := <-seen
	if string(body) != "a=b" || got.Header.Get("Cookie") != "" || got.Header.Get("Referer") != "" || got.UserAgent() != "passport" {
		t.Errorf("%q with %v", body, got.Header)
	}
	if answer, err = h.Get(base + "/away"); err != nil || answer.StatusCode != http.StatusFound {
		t.Errorf("a redirect was followed: %v %v", answer, err)
	}
	_ = answer.Body.Close()
	if answer, err = h.Get(base + "/long"); err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	mustRefuse(t, err, CodeSize)

	for _, bad := range []string{"http://issuer.example/", "https://10.0.0.1/", "https://u:p@issuer.example/", "https://issuer.example:8443/", "https://127.1/"} {
		_, err := h.Get(bad) //nolint:bodyclose // there is none
		mustRefuse(t, unwrapped(err), CodeURL)
	}
	if put, _ := http.NewRequestWithContext(t.Context(), http.MethodPut, base, nil); true {
		_, err := h.Do(put) //nolint:bodyclose // there is none
		mustRefuse(t, unwrapped(err), CodeURL)
	}
}

// unwrapped takes off what http.Client says of every error.
func unwrapped(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// TestInsideIsWhatTheOperatorNamed: a host of the operator's network is reached
// by its name and port, no other, and nobody reaches the address of clouds.
func TestInsideIsWhatTheOperatorNamed(t *testing.T) {
	address := netip.MustParseAddr("10.1.2.3")
	c := New(Config{
		Inside: []string{"id.ente.internal", "keycloak:8443"},
		Lookup: func(context.Context, string) ([]netip.Addr, error) { return []netip.Addr{address}, nil },
		Dial:   (&recorder{}).dial,
	})
	try := func(url, code string) {
		t.Helper()
		_, err := c.HTTP().Get(url) //nolint:bodyclose // there is none
		mustRefuse(t, unwrapped(err), code)
	}
	try("https://id.ente.internal/x", CodeUnavailable) // dialled, and nothing there
	try("https://keycloak:8443/x", CodeUnavailable)
	try("https://keycloak/x", CodeURL)
	try("https://id.ente.internal:8443/x", CodeURL)
	try("https://other.ente.internal/x", CodeAddress)
	try("http://id.ente.internal/x", CodeURL)
	address = netip.MustParseAddr("169.254.169.254")
	try("https://id.ente.internal/x", CodeAddress)
	address = netip.MustParseAddr("0.0.0.0")
	try("https://id.ente.internal/x", CodeAddress)
}
