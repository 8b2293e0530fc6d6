package qr

import (
	"slices"
	"testing"
)

func TestFrameGivesBackWhatWentIn(t *testing.T) {
	vc := credential(t)
	vp := presentation(vc)
	for name, tokens := range map[string][]string{
		"credential":               {vc},
		"credential and assertion": {vc, assertion(vc)},
		"presentation":             {vp},
		"presentation, assertion":  {vp, assertion(vc)},
		"two credentials":          {vc, vc},
	} {
		t.Run(name, func(t *testing.T) {
			frame, err := EncodeFrame(tokens)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d bytes", len(frame))
			got, err := DecodeFrame(frame)
			if err != nil || !slices.Equal(got, tokens) {
				t.Fatalf("got %q, %v", got, err)
			}
			text, info, err := Encode("https://verify.example/v", tokens, Options{})
			if err != nil {
				t.Fatal(err)
			}
			m, err := DecodeText(text)
			if err != nil || !slices.Equal(m.Tokens, tokens) || m.Base != "https://verify.example/v" {
				t.Fatalf("got %+v, %v", m, err)
			}
			v, n, err := Version(text, LevelM)
			t.Log(info, BudgetOf(info.Frame), v, n, err)
		})
	}
}
