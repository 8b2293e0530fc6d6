package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A status that is not fresh is enough to be shown and not to be awarded by, unless
// the desk says so. Of its own credentials the home asks its register, which is
// never old.
func TestAwardWantsAFreshStatus(t *testing.T) {
	w := newAwardWorld(t, 2, 2)
	config, err := os.OpenFile(filepath.Join(w.region, "config.yaml"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	mustDo(t, err)
	_, err = config.WriteString("\nfreshStatus: 1ns\n")
	mustDo(t, err)
	mustDo(t, config.Close())
	code, _, said := w.award(t, w.file("amina"))
	if code != exitInvalid {
		t.Fatalf("on an old status: exit %d", code)
	}
	has(t, "the refusal", said, "R02", "--accept-stale")
	if code, _, said := w.award(t, w.file("amina"), "--accept-stale"); code != exitOK {
		t.Errorf("accepted: exit %d: %s", code, said)
	}
}
