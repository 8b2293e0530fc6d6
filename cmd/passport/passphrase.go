package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/sealed"
	"golang.org/x/term"
)

const maxPassphraseFile = 4096

// passphrase reads the passphrase that opens something: from --passphrase-file
// or $PASSPORT_PASSPHRASE_FILE, else $PASSPORT_PASSPHRASE, else a prompt. It is
// never the value of a flag, which every user of the machine could read.
func (a *app) passphrase(ctx context.Context) (string, error) {
	if p, ok, err := a.givenPassphrase(); ok || err != nil {
		return p, err
	}
	return a.ask(ctx, "prompt.passphrase")
}

// newPassphrase reads one to seal with: as passphrase, but a prompt asks twice.
func (a *app) newPassphrase(ctx context.Context) (string, error) {
	if p, ok, err := a.givenPassphrase(); ok || err != nil {
		return p, err
	}
	first, err := a.ask(ctx, "prompt.passphrase_new")
	if err != nil {
		return "", err
	}
	second, err := a.ask(ctx, "prompt.passphrase_again")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", fail(exitUsage, "passphrase_differs")
	}
	return first, nil
}

// givenPassphrase reads the unattended sources. One line end at the end of the
// file is the editor's, not the passphrase's.
func (a *app) givenPassphrase() (passphrase string, given bool, err error) {
	file := firstOf(a.passphraseFile, os.Getenv("PASSPORT_PASSPHRASE_FILE"))
	if file == "" {
		passphrase = os.Getenv("PASSPORT_PASSPHRASE")
		return passphrase, passphrase != "", nil
	}
	data, err := readSecretFile(file)
	if err != nil {
		return "", false, fail(exitUsage, "passphrase_file", "path", file).wrap(err)
	}
	passphrase = strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if passphrase == "" || strings.ContainsAny(passphrase, "\r\n\x00") {
		return "", false, fail(exitUsage, "passphrase_file", "path", file).wrap(errors.New("not one line of text"))
	}
	return passphrase, true, nil
}

// readSecretFile follows links, unlike sealed.ReadFile: services are given
// their secrets as links or pipes.
func readSecretFile(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the file that the person names
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	buf := make([]byte, maxPassphraseFile+1)
	n := 0
	for n < len(buf) {
		m, err := f.Read(buf[n:])
		n += m
		if err != nil {
			break
		}
	}
	if n > maxPassphraseFile {
		return nil, sealed.ErrTooLarge
	}
	return buf[:n], nil
}

// canAsk tells whether there is a terminal to prompt on.
func (a *app) canAsk() bool {
	tty, ok := a.in.(*os.File)
	return ok && term.IsTerminal(int(tty.Fd()))
}

// ask prompts on the terminal without showing what is typed.
func (a *app) ask(ctx context.Context, key string) (string, error) {
	if !a.canAsk() {
		return "", fail(exitUsage, "passphrase_missing")
	}
	tty := a.in.(*os.File)
	if err := ctx.Err(); err != nil {
		return "", err
	}
	fmt.Fprintf(a.err, "%s: ", i18n.T(i18n.Match(a.lang), key, nil))
	line, err := term.ReadPassword(int(tty.Fd()))
	fmt.Fprintln(a.err)
	if err != nil {
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	if len(line) == 0 {
		return "", fail(exitUsage, "passphrase_missing")
	}
	return string(line), nil
}
