package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io/fs"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
)

// checkAnchor refuses a fingerprint that cannot be one: a SHA-256 in base64url
// (RFC 7638, RFC 4648 section 5), 43 characters.
func checkAnchor(anchor string) error {
	if sum, err := base64.RawURLEncoding.Strict().DecodeString(anchor); err != nil || len(sum) != 32 {
		return fail(exitUsage, "anchor_form", "value", intake.FirstRunes(anchor, 60))
	}
	return nil
}

// bundleUnread words a bundle file that could not be opened at all.
func bundleUnread(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fail(exitUsage, "verify_bundle_missing", "path", path).wrap(err)
	}
	return fail(exitUsage, "verify_bundle", "path", path).wrap(err)
}

// checkBundleFile refuses a file that is no bundle of anybody, or of which a
// piece is missing: an input that cannot be read, not a verdict.
func checkBundleFile(path string, data []byte) error {
	packed := intake.IsGzip(data)
	if packed {
		plain, err := gunzip(data)
		if err != nil {
			return fail(exitUsage, "bundle_damaged", "path", path).wrap(err)
		}
		data = plain
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return fail(exitUsage, "bundle_empty", "path", path)
	}
	switch text := string(bytes.TrimSpace(data)); {
	case jose.TypeOf(text) == jose.TypeBundle:
		return nil
	case jose.TypeOf(text) == "" && (packed || intake.IsToken(text)):
		return fail(exitUsage, "bundle_damaged", "path", path)
	}
	return fail(exitUsage, "bundle_foreign", "path", path)
}

// refusedBundle tells on stderr why a bundle is not used, in one sentence.
func (a *app) refusedBundle(path string, err error) {
	reason := "damaged"
	var refused *trust.Error
	if errors.As(err, &refused) {
		switch refused.Code {
		case trust.CodeAnchor:
			reason = "other"
		case trust.CodeOlder:
			reason = "older"
		}
	}
	a.remark("verify.bundle_refused."+reason, map[string]string{"path": path})
}

// leftOut tells which part of a bundle does not count. The code is for whoever
// publishes the bundle.
func (a *app) leftOut(p trust.Problem) {
	a.remark("verify.bundle_part", map[string]string{"part": p.Part, "subject": oneLine(p.Subject), "code": p.Code})
}

// halfTrust names the one of --bundle and --anchor that stands alone.
func halfTrust(o verifyOptions) string {
	switch {
	case o.bundle != "" && o.anchor == "":
		return "bundle"
	case o.anchor != "" && o.bundle == "":
		return "anchor"
	}
	return ""
}

// sayMissing lets the sentence about having nobody to trust say which of the
// two is missing.
func (s *verifySetup) sayMissing(r *verifier.Report) {
	if r == nil || s.half == "" {
		return
	}
	for i, c := range r.Checks {
		if c.Code == verifier.CodeNoAnchor {
			r.Checks[i].Args = report.WithCase(c.Args, s.half)
		}
	}
}
