package fetch

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

var errRecorded = errors.New("recorded, not dialled")

// recorder notes every lookup and every connection that the client wants, and
// makes none. No address of this file is ever reached.
type recorder struct {
	looked, dialled []string
	answers         []string // what each lookup says, in turn; the last one again and again
}

func (r *recorder) lookup(_ context.Context, host string) ([]netip.Addr, error) {
	answer := r.answers[min(len(r.looked), len(r.answers)-1)]
	r.looked = append(r.looked, host)
	var found []netip.Addr
	for a := range strings.FieldsSeq(answer) {
		found = append(found, netip.MustParseAddr(a))
	}
	return found, nil
}

func (r *recorder) dial(_ context.Context, _, address string) (net.Conn, error) {
	r.dialled = append(r.dialled, address)
	return nil, errRecorded
}

func (r *recorder) client() *Client { return New(Config{Dial: r.dial, Lookup: r.lookup}) }

func mustRefuse(t *testing.T, err error, code string) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != code {
		t.Fatalf("got %v, want a refusal with code %q", err, code)
	}
}

// TestURLs goes through the rows of block F that are decided on the text of a
// URL: no lookup, no connection.
func TestURLs(t *testing.T) {
	tests := map[string][]string{
		"F01 loopback": {"127.0.0.1", "localhost", "[::1]", "LOCALHOST", "a.localhost", "localhost.", "[::1%25lo]"},
		"F02 addresses in other spellings": {
			"127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "0x7f.1", "127.0x1", "1.1.1.1", "8.8.8.8", "[2606:4700::1111]",
		},
		"F03 IPv4 in IPv6": {"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:8.8.8.8]"},
		"F04 unspecified":  {"0.0.0.0", "[::]", "0"},
		"F05 what IDNA would map": {
			"１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "example。com", "ｅxample.com", "example%E3%80%82com", "еxample.com", "exa\u00admple.com",
		},
		"F06 users and fragments": {
			"user@127.0.0.1", "example.com@127.0.0.1", "127.0.0.1#@example.com", "user:pass@example.com", "@example.com",
			"example.com/#x", "example.com#", `127.0.0.1\@example.com`, "127.0.0.1%23@example.com",
		},
		"F07 special addresses": {
			"169.254.169.254", "[fe80::1]", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "192.0.0.1", "198.18.0.1", "240.0.0.1",
		},
		"F08 IPv4 carried by IPv6": {"[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]", "[::127.0.0.1]"},
		"F12 ports": {
			"example.com:22", "example.com:25", "example.com:6379", "example.com:443443", "example.com:80", "example.com:0", "example.com:",
			"example.com:0443", "example.com:+443", "example.com:443:443", "example.com:https",
		},
		"names that are none": {
			"", "intranet", "example..com", ".example.com", "-a.example", "a-.example", "a_b.example", "a b.example", "example.com\t", "exa\nmple.com",
			strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 130) + "example", "%65xample.com", "[example.com]", "example.com" + strings.Repeat("/x", 2000),
		},
	}
	for name, hosts := range tests {
		t.Run(name, func(t *testing.T) {
			for _, host := range hosts {
				r := &recorder{answers: []string{"93.184.215.14"}}
				_, err := r.client().Get(context.Background(), "https://"+host, Options{})
				mustRefuse(t, err, CodeURL)
				if len(r.looked)+len(r.dialled) > 0 {
					t.Errorf("%q: looked up %q, dialled %q", host, r.looked, r.dialled)
				}
			}
		})
	}
	t.Run("schemes", func(t *testing.T) {
		for _, raw := range []string{
			"http://example.com", "file:///etc/passwd", "data:text/plain,x", "ftp://example.com", "gopher://example.com", "//example.com",
			"example.com", "https:example.com", "https:///example.com", "", "javascript:alert(1)", "unix:///run/x",
		} {
			r := &recorder{answers: []string{"93.184.215.14"}}
			_, err := r.client().Get(context.Background(), raw, Options{})
			mustRefuse(t, err, CodeURL)
			if len(r.looked)+len(r.dialled) > 0 {
				t.Errorf("%q was followed", raw)
			}
		}
	})
}

// TestAddresses goes through the same rows when a name leads there: the
// lookup may happen, the connection never.
func TestAddresses(t *testing.T) {
	tests := map[string][]string{
		"F01 loopback":     {"127.0.0.1", "127.255.255.254", "::1"},
		"F03 IPv4 in IPv6": {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"},
		"F04 unspecified":  {"0.0.0.0", "0.1.2.3", "::"},
		"F07 special addresses": {
			"169.254.169.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.255.255", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.0.255",
			"198.18.0.1", "198.19.255.255", "240.0.0.1", "255.255.255.255", "224.0.0.1", "239.255.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.1",
			"192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1", "100::1", "5f00::1",
		},
		"F08 IPv4 carried by IPv6": {
			"64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::", "2001::1", "2001:1ff::1", "2001:db8::1",
			"3fff::1", "::127.0.0.1", "::808:808", "4000::1", "2620:4f:8000::1",
		},
		"one bad neighbour": {"93.184.215.14 127.0.0.1", "2606:2800:21f::1 ::1"},
		"no address":        {""},
	}
	for name, answers := range tests {
		t.Run(name, func(t *testing.T) {
			for _, answer := range answers {
				r := &recorder{answers: []string{answer}}
				_, err := r.client().Get(context.Background(), "https://inside.example/did.json", Options{})
				if code := CodeAddress; answer != "" {
					mustRefuse(t, err, code)
				} else {
					mustRefuse(t, err, CodeUnavailable)
				}
				if len(r.dialled) > 0 {
					t.Errorf("%s: dialled %q", answer, r.dialled)
				}
			}
		})
	}
}

// The other half of the rule: public addresses are dialled, by the address
// that was judged and not by name.
func TestPublicAddresses(t *testing.T) {
	for answer, want := range map[string]string{
		"93.184.215.14": "93.184.215.14:443", "1.1.1.1": "1.1.1.1:443", "192.0.1.1": "192.0.1.1:443", "198.20.0.1": "198.20.0.1:443",
		"172.32.0.1": "172.32.0.1:443", "223.255.255.255": "223.255.255.255:443", "2606:2800:21f::1": "[2606:2800:21f::1]:443", "2001:200::1": "[2001:200::1]:443",
	} {
		r := &recorder{answers: []string{answer}}
		_, err := r.client().Get(context.Background(), "https://ente.example/did.json", Options{})
		if !errors.Is(err, errRecorded) || len(r.dialled) != 1 || r.dialled[0] != want {
			t.Errorf("%s: dialled %q, %v", answer, r.dialled, err)
		}
	}
	r := &recorder{answers: []string{"1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6"}}
	if _, err := r.client().Get(context.Background(), "https://ente.example/", Options{}); err == nil || len(r.dialled) != maxAddresses {
		t.Errorf("dialled %q", r.dialled)
	}
}

// TestRebinding is F09: a name that answers public first and 127.0.0.1 then.
// Each Get looks up once and dials what it has judged; and the dialer's own
// last check stands even where nothing above it has judged.
func TestRebinding(t *testing.T) {
	r := &recorder{answers: []string{"93.184.215.14", "127.0.0.1"}}
	client := r.client()
	if _, err := client.Get(context.Background(), "https://rebind.example/", Options{}); !errors.Is(err, errRecorded) {
		t.Fatal(err)
	}
	if len(r.looked) != 1 {
		t.Fatalf("%d lookups for one connection", len(r.looked))
	}
	_, err := client.Get(context.Background(), "https://rebind.example/", Options{})
	mustRefuse(t, err, CodeAddress)
	if len(r.dialled) != 1 || r.dialled[0] != "93.184.215.14:443" {
		t.Fatalf("dialled %q", r.dialled)
	}
	for _, address := range []string{"127.0.0.1:443", "[::1]:443", "10.0.0.1:443", "[fe80::1%eth0]:443", "[::ffff:127.0.0.1]:443", "ente.example:443"} {
		if err := client.control("tcp", address, nil); !errors.Is(err, errAddress) {
			t.Errorf("F09: the last check lets %s pass", address)
		}
	}
	if err := client.control("tcp", "93.184.215.14:443", nil); err != nil {
		t.Error(err)
	}
}

// TestPorts: others than 443 where they are configured.
func TestPorts(t *testing.T) {
	r := &recorder{answers: []string{"93.184.215.14"}}
	client := New(Config{Dial: r.dial, Lookup: r.lookup, Ports: []int{8443}})
	if _, err := client.Get(context.Background(), "https://ente.example:8443/", Options{}); !errors.Is(err, errRecorded) {
		t.Error(err)
	}
	_, err := client.Get(context.Background(), "https://ente.example/", Options{})
	mustRefuse(t, err, CodeURL)
}

// TestProxy is F14: the environment's proxy is nobody's choice here, the
// configured one is the operator's.
func TestProxy(t *testing.T) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"} {
		t.Setenv(name, "http://10.9.9.9:3128")
	}
	r := &recorder{answers: []string{"93.184.215.14"}}
	if _, err := r.client().Get(context.Background(), "https://ente.example/", Options{}); !errors.Is(err, errRecorded) {
		t.Fatal(err)
	}
	if len(r.dialled) != 1 || r.dialled[0] != "93.184.215.14:443" {
		t.Fatalf("dialled %q", r.dialled)
	}
	proxy, err := url.Parse("http://proxy.ente.example:3128")
	if err != nil {
		t.Fatal(err)
	}
	r = &recorder{answers: []string{"10.0.0.7"}}
	client := New(Config{Dial: r.dial, Lookup: r.lookup, Proxy: proxy})
	if _, err := client.Get(context.Background(), "https://ente.example/", Options{}); !errors.Is(err, errRecorded) {
		t.Fatal(err)
	}
	if len(r.dialled) != 1 || r.dialled[0] != "proxy.ente.example:3128" {
		t.Fatalf("dialled %q", r.dialled)
	}
	_, err = client.Get(context.Background(), "https://127.0.0.1/", Options{}) // no way around the text's rules
	mustRefuse(t, err, CodeURL)
}
