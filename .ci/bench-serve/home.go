package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/storetest"
)

const (
	body     = "ente"
	host     = "ente.example"
	template = "food-hygiene"
)

// home is a home of the program with one body, one course and one key.
type home struct {
	dir, program string
	key          string // of a program that may issue
	keep         bool
	token        string // a credential that verifies
	known        *known
}

// config lifts the limits that a single client address would run into.
const config = "limits:\n  readsPerMinute: 0\n  verificationsPerMinute: 0\n  actsPerMinute: 0\nlogLevel: warn\n"

func openHome(ctx context.Context, o options) (*home, error) {
	program, err := filepath.Abs(o.program)
	if err != nil {
		return nil, err
	}
	h := &home{program: program, dir: o.keep, keep: o.keep != ""}
	if h.dir == "" {
		if h.dir, err = os.MkdirTemp("", "bench-serve"); err != nil {
			return nil, err
		}
	}
	made := filepath.Join(h.dir, "key")
	if key, err := os.ReadFile(made); err == nil {
		h.key = strings.TrimSpace(string(key))
		return h, h.sample(ctx)
	}
	if err := h.make(ctx, o.rows); err != nil {
		h.remove()
		return nil, err
	}
	if err := os.WriteFile(made, []byte(h.key), 0o600); err != nil {
		return nil, err
	}
	return h, h.sample(ctx)
}

func (h *home) remove() {
	if !h.keep {
		_ = os.RemoveAll(h.dir)
	}
}

func (h *home) path(name string) string { return filepath.Join(h.dir, name) }

// command runs the program and gives what it prints.
func (h *home) command(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, h.program, append([]string{"--home", h.path("home"), "--quiet"}, args...)...)
	cmd.Env = append(os.Environ(), "PASSPORT_PASSPHRASE_FILE="+h.path("passphrase"), "LC_ALL=C")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("passport %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return strings.TrimSpace(out.String()), nil
}

func (h *home) make(ctx context.Context, rows int) (err error) {
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(h.path("passphrase"), []byte("bench-serve\n"), 0o600); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"init", "--work-factor", "1"},
		{"issuer", "add", body, "--did", "web", "--domain", host, "--country", "IT", "--region", "ITF5"},
		{"template", "add", "examples/templates/01-food-hygiene-it.json"},
	} {
		if _, err := h.command(ctx, args...); err != nil {
			return err
		}
	}
	if h.key, err = h.command(ctx, "apikey", "add", "bench", "--issuer", body, "--role", "officer"); err != nil {
		return err
	}
	file, err := os.OpenFile(h.path("home/config.yaml"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString("\n" + config)
	if err := errors.Join(err, file.Close()); err != nil || rows == 0 {
		return err
	}
	return h.fill(ctx, rows)
}

// fill puts years of rows into the store.
func (h *home) fill(ctx context.Context, rows int) error {
	s, err := boltstore.Open(h.path("home"))
	if err != nil {
		return err
	}
	start := time.Now()
	err = storetest.Fill(ctx, s, body, template, rows, func(done int) {
		fmt.Fprintf(os.Stderr, "\r%d of %d rows, %s", done, rows, time.Since(start).Truncate(time.Second))
	})
	fmt.Fprintln(os.Stderr)
	return errors.Join(err, s.Close())
}

// learner is a person of a number.
func learner(n int64) []byte {
	return fmt.Appendf(nil, `{"name":"Amina Diallo %s","birthDate":"1994-03-12","documentNumber":"MC-%d","result":"Superato","completedOn":"2026-11-18"}`, letters(n), n)
}

func letters(n int64) string {
	s := ""
	for ; n > 0; n /= 26 {
		s += string(rune('a' + n%26))
	}
	return s
}

// sample issues the credential that is verified over and over.
func (h *home) sample(ctx context.Context) error {
	file := h.path("learner.json")
	if err := os.WriteFile(file, learner(time.Now().Unix()), 0o600); err != nil {
		return err
	}
	out, err := h.command(ctx, "issue", "--issuer", body, "--template", template, "--learner", file, "--json")
	if err != nil {
		return err
	}
	var issued struct{ Token string }
	if err := json.Unmarshal([]byte(out), &issued); err != nil {
		return err
	}
	h.token = issued.Token
	if _, err := h.command(ctx, "status", "publish", "--out", h.path("published")); err != nil {
		return err
	}
	h.known, err = h.learn(ctx)
	return err
}
