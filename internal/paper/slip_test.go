package paper

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
)

// slipsOf are two slips of one side: with a number in two languages, and
// without one in one.
func slipsOf() []SlipData {
	link := "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fattestati.ente-lucania.example%2Foid4vci%2Fente%2Foffers%2FAbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEf"
	until := time.Date(2026, 12, 6, 9, 30, 0, 0, time.UTC)
	return []SlipData{
		{Name: "Amina Diallo", Title: "Igiene degli alimenti: addetto alla manipolazione", Issuer: "Ente Formazione Lucania", Reference: "7f3a-2",
			Link: link, Code: "482913", Until: until, Languages: [2]string{"it", "en"}},
		{Name: "Maria Grazia D'Angelo", Title: "Igiene degli alimenti: addetto alla manipolazione", Issuer: "Ente Formazione Lucania", Reference: "7f3a-4",
			Link: link, Until: until, Languages: [2]string{"it", ""}},
	}
}

// TestSlipTellsEverything: both parts, in every language and with a long name
// and title, keep inside their places and lose no word.
func TestSlipTellsEverything(t *testing.T) {
	for _, first := range i18n.Languages {
		for _, second := range i18n.Languages {
			s := slipsOf()[0]
			s.Languages = [2]string{first, second}
			s.Name = "Maria de los Ángeles Fernández-Villaverde y Rodríguez de la Cruz"
			s.Title = strings.Repeat("Tecniche di pulizia e sanificazione ", 3)
			p, err := drawnSlips([]SlipData{s, s}, Options{Now: today})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range p.placed {
				if m.cut && !strings.Contains(s.Title, strings.TrimSuffix(m.text, "…")) {
					t.Errorf("%s, %s: %q is cut", first, second, m.text)
				}
				if m.ink.x < m.within.x-tiny || m.ink.x+m.ink.w > m.within.x+m.within.w+tiny || m.ink.y < 0 || m.ink.y+m.ink.h > m.pageH {
					t.Errorf("%s, %s: %q leaves its place", first, second, m.text)
				}
				if m.size > 0 && m.size < minSize {
					t.Errorf("%s, %s: %q has %.1f points", first, second, m.text, m.size)
				}
			}
			overlaps(t, p)
		}
	}
}

// overlaps fails when two marks of a side lie on each other.
func overlaps(t *testing.T, p *page) {
	t.Helper()
	for i, a := range p.placed {
		for _, b := range p.placed[:i] {
			if a.side == b.side && a.ink.x < b.ink.x+b.ink.w-tiny && b.ink.x < a.ink.x+a.ink.w-tiny && a.ink.y < b.ink.y+b.ink.h-tiny && b.ink.y < a.ink.y+a.ink.h-tiny {
				t.Errorf("%q lies on %q", a.text, b.text)
			}
		}
	}
}

// TestSlipKeepsTheNumberApart: what the scissors leave on the main part does
// not have the number, and the other part not the link.
func TestSlipKeepsTheNumberApart(t *testing.T) {
	p, err := drawnSlips(slipsOf()[:1], Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	cut := a4Width - slipMargin - slipCode - slipMargin/4
	for _, m := range p.placed {
		if m.text == "482913" && m.ink.x < cut {
			t.Error("the number stands on the main part")
		}
		if m.isCode && m.ink.x+m.ink.w > cut {
			t.Error("the code stands on the part with the number")
		}
	}
}

func TestSlipRefuses(t *testing.T) {
	if err := Slips(&bytes.Buffer{}, nil, Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("%v", err)
	}
	s := slipsOf()
	s[0].Link = "openid-credential-offer://?credential_offer=" + strings.Repeat("x", 1500)
	if err := Slips(&bytes.Buffer{}, s, Options{}); !errors.Is(err, qr.ErrTooLarge) {
		t.Errorf("%v", err)
	}
}
