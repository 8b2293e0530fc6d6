package verifier_test

import (
	"context"
	"testing"

	"github.com/employment-passport/passport/verifier"
)

func TestRowAllChecksPass(t *testing.T) {
	w := newWorld(t)
	r, err := w.verifier().VerifyCredential(context.Background(), w.issue())
	want{
		verdict: verifier.Valid, genuine: verifier.Yes, recognised: verifier.Yes,
		status: verifier.StatusValid, asOf: now.Add(-hour), holder: verifier.HolderCompare,
	}.check(t, r, err)
}
