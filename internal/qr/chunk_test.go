package qr

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestChunksComeTogetherInAnyOrder(t *testing.T) {
	tokens := []string{presentation(credential(t), credential(t)), assertion(credential(t))}
	texts, err := EncodeChunks("https://verify.example/v", tokens, 200)
	if err != nil || len(texts) < 3 {
		t.Fatalf("%d texts, %v", len(texts), err)
	}
	slices.Reverse(texts)
	m, err := Collect(texts)
	if err != nil || !slices.Equal(m.Tokens, tokens) {
		t.Fatalf("got %.100q, %v", m.Tokens, err)
	}

	other, err := EncodeChunks("https://verify.example/v", []string{credential(t)}, 200)
	if err != nil {
		t.Fatal(err)
	}
	whole, _, err := Encode("https://verify.example/v", []string{credential(t)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := strings.Replace(texts[0], "verify", "evil", 1)
	for name, c := range map[string]struct {
		texts []string
		want  error
	}{
		"one missing":      {texts[1:], ErrIncomplete},
		"one twice":        {append(slices.Clone(texts), texts[0]), ErrMalformed},
		"one of another":   {append(slices.Clone(texts[1:]), other[0]), ErrMalformed},
		"one of elsewhere": {append(slices.Clone(texts[1:]), elsewhere), ErrMalformed},
		"a whole code":     {append(slices.Clone(texts), whole), ErrMalformed},
		"none":             {nil, ErrMalformed},
		"one changed":      {append(slices.Clone(texts[1:]), texts[0][:len(texts[0])-3]+"000"), ErrMalformed},
	} {
		if m, err := Collect(c.texts); !errors.Is(err, c.want) {
			t.Errorf("%s: got %.80q, %v; want %v", name, m.Tokens, err, c.want)
		}
	}
}

func TestChunksStayWithinOneHundred(t *testing.T) {
	if _, err := EncodeChunks("https://verify.example/v", []string{credential(t)}, 1); !errors.Is(err, ErrTooLarge) {
		t.Errorf("chunks of one byte: %v", err)
	}
	if _, err := EncodeChunks("https://verify.example/v", []string{credential(t)}, 4000); !errors.Is(err, ErrTooLarge) {
		t.Errorf("chunks that no code holds: %v", err)
	}
}
