package intake

import (
	"encoding/base64"
	"strings"
	"testing"
)

// signed is a token as it looks, with a signature of n bytes.
func signed(alg string, n int) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"`+alg+`"}`)) + "." + enc([]byte(`{"a":1}`)) + "." + enc(make([]byte, n))
}

// TestPastedIsJoined: lines and quotes that a message puts around a token go,
// for what was pasted alone.
func TestPastedIsJoined(t *testing.T) {
	token := signed("ES256", 64)
	for _, text := range []string{
		token, `"` + token + `"`, "\u201c" + token + "\u201d,", "<" + token + ">",
		token[:20] + "\r\n" + token[20:50] + "\n" + token[50:],
		"> " + token[:20] + "\n> " + token[20:], "'" + token[:30] + "\n" + token[30:] + "'",
		token[:21] + "\n" + token[21:], // after the first dot both begin alike
		token[:40] + "=\n" + token[40:],
	} {
		taken, problem := Source{Pasted: true, Page: true}.Text([]byte(text))
		if problem != nil || len(taken.Tokens) != 1 || taken.Tokens[0] != token {
			t.Errorf("%q: %v, %v", text, taken.Tokens, problem)
		}
	}
	broken := []byte(token[:30] + "\n" + token[30:])
	if _, problem := (Source{Name: "f"}).Text(broken); problem == nil || problem.Code != "text_broken" {
		t.Errorf("a file is mended: %v", problem)
	}
	if taken, problem := (Source{Pasted: true, Page: true}).Text([]byte(token[:30] + "\n" + token[30:] + "\nMaria")); problem == nil {
		t.Errorf("a word behind a token becomes a part of its signature, and a good one false: %v", taken.Tokens)
	}
	two := strings.Replace(token+"\n"+token, token[30:], token[30:60]+"\n"+token[60:], 2)
	if _, problem := (Source{Pasted: true}).Text([]byte(two)); problem == nil || problem.Code != "text_broken" {
		t.Errorf("two broken ones are joined: %v", problem)
	}
}

// TestWordsOfAMessage: who pastes a whole message gets what is signed in it judged;
// beside what is not whole no word is left out.
func TestWordsOfAMessage(t *testing.T) {
	token, code := signed("ES256", 64), "https://ente.example/v#1"+strings.Repeat("0123456789", 4)
	page := Source{Pasted: true, Page: true}
	for _, text := range []string{
		"Buongiorno, ecco il mio attestato: " + token, token + "\nCordiali saluti,\nRosa", token + " Maria", "«" + token + "» (Rosa, 2026)",
	} {
		if taken, problem := page.Text([]byte(text)); problem != nil || len(taken.Tokens) != 1 || taken.Tokens[0] != token {
			t.Errorf("%q: %v, %v", text, taken.Tokens, problem)
		}
	}
	if got := mended(strings.Fields("Il 22: " + code + " Saluti 2026")); len(got) != 1 || got[0] != code {
		t.Errorf("around a code: %q", got)
	}
	if got := mended(strings.Fields(code[:40] + "\n" + code[40:])); len(got) != 1 || got[0] != code {
		t.Errorf("a code of two lines: %q", got)
	}
	if got := mended(strings.Fields(token + " Maria " + token)); len(got) != 2 {
		t.Errorf("two and a word: %q", got)
	}
	for _, text := range []string{"Maria " + token[:len(token)-40] + "\n" + token[len(token)-40:], "Maria " + token[:60], "Buongiorno, ecco il mio attestato"} {
		if taken, problem := page.Text([]byte(text)); problem == nil {
			t.Errorf("%q: %v", text, taken.Tokens)
		}
	}
}

// TestCutText: a text without its end is a bad copy; a whole one, one whose
// signature was taken out and one of a foreign algorithm are the verifier's.
func TestCutText(t *testing.T) {
	token := signed("ES256", 64)
	unsigned := token[:strings.LastIndex(token, ".")]
	for text, want := range map[string]bool{
		token: false, signed("EdDSA", 64): false, signed("ES384", 96): false, signed("ES256", 65): false,
		token[:len(token)-1]: true, token[:len(token)-60]: true, unsigned: true, signed("ES384", 64): true,
		unsigned + ".": false, signed("none", 0): false, signed("HS256", 32): false, "eyJ.a.b": false, unsigned + ".a.b": false,
	} {
		taken, problem := Source{Page: true, Pasted: true}.Text([]byte(text))
		if got := problem != nil && problem.Code == "text_cut" && problem.Unknown; got != want {
			t.Errorf("%q: %v, %v", text, taken.Tokens, problem)
		}
		if _, problem := (Source{Name: "f"}).Text([]byte(text)); problem != nil {
			t.Errorf("the command line: %v", problem)
		}
	}
}

// TestOfferKeepsItsSecret: the link of an offer is no document, and no sentence
// repeats it.
func TestOfferKeepsItsSecret(t *testing.T) {
	const link = "openid-credential-offer://?credential_offer=%7B%22pre-authorized_code%22%3A%22s3cret%22%7D"
	_, typed := Source{Name: "f"}.Text([]byte(link))
	_, seen := Source{Name: "f"}.Sight([]string{link}, 0)
	for _, problem := range []*Problem{typed, seen} {
		if problem == nil || problem.Code != "verify_is_offer" {
			t.Fatalf("%v", problem)
		}
		for _, arg := range problem.Args {
			if strings.Contains(arg, "s3cret") {
				t.Errorf("%q", arg)
			}
		}
	}
}
