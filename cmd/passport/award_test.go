package main

import (
	"fmt"
	"strings"
	"testing"
)

func has(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q:\n%s", what, part, text)
		}
	}
}

// Row M2: with 19 of 20 valid credentials award refuses and lists the missing
// one; with 20 it signs; revoking one component makes the verifier say so.
func TestRowM2AwardStory(t *testing.T) {
	w := newAwardWorld(t, 20, 20)
	var nineteen []string
	for n := 1; n <= 20; n++ {
		if n != 7 {
			nineteen = append(nineteen, w.token(n))
		}
	}
	code, out, said := w.award(t, append(nineteen, "--lang", "it", "--json")...)
	if code != exitInvalid {
		t.Fatalf("19 of 20: exit %d", code)
	}
	has(t, "the refusal", said, "19 attestati brevi su 20", "manca: R07 Competenza 7")
	has(t, "--json", out, `{"have":19,"need":20,"missing":[{"ref":"R07","label":"Competenza 7"}]}`)

	passport := w.file("passport.jwt")
	code, id, said := w.award(t, w.file("amina"), "--out", passport)
	if code != exitOK {
		t.Fatalf("20 of 20: exit %d: %s", code, said)
	}
	id = strings.TrimSpace(id)
	w.publish(t)
	if code, report := w.verify(t, passport); code != exitOK {
		t.Errorf("verify: exit %d: %s", code, report)
	}

	code, _, said = w.tryPlain(t, "revoke", w.ids[5], "--reason", "assessment-invalid")
	if code != exitOK {
		t.Fatal(said)
	}
	has(t, "revoke", said, "EP-", w.ids[5])
	w.publish(t)
	code, report := w.verify(t, passport)
	if code != exitInvalid {
		t.Errorf("the passport: exit %d", code)
	}
	has(t, "the passport's report", report, `"state":"revoked"`, id)
	code, report = w.verify(t, passport, w.token(4), w.token(5))
	if code != exitInvalid {
		t.Errorf("with components: exit %d", code)
	}
	has(t, "with components", report, `"component_revoked"`, w.ids[5])
	if out := desk(t, "--home", w.region, "fsck"); strings.Contains(out, "composite") {
		t.Error(out)
	}
}

// What another body takes back is found by --review, by its list in the bundle,
// and no sooner: without a bundle nothing is known and nothing changes.
func TestAwardReview(t *testing.T) {
	for _, min := range []int{3, 2} {
		t.Run(fmt.Sprint(min, " of 3"), func(t *testing.T) {
			w := newAwardWorld(t, 3, min)
			passport := w.file("passport.jwt")
			if code, _, said := w.award(t, w.file("amina"), "--out", passport); code != exitOK {
				t.Fatalf("exit %d: %s", code, said)
			}
			w.publish(t)
			if code, out, said := w.try(t, "award", "--review"); code != exitOK || out != "" {
				t.Errorf("all is well: exit %d: %s%s", code, out, said)
			}
			desk(t, "--home", w.town, "revoke", w.ids[3], "--reason", "issued-in-error")
			w.publish(t)
			if code, out, _ := w.tryPlain(t, "award", "--review"); code != exitUnknown || !strings.Contains(out, "no_anchor") {
				t.Errorf("without a bundle: exit %d: %s", code, out)
			}
			code, out, _ := w.try(t, "award", "--review", "--dry-run", "--json")
			if code != exitInvalid {
				t.Errorf("dry run: exit %d", code)
			}
			has(t, "dry run", out, w.ids[3], `"standing":"fallen","code":"revoked"`, `"outcome":"none"`)
			if out := desk(t, "--home", w.region, "list", "--status", "revoked"); out != "" {
				t.Errorf("the dry run has revoked %s", out)
			}
			code, out, _ = w.try(t, "award", "--review", "--json")
			if code != exitInvalid {
				t.Errorf("review: exit %d", code)
			}
			has(t, "review", out, `"outcome":"`+map[int]string{3: "revoked", 2: "reissued"}[min]+`"`)
			w.publish(t)
			if code, report := w.verify(t, passport); code != exitInvalid {
				t.Errorf("the passport: exit %d: %s", code, report)
			}
			if code, out, _ := w.try(t, "award", "--review"); code != exitOK || out != "" {
				t.Errorf("again: exit %d: %s", code, out)
			}
		})
	}
}

// A new copy that the holder brings counts for the component that it replaces.
func TestAwardReviewTakesSuccessors(t *testing.T) {
	w := newAwardWorld(t, 3, 3)
	passport := w.file("passport.jwt")
	if code, _, said := w.award(t, w.file("amina"), "--out", passport); code != exitOK {
		t.Fatalf("exit %d: %s", code, said)
	}
	desk(t, "--home", w.town, "reissue", w.ids[3], "--out", w.file("new.jwt"))
	w.publish(t)
	code, out, said := w.try(t, "award", "--review", w.file("new.jwt"), "--json")
	if code != exitOK {
		t.Errorf("exit %d: %s", code, said)
	}
	has(t, "review", out, `"outcome":"successor"`)
	if code, out, _ := w.try(t, "award", "--review"); code != exitOK || out != "" {
		t.Errorf("again: exit %d: %s", code, out)
	}
	if code, report := w.verify(t, passport); code != exitOK {
		t.Errorf("the passport: exit %d: %s", code, report)
	}
	code, report := w.verify(t, passport, w.token(1), w.token(2), w.file("new.jwt"))
	if code != exitOK {
		t.Errorf("with the new copy: exit %d: %s", code, report)
	}
}
