package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/internal/reading"
	"github.com/employment-passport/passport/verifier/intake"
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

// qrFailure gives an error of qr and scan its words and exit code. A code made
// by a newer program is no fault of the document: UNKNOWN.
func qrFailure(file string, err error) error {
	unreadable := reading.Unreadable(file, err)
	if unreadable.Code == "verify_unreadable" {
		return err
	}
	return problemFailure(unreadable)
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
	plain, unreadable := intake.Plain(name, data)
	if unreadable != nil {
		return nil, problemFailure(unreadable)
	}
	return plain, nil
}
