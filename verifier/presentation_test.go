package verifier_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

var asked = verifier.HolderBinding{Audience: "https://cucina.example", Nonce: "n-0S6_WzA2Mj"}

// answers signs what was asked.
func answers(vp map[string]any) { vp["aud"], vp["nonce"] = asked.Audience, asked.Nonce }

func TestPresentations(t *testing.T) {
	life := func(from, until time.Duration) func(map[string]any) {
		return func(vp map[string]any) { vp["iat"], vp["exp"] = now.Add(from).Unix(), now.Add(until).Unix() }
	}
	proven := green.but(func(x *want) { x.holder = verifier.HolderProven })
	live := green.but(func(x *want) { x.holder = verifier.HolderLive })
	compare, unreadable := green, unknown("audience")
	mismatch := func(reason string) want {
		return invalid(reason).but(func(x *want) { x.holder = verifier.HolderMismatch })
	}
	for _, c := range []struct {
		name   string
		asked  verifier.HolderBinding
		change []func(map[string]any)
		want   want
	}{
		{"our audience and our nonce", asked, change(answers), proven},
		{"nothing asked, signed just now", verifier.HolderBinding{}, nil, live},
		{"nothing asked, answers all the same", verifier.HolderBinding{}, change(answers), live},
		{"audience asked alone", verifier.HolderBinding{Audience: asked.Audience}, change(answers), live},
		{"another audience (G03)", asked, change(answers, set("aud", "https://altra.example")), mismatch("audience")},
		{"two audiences, ours among them (G04)", asked, change(answers, set("aud", []string{asked.Audience, "https://altra.example"})), mismatch("audience")},
		{"no audience", asked, change(answers, set("aud", nil)), mismatch("audience")},
		{"an audience that is no text", asked, change(answers, set("aud", 7)), mismatch("audience")},
		{"no nonce (G05)", asked, change(answers, set("nonce", nil)), mismatch("nonce")},
		{"another nonce (G05)", asked, change(answers, set("nonce", "older")), mismatch("nonce")},
		{"the nonce in another case (G05)", asked, change(answers, set("nonce", "N-0s6_wZa2mJ")), mismatch("nonce")},
		{"asked, and expired", asked, change(answers, life(-10*time.Minute, -5*time.Minute)), mismatch("presentation_expired")},
		{"asked, and ahead", asked, change(answers, life(5*time.Minute, 10*time.Minute)), mismatch("presentation_expired")},
		{"nothing asked, expired: the credentials are judged", verifier.HolderBinding{}, change(life(-10*time.Minute, -5*time.Minute)), compare},
		{"nothing asked, ahead: the credentials are judged", verifier.HolderBinding{}, change(life(5*time.Minute, 10*time.Minute)), compare},
		{"no audience: five minutes at most, whatever it says", verifier.HolderBinding{}, change(life(-7*time.Minute, hour)), compare},
		{"for somebody that nobody asked for: five minutes as well", verifier.HolderBinding{}, change(answers, life(-7*time.Minute, hour)), compare},
		{"for somebody that nobody asked for, with the nonce", verifier.HolderBinding{Nonce: asked.Nonce}, change(answers, life(-7*time.Minute, hour)), compare},
		{"for us, printed to last a month", verifier.HolderBinding{Audience: asked.Audience}, change(answers, life(-20*days, 10*days)), live},
		{"for us, past its own end", verifier.HolderBinding{Audience: asked.Audience}, change(answers, life(-20*days, -days)), compare},
		{"for us, without an end: five minutes", verifier.HolderBinding{Audience: asked.Audience}, change(answers, life(-7*time.Minute, 0), set("exp", nil)), compare},
		{"for us and with our nonce, within an end beyond five minutes", asked, change(answers, life(-7*time.Minute, hour)), proven},
		{"for somebody, five years ago, without an end", verifier.HolderBinding{}, change(answers, life(-5*365*days, 0), set("exp", nil)), compare},
		{"for two, five years ago, without an end", verifier.HolderBinding{}, change(set("aud", []string{"a", "b"}), life(-5*365*days, 0), set("exp", nil)), compare},
		{"for nobody by name", verifier.HolderBinding{}, change(set("aud", "")), unreadable},
		{"for nobody in a list", verifier.HolderBinding{}, change(set("aud", []string{})), unreadable},
		{"for somebody and nobody", verifier.HolderBinding{}, change(set("aud", []string{"a", ""})), unreadable},
		{"for what is no name, nobody asked", verifier.HolderBinding{}, change(set("aud", 7)), unreadable},
		{"for nobody by name, ours asked", asked, change(answers, set("aud", "")), mismatch("audience")},
		{"no iat", verifier.HolderBinding{}, change(set("iat", nil)), compare},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			report, err := w.verifier().VerifyPresentation(context.Background(), w.show([]string{w.issue()}, c.change...), c.asked)
			c.want.check(t, report, err)
		})
	}
}

// TestEveryAudienceIsShown: whoever reads the report learns for whom the holder
// signed, whether or not anybody asked.
func TestEveryAudienceIsShown(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	for want, tokens := range map[string][]string{
		"":                        {w.show([]string{token})},
		"https://altra.example":   {w.show([]string{token}, set("aud", "https://altra.example"))},
		"https://a, https://b":    {w.show([]string{token}, set("aud", []string{"https://a", "https://b"}))},
		"https://c, d, https://e": {w.show([]string{token}, set("aud", []string{"https://c", "d"})), w.show([]string{token}, set("aud", []string{"d", "https://e"}))},
	} {
		report, err := w.verifier().Verify(context.Background(), tokens, verifier.HolderBinding{})
		must(t, err)
		if report.Audience != want {
			t.Errorf("audience %q, want %q", report.Audience, want)
		}
	}
}

func change(all ...func(map[string]any)) []func(map[string]any) { return all }

// TestPresenterIsNotTheSubject: somebody shows a credential of somebody else,
// with a good signature of his own (G06), or with an issuer's key (G07).
func TestPresenterIsNotTheSubject(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	thief := newWorld(t)
	report, err := w.verifier().VerifyPresentation(context.Background(), thief.show([]string{token}, answers), asked)
	invalid("holder_mismatch").but(func(x *want) { x.holder = verifier.HolderMismatch }).check(t, report, err)

	report, err = w.verifier().VerifyPresentation(context.Background(), w.showAs(w.body.did, w.body.credentials, []string{token}, answers), asked)
	invalid("holder_mismatch").but(func(x *want) { x.holder = verifier.HolderMismatch }).check(t, report, err)
}

// TestStolenKeyShowsNothing: a signature of a key that the authority calls
// compromised may be a thief's, so the person is to be compared.
func TestStolenKeyShowsNothing(t *testing.T) {
	for _, want := range []verifier.HolderBinding{{}, asked} {
		w := newWorld(t)
		w.entities = append(w.entities, schema.Entity{
			DID: w.holderDID, Name: "X", Country: "IT", State: schema.EntityRecognised,
			Keys: []schema.Key{{
				KID: w.holderDID + "#" + strings.TrimPrefix(w.holderDID, "did:key:"), Public: w.holder.Public(), Thumbprint: thumbprint(t, w.holder.Public()),
				Use: schema.KeyForCredentials, State: schema.KeyCompromised, CompromisedAt: now.Add(-hour),
			}},
		})
		report, err := w.verifier().VerifyPresentation(context.Background(), w.show([]string{w.issue()}, answers), want)
		unknown("key_compromised").check(t, report, err)
	}
}

// TestPaperOfAPersonWithoutAKey: nobody can prove to be the subject, so the
// report says what to compare.
func TestPaperOfAPersonWithoutAKey(t *testing.T) {
	w := newWorld(t)
	token := w.issue(bearer)
	for _, verify := range []func() (*verifier.Report, error){
		func() (*verifier.Report, error) { return w.verifier().VerifyCredential(context.Background(), token) },
		func() (*verifier.Report, error) {
			return w.verifier().VerifyPresentation(context.Background(), w.show([]string{token}, answers), asked)
		},
	} {
		report, err := verify()
		green.check(t, report, err)
		compare := report.Credentials()[0].Compare
		if len(compare) != 2 || compare[0].Value != "Amina Diallo" || compare[1].Type != "ext:birthDate" || compare[1].Value != "1994-03-12" {
			t.Errorf("compare %v, want name and birth date", compare)
		}
	}
}

// TestOfManyTheWorstCounts: every member is judged on its own, deeply.
func TestOfManyTheWorstCounts(t *testing.T) {
	w := newWorld(t)
	good, forged := w.issue(), w.issue(set("id", "urn:uuid:00000000-0000-4000-8000-000000000001"))
	forged = forged[:len(forged)-8] + "AAAAAAAA"
	report, err := w.verifier().VerifyPresentation(context.Background(), w.show([]string{good, forged, good}), verifier.HolderBinding{})
	invalid("signature_invalid").but(func(x *want) { x.genuine, x.recognised, x.holder = verifier.No, verifier.NotKnown, "" }).check(t, report, err)
	if got := report.Credentials(); len(got) != 2 || got[0].Number != 1 || got[1].Number != 3 || got[0].Verdict != verifier.Valid {
		t.Errorf("%d credentials; the forged one must give no fields and spoil no other", len(got))
	}
}

// TestSoManyCredentialsAtMost: a presentation of thousands costs one signature (E02).
func TestSoManyCredentialsAtMost(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	over := slices.Repeat([]string{token}, verifier.MaxCredentials+1)
	report, err := w.verifier().VerifyPresentation(context.Background(), w.show(over[1:]), verifier.HolderBinding{})
	green.but(func(x *want) { x.holder = verifier.HolderLive }).check(t, report, err)

	tooMany := invalid("too_many").but(func(x *want) { x.genuine, x.recognised, x.holder = verifier.No, verifier.NotKnown, "" })
	report, err = w.verifier().VerifyPresentation(context.Background(), w.show(over), verifier.HolderBinding{})
	tooMany.check(t, report, err)
	if len(report.Credentials()) != 0 {
		t.Error("more than may be were judged")
	}
	report, err = w.verifier().Verify(context.Background(), over, verifier.HolderBinding{})
	tooMany.check(t, report, err)
}

func TestEmptyAndEmbedded(t *testing.T) {
	w := newWorld(t)
	nothing := unknown("presentation_empty").but(func(x *want) { x.genuine, x.recognised, x.holder = verifier.NotKnown, verifier.NotKnown, "" })
	report, err := w.verifier().VerifyPresentation(context.Background(), w.show(nil), verifier.HolderBinding{})
	nothing.check(t, report, err)

	embedded := func(vp map[string]any) {
		vp["verifiableCredential"] = []any{map[string]any{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiableCredential"}}
	}
	report, err = w.verifier().VerifyPresentation(context.Background(), w.show(nil, embedded), verifier.HolderBinding{})
	nothing.but(func(x *want) { x.reason = "member_unsupported" }).check(t, report, err)
}

// TestVerifyFindsTheWayByType: what one code held, in any order; an assertion
// binds by its hash.
func TestVerifyFindsTheWayByType(t *testing.T) {
	w := emptyWorld(t)
	token := w.issue()
	said := w.assertion(token, trust.AssertedValid, now.Add(-hour), now.Add(days))
	v := w.verifier()
	for _, tokens := range [][]string{{token, said}, {said, token}} {
		report, err := v.Verify(context.Background(), tokens, verifier.HolderBinding{})
		green.check(t, report, err)
	}
	report, err := v.Verify(context.Background(), []string{w.show([]string{token}), said}, verifier.HolderBinding{})
	green.but(func(x *want) { x.holder = verifier.HolderLive }).check(t, report, err)

	none := verifier.NotKnown
	report, err = v.Verify(context.Background(), []string{said}, verifier.HolderBinding{}) // the second QR alone
	unknown("nothing").but(func(x *want) { x.genuine, x.recognised, x.holder = none, none, "" }).check(t, report, err)
	report, err = v.Verify(context.Background(), nil, verifier.HolderBinding{})
	unknown("nothing").but(func(x *want) { x.genuine, x.recognised, x.holder = none, none, "" }).check(t, report, err)

	// A signature of the holder was asked for; a bare credential has none.
	report, err = v.Verify(context.Background(), []string{token, said}, asked)
	unknown("presentation_missing").check(t, report, err)
}
