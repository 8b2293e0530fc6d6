package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
)

func TestCheckAnchor(t *testing.T) {
	for anchor, good := range map[string]bool{
		strings.Repeat("A", 43):       true,
		strings.Repeat("A", 42):       false,
		strings.Repeat("A", 44):       false,
		strings.Repeat("A", 42) + "B": false, // bits left over
		strings.Repeat("A", 42) + "+": false,
		"12:34":                       false,
	} {
		if err := checkAnchor(anchor); (err == nil) != good || !good && !isCode(err, "anchor_form") {
			t.Errorf("%s: %v", anchor, err)
		}
	}
}

func isCode(err error, code string) bool {
	var f *failure
	return errors.As(err, &f) && f.code == code && f.exit == exitUsage && i18n.Has("hint."+code)
}

func TestCobraUsage(t *testing.T) {
	near := cobraUsage(errors.New("unknown command \"verfy\" for \"passport\"\n\nDid you mean this?\n\tverify\n\tversion\n"))
	if near.code != "usage_near" || near.args["names"] != "verify, version" || strings.Contains(near.args["detail"], "\n") {
		t.Errorf("%s %q", near.code, near.args)
	}
	if plain := cobraUsage(errors.New("unknown flag: --x")); plain.code != "usage" || plain.args["detail"] != "unknown flag: --x" {
		t.Errorf("%s %q", plain.code, plain.args)
	}
}
