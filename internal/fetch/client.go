package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Client fetches. It is safe for use by many goroutines.
type Client struct {
	cfg   Config
	http  *http.Client
	cache *cache
}

// New makes a Client.
func New(cfg Config) *Client {
	if cfg.Timeout <= 0 {
		cfg.Timeout = DefaultTimeout
	}
	c := &Client{cfg: cfg}
	if cfg.CacheEntries > 0 && cfg.Now != nil {
		c.cache = newCache(cfg.CacheEntries, cfg.Now)
	}
	transport := &http.Transport{
		DialContext:            c.dial,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.Roots},
		DisableCompression:     true, // we ask for none, so no bomb unpacks itself (F13)
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        10 * time.Second,
		ForceAttemptHTTP2:      true,
	}
	if cfg.Proxy != nil {
		transport.Proxy = http.ProxyURL(cfg.Proxy)
	}
	c.http = &http.Client{
		Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // F10
		},
	}
	return c
}

// Get fetches a URL. The error is an *Error.
func (c *Client) Get(ctx context.Context, raw string, opt Options) (*Response, error) {
	u, why := c.checkURL(raw)
	if why != "" {
		return nil, &Error{Code: CodeURL, Err: errors.New(why)}
	}
	if opt.MaxBytes <= 0 {
		opt.MaxBytes = DefaultMaxBytes
	}
	if known := c.cache.get(raw); known != nil {
		if err := accept(known, raw, opt); err != nil {
			return nil, err
		}
		return known, nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	answer, err := c.send(ctx, u, opt)
	if err != nil {
		return nil, &Error{Code: codeOf(err), URL: raw, Err: err}
	}
	defer func() { _ = answer.Body.Close() }() // all that counts was read
	response, err := read(answer, raw, opt)
	if err != nil {
		return nil, err
	}
	// When time runs out while the body is read, the server's own end of the
	// stream can win the race against the cancellation: half an answer would
	// then look whole.
	if ctx.Err() != nil {
		return nil, &Error{Code: CodeUnavailable, URL: raw, Err: ctx.Err()}
	}
	c.cache.put(raw, answer.Header, response)
	return response, nil
}

func (c *Client) send(ctx context.Context, u *url.URL, opt Options) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	c.dress(request, opt)
	return c.http.Do(request)
}

// read takes a 200 with an expected type and a body within bounds, nothing
// else.
func read(answer *http.Response, raw string, opt Options) (*Response, error) {
	refuse := func(code, format string, args ...any) (*Response, error) {
		return nil, &Error{Code: code, URL: raw, Err: fmt.Errorf(format, args...)}
	}
	switch encoding := answer.Header.Get("Content-Encoding"); {
	case answer.StatusCode >= 300 && answer.StatusCode <= 399:
		return refuse(CodeRedirect, "the server answers with a redirect")
	case answer.StatusCode != http.StatusOK:
		return refuse(CodeStatus, "the server answers %d", answer.StatusCode)
	case encoding != "" && encoding != "identity":
		return refuse(CodeEncoding, "a content-encoding that was not asked for")
	case answer.ContentLength > opt.MaxBytes:
		return refuse(CodeSize, "longer than %d bytes", opt.MaxBytes)
	}
	media, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil {
		return refuse(CodeType, "no media type")
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, opt.MaxBytes+1))
	if err != nil {
		return refuse(CodeUnavailable, "read the answer: %w", err)
	}
	response := &Response{Body: body, ContentType: media}
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		response.Date = date.UTC()
	}
	if err := accept(response, raw, opt); err != nil {
		return nil, err
	}
	return response, nil
}

// accept judges an answer, fresh or from the cache, by what this caller takes.
func accept(r *Response, raw string, opt Options) error {
	switch {
	case len(opt.Accept) > 0 && !slices.Contains(opt.Accept, r.ContentType):
		return &Error{Code: CodeType, URL: raw, Err: errors.New("another media type than asked for")}
	case int64(len(r.Body)) > opt.MaxBytes:
		return &Error{Code: CodeSize, URL: raw, Err: fmt.Errorf("longer than %d bytes", opt.MaxBytes)}
	}
	return nil
}

func codeOf(err error) string {
	if errors.Is(err, errAddress) {
		return CodeAddress
	}
	return CodeUnavailable
}

// proxyAddress is where the transport dials for a proxy.
func proxyAddress(proxy *url.URL) string {
	port := proxy.Port()
	switch {
	case port != "":
	case proxy.Scheme == "https":
		port = "443"
	case proxy.Scheme == "socks5", proxy.Scheme == "socks5h":
		port = "1080"
	default:
		port = "80"
	}
	return net.JoinHostPort(proxy.Hostname(), port)
}
