package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
)

// TestSignInsTakeNoPlaceOfActs: people who wait for an OpenID provider that is
// away keep nobody from issuing.
func TestSignInsTakeNoPlaceOfActs(t *testing.T) {
	l := defaultLimits()
	l.Acting, l.Wait = 1, duration(time.Millisecond)
	waiting, away := make(chan struct{}), make(chan struct{})
	h := httpkit.ClientAddresses(nil)(newGates(l, time.Now).through(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if isSignIn(r.URL.Path) {
			close(waiting)
			<-away
		}
	})))
	ask := func(method, path string) int { return recorded(h, method, path, "").Code }
	done := make(chan struct{})
	go func() {
		ask("GET", "/console/oidc/0")
		close(done)
	}()
	<-waiting
	if code := ask("POST", "/console/login/begin"); code != http.StatusServiceUnavailable {
		t.Errorf("a second sign-in: %d, want 503", code)
	}
	if code := ask("POST", "/api/v1/credentials"); code != http.StatusOK {
		t.Errorf("an act beside a sign-in that waits: %d", code)
	}
	close(away)
	<-done
}

// TestAClassSignsInBehindOneAddress: thirty people in one room, who open their
// invitations in the same minute, are one address to the service.
func TestAClassSignsInBehindOneAddress(t *testing.T) {
	h := httpkit.ClientAddresses(nil)(newGates(defaultLimits(), time.Now).through(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	for n := range 30 {
		for _, step := range [][2]string{
			{"GET", "/console/invite/x"}, {"GET", "/console/invite/x"}, {"POST", "/console/invite/x/begin"}, {"POST", "/console/invite/x/finish"},
			{"POST", "/console/login/begin"}, {"POST", "/console/login/finish"},
		} {
			if code := recorded(h, step[0], step[1], "").Code; code != http.StatusOK {
				t.Fatalf("person %d: %s %s: %d", n+1, step[0], step[1], code)
			}
		}
	}
}
