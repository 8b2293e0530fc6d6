package engine

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/employment-passport/passport/internal/oid4vci"
)

// net is the wallet's way to issuers: the page's own fetch, which follows no
// redirect and sends no cookie. It asks nobody but by https, or on this
// machine, which the policy of the page allows where the page itself is served there.
// It lets go of the engine while it waits, so that a slow issuer keeps nobody from showing.
//
// That an address is not a private one the browser cannot tell; it asks with the
// rights of the page alone, to hosts that the person has said yes to.
type net struct{ e *Engine }

// errGone: the host answers, and has nothing at this address.
var errGone = errors.New("there is nothing here any more")

// maxAnswer bounds an answer, as the command line does.
const maxAnswer = oid4vci.MaxMessage

// Get fetches what stands at a URL; anything but 200 is an error.
func (n net) Get(ctx context.Context, at string) ([]byte, error) {
	r, err := n.ask(ctx, Request{Method: "GET", URL: at, Header: map[string]string{"Accept": "application/json, text/plain;q=0.9"}})
	switch {
	case err != nil:
		return nil, err
	case r.Status == 404 || r.Status == 410:
		return nil, errGone
	case r.Status != 200:
		return nil, refuse("wb_unreachable").because(fmt.Errorf("status %d", r.Status))
	}
	return r.Body, nil
}

// Post sends a body and gives whatever answer there is.
func (n net) Post(ctx context.Context, at, mediaType, bearer string, body []byte) (int, []byte, error) {
	header := map[string]string{"Accept": "application/json", "Content-Type": mediaType}
	if bearer != "" {
		header["Authorization"] = "Bearer " + bearer
	}
	r, err := n.ask(ctx, Request{Method: "POST", URL: at, Header: header, Body: body})
	return r.Status, r.Body, err
}

func (n net) ask(ctx context.Context, r Request) (Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !oid4vci.Loopback(u) {
		return Response{}, refuse("wb_offer_address")
	}
	n.e.mu.Unlock()
	got, err := n.e.host.Fetch(ctx, r)
	n.e.mu.Lock()
	switch {
	case err != nil:
		return Response{}, refuse("wb_unreachable").because(err)
	case len(got.Body) > maxAnswer:
		return Response{}, refuse("wb_unreachable").because(fmt.Errorf("an answer of %d bytes", len(got.Body)))
	}
	return got, nil
}
