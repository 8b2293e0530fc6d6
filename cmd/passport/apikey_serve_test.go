package main

import (
	"net/http"
	"strings"
	"testing"
)

// TestServedKeyEndsAtOnce: a key that a command revokes beside the running
// service, over its socket, is refused at the very next request.
func TestServedKeyEndsAtOnce(t *testing.T) {
	home, command := newHome(t)
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	w := startService(t, home, "")
	ask := func(want int) {
		t.Helper()
		if answer, text := w.ask(http.MethodGet, "/api/v1/credentials?issuer=ente", "", "Authorization", "Bearer "+key); answer.StatusCode != want {
			t.Fatalf("%d, want %d: %s", answer.StatusCode, want, text)
		}
	}
	ask(http.StatusOK)
	command("apikey", "revoke", strings.Split(key, "_")[1], "--quiet")
	ask(http.StatusUnauthorized)

	// And an invitation that a command makes beside it opens the console's door.
	command("user", "add", "anna", "--role", "officer", "--issuer", "ente", "--quiet")
	link := command("user", "invite", "anna", "--quiet")
	path := link[strings.Index(link, "/console/"):]
	if answer, text := w.ask(http.MethodGet, path, "", "Accept-Language", "it"); answer.StatusCode != http.StatusOK || !strings.Contains(text, "Ciao, anna") {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	command("user", "disable", "anna", "--quiet")
	if answer, _ := w.ask(http.MethodGet, path, ""); answer.StatusCode != http.StatusNotFound {
		t.Errorf("a disabled person's invitation: %d", answer.StatusCode)
	}
	if strings.Contains(w.log.String(), strings.Split(key, "_")[2]) || strings.Contains(w.log.String(), path[len(path)-20:]) {
		t.Error("the log has a secret")
	}
}
