package oid4vci

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

const good = `{"credential_issuer":"https://rete.example/ente","credential_configuration_ids":["a","b"],` +
	`"grants":{"authorization_code":{},"urn:ietf:params:oauth:grant-type:pre-authorized_code":{"pre-authorized_code":"c","tx_code":{"length":6}}}}`

func TestOffersAndLinks(t *testing.T) {
	o, err := ParseOffer([]byte(good))
	must(t, err)
	if o.Grants.PreAuthorized.TxCode.Length != 6 || len(o.Configurations) != 2 {
		t.Fatalf("%+v", o)
	}
	link, err := o.Link()
	must(t, err)
	again, at, err := ParseLink(link)
	must(t, err)
	if at != "" || again.Grants.PreAuthorized.Code != "c" {
		t.Fatalf("%+v", again)
	}
	o2, at, err := ParseLink(LinkTo("https://rete.example/oid4vci/ente/offers/x"))
	if err != nil || o2 != nil || at != "https://rete.example/oid4vci/ente/offers/x" {
		t.Fatalf("%q, %v", at, err)
	}
	for name, text := range map[string]string{
		"not JSON":         `x`,
		"twice":            strings.Replace(good, `{"credential_issuer"`, `{"credential_issuer":"https://evil.example","credential_issuer"`, 1),
		"no issuer":        strings.Replace(good, `"credential_issuer":"https://rete.example/ente",`, "", 1),
		"http":             strings.Replace(good, "https://rete", "http://rete", 1),
		"a user":           strings.Replace(good, "https://rete.example", "https://rete.example@evil.example", 1),
		"a query":          strings.Replace(good, "/ente", "/ente?x=1", 1),
		"a final slash":    strings.Replace(good, "/ente", "/ente/", 1),
		"no configuration": strings.Replace(good, `["a","b"]`, `[]`, 1),
		"one twice":        strings.Replace(good, `["a","b"]`, `["a","a"]`, 1),
		"no grant":         strings.Replace(good, "pre-authorized_code\":{", "other\":{", 1),
		"no code":          strings.Replace(good, `"pre-authorized_code":"c",`, "", 1),
		"odd input mode":   strings.Replace(good, `"length":6`, `"input_mode":"spoken"`, 1),
		"long description": strings.Replace(good, `"length":6`, `"description":"`+strings.Repeat("x", 301)+`"`, 1),
		"huge":             strings.Replace(good, `"length":6`, `"x":"`+strings.Repeat("x", MaxOffer)+`"`, 1),
	} {
		if _, err := ParseOffer([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestThreatG11OfferAddresses: an offer is fetched from public https and from
// nowhere else; the link must name it once.
func TestThreatG11OfferAddresses(t *testing.T) {
	for _, at := range []string{
		"http://rete.example/o", "javascript:alert(1)", "data:application/json,{}", "file:///etc/passwd", "//rete.example/o", "/o", "",
		"https://user@rete.example/o", "https://rete.example/o#x", "https://rete.example\\@evil.example/o", "https:/o", "ftp://rete.example/o",
		"https://rеte.example/o", "https://rete.example%E2%80%AE/o", "https://rete.example\u009b2J/o", // B15: what a person would be shown
	} {
		if _, _, err := ParseLink(LinkTo(at)); !errors.Is(err, ErrOfferURL) {
			t.Errorf("%q: %v", at, err)
		}
	}
	for _, link := range []string{
		"", "https://rete.example/?credential_offer_uri=https%3A%2F%2Fa.example", "javascript:alert(1)", Scheme + "://",
		Scheme + "://?credential_offer_uri=https%3A%2F%2Fa.example&credential_offer_uri=https%3A%2F%2Fb.example",
		Scheme + "://?credential_offer_uri=https%3A%2F%2Fa.example&credential_offer=" + url.QueryEscape(good),
		Scheme + "://?credential_offer_uri=%zz", Scheme + "://?credential_offer_uri=https%3A%2F%2Fa.example#x",
	} {
		if o, at, err := ParseLink(link); err == nil {
			t.Errorf("%q: %+v, %q", link, o, at)
		}
	}
}

func TestWellKnownStandsBetweenHostAndPath(t *testing.T) {
	for identifier, want := range map[string]string{
		"https://rete.example/ente":       "https://rete.example/.well-known/openid-credential-issuer/ente",
		"https://rete.example":            "https://rete.example/.well-known/openid-credential-issuer",
		"https://rete.example:8443/a/b":   "https://rete.example:8443/.well-known/openid-credential-issuer/a/b",
		"https://rete.example/ente%20uno": "https://rete.example/.well-known/openid-credential-issuer/ente%20uno",
		"http://localhost:8080/ente":      "http://localhost:8080/.well-known/openid-credential-issuer/ente",
	} {
		if got, err := WellKnownURL(identifier, WellKnown); err != nil || got != want {
			t.Errorf("%s: %s, %v", identifier, got, err)
		}
	}
}

// TestMetadataIsTheIssuersOwn: the identifier is the very same string, and no
// endpoint leaves https.
func TestMetadataIsTheIssuersOwn(t *testing.T) {
	meta := `{"credential_issuer":"https://rete.example/ente","credential_endpoint":"https://rete.example/c","credential_configurations_supported":{}}`
	if _, err := ParseIssuerMetadata([]byte(meta), us); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"another issuer": strings.Replace(meta, "/ente", "/altro", 1),
		"no endpoint":    strings.Replace(meta, "credential_endpoint", "other", 1),
		"http":           strings.Replace(meta, "https://rete.example/c", "http://rete.example/c", 1),
		"a user":         strings.Replace(meta, "https://rete.example/c", "https://x@rete.example/c", 1),
		"http nonce":     strings.Replace(meta, `{"credential_issuer"`, `{"nonce_endpoint":"http://rete.example/n","credential_issuer"`, 1),
	} {
		if _, err := ParseIssuerMetadata([]byte(text), us); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestTokensAreBearers(t *testing.T) {
	for text, ok := range map[string]bool{
		`{"access_token":"a.b","token_type":"Bearer"}`:  true,
		`{"access_token":"a.b","token_type":"bearer"}`:  true,
		`{"access_token":"a.b","token_type":"DPoP"}`:    false,
		`{"access_token":"","token_type":"Bearer"}`:     false,
		`{"access_token":"a\nb","token_type":"Bearer"}`: false,
		`{"token_type":"Bearer"}`:                       false,
	} {
		if _, err := ParseTokenResponse([]byte(text)); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
