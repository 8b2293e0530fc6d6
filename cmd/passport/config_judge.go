package main

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/verifier/intake"
)

// check holds every value to what it may be. Files are looked at by checkFiles.
func (c config) check() []configFault {
	var faults []configFault
	hold := func(ok bool, code string, args ...string) {
		if !ok {
			faults = append(faults, fault(code, args...))
		}
	}
	hold(c.VerifyBase == "" || qr.CheckBase(c.VerifyBase) == nil && isHTTPS(c.VerifyBase), "link_base", "field", "verifyBase", "max", strconv.Itoa(qr.MaxBase))
	hold(c.BundleURL == "" || isHTTPS(c.BundleURL), "https", "field", "bundleURL")
	hold(c.FreshStatus > 0 && c.MaxStatusAge >= c.FreshStatus, "ages")
	hold(c.WorkFactor >= 1 && c.WorkFactor <= sealed.MaxWorkFactor, "range", "field", "workFactor", "min", "1", "max", strconv.Itoa(sealed.MaxWorkFactor))
	oneOf := func(field, value string, allowed ...string) {
		hold(slices.Contains(allowed, value), "choice", "field", field, "values", strings.Join(allowed, ", "))
	}
	oneOf("verificationMethod", c.MethodType, did.TypeJSONWebKey, did.TypeJSONWebKey2020)
	oneOf("logLevel", c.LogLevel, "debug", "info", "warn", "error")
	oneOf("logFormat", c.LogFormat, "text", "json")
	oneOf("smtp.tls", c.SMTP.TLS, "starttls", "tls", "none")

	hold(isListen(c.Listen), "listen", "field", "listen")
	hold(c.MetricsListen == "" || isListen(c.MetricsListen), "listen", "field", "metricsListen")
	hold(c.BaseURL == "" || isServiceBase(c.BaseURL), "base", "field", "baseURL")
	for _, p := range c.TrustedProxies {
		_, err := netip.ParsePrefix(p)
		hold(err == nil, "prefix", "field", "trustedProxies", "value", intake.FirstRunes(p, 60))
	}
	hold(c.Anchor == "" || checkAnchor(c.Anchor) == nil, "anchor", "field", "anchor")
	hold(c.Bundle == "" || c.Anchor != "", "needs", "field", "bundle", "other", "anchor")
	host, _, _ := net.SplitHostPort(c.Listen)
	hold(!c.VCAPI.OpenUnsafe || c.VCAPI.Issuer != "", "needs", "field", "vcApi.openUnsafe", "other", "vcApi.issuer")
	hold(!c.VCAPI.OpenUnsafe || httpkit.IsLoopback(host) && !c.isPublic(), "unsafe", "field", "vcApi.openUnsafe")
	faults = append(faults, c.Limits.check()...)
	faults = append(faults, c.SMTP.check()...)
	for n, p := range c.OIDC {
		faults = append(faults, p.check("oidc["+strconv.Itoa(n)+"]")...)
	}
	return faults
}

// isPublic tells that a proxy of this machine brings the world to the service,
// wherever it listens.
func (c config) isPublic() bool {
	u, err := url.Parse(c.BaseURL)
	return len(c.TrustedProxies) > 0 || c.BaseURL != "" && (err != nil || !httpkit.IsLoopback(u.Hostname()))
}

func (l limitsConfig) check() []configFault {
	var faults []configFault
	for _, n := range []struct {
		field           string
		value, min, max int64
	}{
		{"bodyBytes", l.BodyBytes, 1 << 10, 64 << 20}, {"sheetBytes", l.SheetBytes, 1 << 10, 1 << 30},
		{"connections", int64(l.Connections), 16, 1 << 20},
		{"readsPerMinute", int64(l.ReadsPerMinute), 0, 1 << 30}, {"verificationsPerMinute", int64(l.VerificationsPerMinute), 0, 1 << 30},
		{"actsPerMinute", int64(l.ActsPerMinute), 0, 1 << 30}, {"signInsPerMinute", int64(l.SignInsPerMinute), 0, 1 << 30},
		{"reading", int64(l.Reading), 1, 1 << 16}, {"verifying", int64(l.Verifying), 1, 1 << 16}, {"acting", int64(l.Acting), 1, 1 << 16},
		{"bodyTimeout", int64(l.BodyTimeout), 1e6, 600e9}, {"wait", int64(l.Wait), 1e6, 60e9},
	} {
		if n.value < n.min || n.value > n.max {
			least, most := strconv.FormatInt(n.min, 10), strconv.FormatInt(n.max, 10)
			if n.field == "bodyTimeout" || n.field == "wait" {
				least, most = duration(n.min).String(), duration(n.max).String()
			}
			faults = append(faults, fault("range", "field", "limits."+n.field, "min", least, "max", most))
		}
	}
	return faults
}

func (s smtpConfig) check() []configFault {
	var faults []configFault
	if s.Port < 1 || s.Port > 65535 {
		faults = append(faults, fault("range", "field", "smtp.port", "min", "1", "max", "65535"))
	}
	if s.Host != "" && s.From == "" {
		faults = append(faults, fault("needs", "field", "smtp.host", "other", "smtp.from"))
	}
	if _, err := mail.ParseAddress(s.From); s.From != "" && err != nil {
		faults = append(faults, fault("address", "field", "smtp.from"))
	}
	if s.Username != "" && s.PasswordFile == "" {
		faults = append(faults, fault("needs", "field", "smtp.username", "other", "smtp.passwordFile"))
	}
	if s.TLS == "none" && s.Host != "" && !httpkit.IsLoopback(s.Host) {
		faults = append(faults, fault("clear", "field", "smtp.tls"))
	}
	return faults
}

func (p signInConfig) check(at string) []configFault {
	var faults []configFault
	for _, f := range []struct{ field, value string }{{"name", p.Name}, {"clientID", p.ClientID}, {"clientSecretFile", p.ClientSecretFile}, {"body", p.Body}} {
		if f.value == "" {
			faults = append(faults, fault("missing", "field", at+"."+f.field))
		}
	}
	if !isHTTPS(p.Issuer) {
		faults = append(faults, fault("https", "field", at+".issuer"))
	}
	return faults
}

func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// isListen takes HOST:PORT, :PORT and port 0, which the machine chooses.
func isListen(s string) bool {
	host, port, err := net.SplitHostPort(s)
	n, numeric := strconv.ParseUint(port, 10, 16)
	return err == nil && numeric == nil && n <= 65535 && !strings.ContainsAny(host, " /")
}

// isServiceBase takes https://HOST[:PORT], and http where the host is this
// machine: whoever is between could change what others print and trust.
func isServiceBase(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && httpkit.IsLoopback(u.Hostname())
}
