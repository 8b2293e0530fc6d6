package paper

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// broken is a document that bears what no document of ours may: the number of
// an identity card.
func broken(t *testing.T) Sheet {
	t.Helper()
	payload := payloadOf(t, 1, courses[0], person("Amina Diallo", ""))
	return blankCode(t, bytes.Replace(payload, []byte("ext:birthPlace"), []byte("nationalIdentityNumber"), 1), [2]string{"it", ""})
}

// foreign is somebody else's credential.
func foreign(t *testing.T) Sheet {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal(payloadOf(t, 1, courses[0], person("Amina Diallo", "")), &tree); err != nil {
		t.Fatal(err)
	}
	tree["type"] = []string{"VerifiableCredential", "OpenBadgeCredential"}
	payload, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return blankCode(t, payload, [2]string{"it", ""})
}

// TestNoPaperForStrangersData: what exports refuse to give away, no paper bears
// in its code either, alone or among good ones.
func TestNoPaperForStrangersData(t *testing.T) {
	good := quick(t, 2, courses[1], person("Amina Diallo", ""), [2]string{"it", ""})
	for name, bad := range map[string]Sheet{"an identity number": broken(t), "a foreign document": foreign(t)} {
		for _, layout := range []Layout{"", LayoutMicro, LayoutBooklet, LayoutCard} {
			if err := Render(io.Discard, layout, []Sheet{good, bad}, Options{Now: today}); !errors.Is(err, ErrForeign) {
				t.Errorf("%s on the paper %q: %v", name, layout, err)
			}
		}
		if err := Booklets(io.Discard, BookletsOf([]Sheet{good, bad}), Options{Now: today}); !errors.Is(err, ErrForeign) {
			t.Errorf("%s among booklets: %v", name, err)
		}
	}
	passport := passportOf(t, []Sheet{good}, person("Amina Diallo", ""), [2]string{"it", ""})
	if faults := passport.Credential.Rules(time.Time{}); passport.Credential.Kind() != schema.KindEmploymentPassport || len(faults) > 0 {
		t.Errorf("the passport of these tests breaks rules: %v", faults)
	}
}

// TestEveryPaperBearsTheEnd: a copy that ends says when on each paper, in both
// languages where there is room, and is not printed once it has ended.
func TestEveryPaperBearsTheEnd(t *testing.T) {
	ends := today.AddDate(1, 0, 0).Truncate(24 * time.Hour) // midnight: the day before is the last
	for name, s := range hard(t) {
		c := *s.Credential
		c.ValidUntil = ends
		s.Credential = &c
		for _, layout := range []Layout{"", LayoutCard, LayoutBooklet} {
			p, err := drawn(layout, []Sheet{s}, Options{Now: today})
			if err != nil {
				t.Fatalf("%s, %q: %v", name, layout, err)
			}
			for i, lang := range tonguesOf(&s) {
				if lang == "" || i == 1 && layout == LayoutCard {
					continue
				}
				key := "paper.copy_until"
				if layout == LayoutCard {
					key = "card.until"
				}
				want := i18n.T(lang, key, map[string]string{"date": i18n.Day(lang, ends.AddDate(0, 0, -1))})
				if !strings.Contains(p.said(), squeezed(want)) {
					t.Errorf("%s on the paper %q does not say %q", name, layout, want)
				}
			}
			neat(t, name+" on the paper "+string(layout), p, 1)
		}
		if err := Render(io.Discard, "", []Sheet{s}, Options{Now: ends.Add(time.Second)}); !errors.Is(err, ErrEnded) {
			t.Errorf("%s has ended, and gives %v", name, err)
		}
	}
}
