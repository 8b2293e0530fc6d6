package main

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const reachedLearner = "../../examples/learners/01-amina-diallo.json"

// TestLinksAreThoseOfTheServerThatRuns: a server started with --base-url makes
// the links of the commands, whatever the file says; they were
// http://localhost:8080 before, on slips that people carried home.
func TestLinksAreThoseOfTheServerThatRuns(t *testing.T) {
	home, command := newHome(t)
	command("user", "add", "anna", "--role", "officer", "--issuer", "ente", "--quiet")
	started := startService(t, home, "baseURL: https://passport.example.org\n")
	// What a flag says stands in no file.
	if err := os.WriteFile(filepath.Join(home, configName), []byte("workFactor: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := started.log.String(); !strings.HasPrefix(said, "opening the store and the keys") {
		t.Errorf("it starts without a word: %s", said)
	}
	slip := filepath.Join(t.TempDir(), "slip.pdf")
	made := command("offer", "--issuer", "ente", "--template", "food-hygiene", "--learner", reachedLearner, "--tx-code", "--for", "14d", "--slip", slip, "--quiet")
	if !strings.Contains(made, url.QueryEscape("https://passport.example.org/")) || !strings.Contains(made, "https://passport.example.org/claim/") {
		t.Errorf("%s", made)
	}
	if link := command("user", "invite", "anna", "--quiet"); !strings.HasPrefix(link, "https://passport.example.org/console/invite/") {
		t.Errorf("%s", link)
	}
}

// TestNoSlipLeadsToThisMachineOnly: a server that nobody gave an address: what
// goes on paper or by mail is refused, what a person tries here is not, and is
// told with the port that really answers. Looking at offers says nothing of it.
func TestNoSlipLeadsToThisMachineOnly(t *testing.T) {
	home, command := newHome(t)
	command("user", "add", "anna", "--role", "officer", "--issuer", "ente", "--quiet")
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	w := startService(t, home, "")
	say := func(args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		code := run(append([]string{"--home", home}, args...), strings.NewReader(""), &out, &errs)
		return code, out.String(), errs.String()
	}
	slip := filepath.Join(t.TempDir(), "slip.pdf")
	offer := []string{"offer", "--issuer", "ente", "--template", "food-hygiene", "--learner", reachedLearner}
	if code, out, errs := say(append(offer, "--slip", slip)...); code != exitUsage || out != "" || !strings.Contains(errs, w.base) || !strings.Contains(errs, "baseURL") {
		t.Errorf("%d %q %s", code, out, errs)
	}
	if _, err := os.Stat(slip); !os.IsNotExist(err) {
		t.Errorf("a slip: %v", err)
	}
	if code, out, errs := say(offer...); code != 0 || !strings.Contains(out, w.base) || !strings.Contains(errs, "this machine only") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	if code, out, errs := say("user", "invite", "anna"); code != 0 || !strings.HasPrefix(out, w.base) || !strings.Contains(errs, "this machine only") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	if code, out, errs := say("offer", "list"); code != 0 || strings.Count(out, "\n") != 1 || errs != "" {
		t.Errorf("%d %s %s", code, out, errs)
	}
	// And the end of a credential is published by the server, not by the person.
	id := command("issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", reachedLearner, "--quiet")
	if code, _, errs := say("revoke", id, "--reason", "issued-in-error"); code != 0 || !strings.Contains(errs, "the running service publishes") || strings.Contains(errs, "status publish") {
		t.Errorf("%d %s", code, errs)
	}
	if code, out, errs := say("list", "--issuer", "nobody"); code == 0 || out != "" || !strings.Contains(errs, "nobody") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	for _, delivery := range []string{"slip", "link", "mail"} {
		res, text := w.ask("POST", "/api/v1/sheets?issuer=ente&template=food-hygiene&delivery="+delivery, "name;documentNumber\nAda Lovelace;N-1\n",
			"Authorization", "Bearer "+key, "Content-Type", "text/csv")
		if res.StatusCode != http.StatusConflict || !strings.Contains(text, `"sheet_no_base"`) {
			t.Errorf("%s: %d %s", delivery, res.StatusCode, text)
		}
	}
}
