package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/spf13/cobra"
)

func newInspectCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "inspect FILE|-",
		Short: "Show what a token, bundle or list says, verifying nothing",
		Long: `Takes a token, a trust bundle, a status list, the text of a QR code or a picture
of one apart and prints what it says. Nothing is verified: anybody can have
written it.`,
		Example: "  passport inspect credential.jwt\n  passport inspect trust.bundle",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runInspect(cmd.Context(), a, args[0]) },
	}
}

// inspected is one token taken apart. Verified is there so that no reader of
// the JSON can take it for an answer.
type inspected struct {
	Verified  bool            `json:"verified"`
	Header    inspectedHeader `json:"header"`
	Payload   json.RawMessage `json:"payload"`
	SetBits   *int            `json:"setBits,omitempty"` // of a status list
	Inside    []inspected     `json:"inside,omitempty"`
	Signature string          `json:"signature"`
}

type inspectedHeader struct {
	Alg string `json:"alg"`
	Kid string `json:"kid,omitempty"`
	Typ string `json:"typ,omitempty"`
	Cty string `json:"cty,omitempty"`
}

func runInspect(ctx context.Context, a *app, name string) error {
	tokens, err := a.inspectTokens(ctx, name)
	if err != nil {
		return err
	}
	if !a.quiet {
		a.remark("inspect.unverified", nil)
	}
	for _, token := range tokens {
		seen, err := takeApart(token, 0)
		if err != nil {
			return fail(exitUsage, "inspect_token", "file", name, "detail", err.Error()).wrap(err)
		}
		if err := a.printInspected(seen); err != nil {
			return err
		}
	}
	return nil
}

// inspectTokens reads a picture, the text of a code, a bundle in gzip, or
// tokens in plain text.
func (a *app) inspectTokens(ctx context.Context, name string) ([]string, error) {
	data, err := a.readQRInput(name)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		if data, err = gunzip(data); err != nil {
			return nil, fail(exitUsage, "inspect_token", "file", name, "detail", err.Error()).wrap(err)
		}
	}
	fields := strings.Fields(string(data))
	if scan.IsPicture(data) || len(fields) > 0 && intake.IsCode(fields[0]) {
		texts, err := a.qrTexts(ctx, name, data)
		if err != nil {
			return nil, qrFailure(name, err)
		}
		messages, err := intake.Messages(texts)
		if err != nil {
			return nil, qrFailure(name, err)
		}
		fields = nil
		for _, m := range messages {
			fields = append(fields, m.Tokens...)
		}
	}
	if len(fields) == 0 || !intake.IsToken(fields[0]) {
		return nil, fail(exitUsage, "verify_unreadable", "file", name)
	}
	return fields, nil
}

// gunzip inflates a bundle, no further than a signed token may be long.
func gunzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, jose.MaxSigned+1))
	if err == nil && len(out) > jose.MaxSigned {
		err = fmt.Errorf("longer than %d bytes", jose.MaxSigned)
	}
	return out, err
}

func (a *app) printInspected(seen inspected) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(seen)
	}
	data, err := json.MarshalIndent(forPeople(seen), "", "  ")
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, i18n.T(i18n.Match(a.lang), "inspect.headline", nil))
	for _, line := range strings.Split(string(data), "\n") {
		fmt.Fprintln(a.out, oneLine(line))
	}
	return nil
}
