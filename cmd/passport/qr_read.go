package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/qr/scan"
)

// maxQRInput is the most bytes of a picture or text.
const maxQRInput = 64 << 20

// qrTexts gives the texts of the codes in a picture, or the file itself where
// it is no picture. A code that is seen and not read is told.
func (a *app) qrTexts(ctx context.Context, name string, data []byte) ([]string, error) {
	if scan.IsPicture(data) {
		sight, err := scan.Read(ctx, data)
		if sight.Unread > 0 {
			a.remark("check.code_unread", map[string]string{"file": name, "count": strconv.Itoa(sight.Unread)})
		}
		return sight.Texts, err
	}
	return strings.Fields(string(data)), nil
}

// qrMessages decodes the texts of one input: whole codes, or the parts of one.
// More are dictionaries that a trust bundle carries.
func qrMessages(texts []string, more ...qr.Dictionary) ([]qr.Message, error) {
	var messages []qr.Message
	var parts []string
	for _, text := range texts {
		m, err := qr.DecodeText(text, more...)
		switch {
		case errors.Is(err, qr.ErrChunk):
			parts = append(parts, text)
		case err != nil:
			return nil, &qrTextError{text, err}
		default:
			messages = append(messages, m)
		}
	}
	if parts != nil {
		m, err := qr.Collect(parts, more...)
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	if messages == nil {
		return nil, &qrTextError{"", qr.ErrNotPassport}
	}
	return messages, nil
}

// qrTextError keeps the text that could not be read: a foreign code is shown
// to the person and never opened.
type qrTextError struct {
	text string
	err  error
}

func (e *qrTextError) Error() string { return e.err.Error() }
func (e *qrTextError) Unwrap() error { return e.err }

// qrFailure gives an error of qr and scan its words and exit code. A code made
// by a newer program is no fault of the document: UNKNOWN.
func qrFailure(file string, err error) error {
	shown := ""
	if e := (*qrTextError)(nil); errors.As(err, &e) {
		shown = firstRunes(oneLine(e.text), 120)
	}
	for _, known := range []struct {
		err  error
		exit int
		code string
	}{
		{qr.ErrUpdate, exitUnknown, "qr_update"},
		{qr.ErrNotPassport, exitUsage, "qr_foreign"},
		{qr.ErrIncomplete, exitUsage, "qr_incomplete"},
		{qr.ErrMalformed, exitUsage, "qr_malformed"},
		{qr.ErrBase, exitUsage, "qr_base"},
		{qr.ErrTooLarge, exitUsage, "qr_large"},
		{scan.ErrNoCode, exitUsage, "qr_none"},
		{scan.ErrPicture, exitUsage, "qr_picture"},
		{scan.ErrTooLarge, exitUsage, "qr_picture_large"},
	} {
		if errors.Is(err, known.err) {
			return fail(known.exit, known.code, "file", file, "text", shown, "detail", err.Error()).wrap(err)
		}
	}
	return err
}

// readQRTokens takes each argument as a token, a file with one token a line, or
// "-" for standard input.
func (a *app) readQRTokens(args []string) ([]string, error) {
	var tokens []string
	for _, arg := range args {
		if strings.HasPrefix(arg, "ey") && strings.Count(arg, ".") == 2 && len(arg) > 60 {
			tokens = append(tokens, arg)
			continue
		}
		data, err := a.readQRInput(arg)
		if err != nil {
			return nil, err
		}
		fields := bytes.Fields(data)
		if len(fields) == 0 {
			return nil, fail(exitUsage, "qr_empty", "file", arg)
		}
		for _, field := range fields {
			tokens = append(tokens, string(field))
		}
	}
	return tokens, nil
}

// readQRInput reads a file, or standard input for "-", up to maxQRInput.
func (a *app) readQRInput(name string) ([]byte, error) {
	in := a.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, fail(exitUsage, "qr_read", "file", name).wrap(err)
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, maxQRInput+1))
	if err != nil {
		return nil, fail(exitUsage, "qr_read", "file", name).wrap(err)
	}
	if len(data) > maxQRInput {
		return nil, fail(exitUsage, "qr_picture_large", "file", name)
	}
	return plainText(name, data)
}

// firstRunes cuts a text for showing, never inside a character.
func firstRunes(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
