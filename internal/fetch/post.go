package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// Posting is what Post sends.
type Posting struct {
	Type   string // media type of Body
	Body   []byte
	Bearer string // access token of RFC 6750; empty for none
}

// Answer is whatever a server says to a Post that is no redirect: an error has a
// body of its own that counts.
type Answer struct {
	Status      int
	Body        []byte // may be empty
	ContentType string // without parameters, lower case; empty for none
}

// Post sends a body to a URL, to the same addresses and within the same bounds
// as Get, and keeps nothing for later. The error is an *Error.
func (c *Client) Post(ctx context.Context, raw string, p Posting, opt Options) (*Answer, error) {
	u, why := c.checkURL(raw)
	if why != "" {
		return nil, &Error{Code: CodeURL, Err: errors.New(why)}
	}
	if opt.MaxBytes <= 0 {
		opt.MaxBytes = DefaultMaxBytes
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(p.Body))
	if err != nil {
		return nil, &Error{Code: CodeURL, URL: raw, Err: err}
	}
	request.GetBody = nil // never sent twice
	request.Header.Set("Content-Type", p.Type)
	if p.Bearer != "" {
		request.Header.Set("Authorization", "Bearer "+p.Bearer)
	}
	c.dress(request, opt)
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, &Error{Code: codeOf(err), URL: raw, Err: err}
	}
	defer func() { _ = answer.Body.Close() }() // all that counts was read
	return readAnswer(ctx, answer, raw, opt)
}

// dress sets what every request says.
func (c *Client) dress(request *http.Request, opt Options) {
	if len(opt.Accept) > 0 {
		request.Header.Set("Accept", strings.Join(opt.Accept, ", "))
	}
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("User-Agent", c.cfg.UserAgent) // empty sends none
}

func readAnswer(ctx context.Context, answer *http.Response, raw string, opt Options) (*Answer, error) {
	switch encoding := answer.Header.Get("Content-Encoding"); {
	case answer.StatusCode >= 300 && answer.StatusCode <= 399:
		return nil, &Error{Code: CodeRedirect, URL: raw, Err: errors.New("the server answers with a redirect")}
	case encoding != "" && encoding != "identity":
		return nil, &Error{Code: CodeEncoding, URL: raw, Err: errors.New("a content-encoding that was not asked for")}
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, opt.MaxBytes+1))
	if err == nil {
		err = ctx.Err() // as in Get: half an answer must not look whole
	}
	switch {
	case err != nil:
		return nil, &Error{Code: CodeUnavailable, URL: raw, Err: fmt.Errorf("read the answer: %w", err)}
	case int64(len(body)) > opt.MaxBytes:
		return nil, &Error{Code: CodeSize, URL: raw, Err: fmt.Errorf("longer than %d bytes", opt.MaxBytes)}
	}
	media, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil {
		media = ""
	}
	return &Answer{Status: answer.StatusCode, Body: body, ContentType: media}, nil
}
