package verifier_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
)

// viewOf is what a page shows of tokens, in Italian and two hours east.
func viewOf(t *testing.T, v *verifier.Verifier, want verifier.HolderBinding, tokens ...string) report.View {
	t.Helper()
	r, err := v.Verify(context.Background(), tokens, want)
	must(t, err)
	report.Finish(r, intake.Taken{Tokens: tokens})
	return report.NewView("it", time.FixedZone("", 2*60*60), r, nil)
}

func answerOf(v report.View, code string) report.Answer {
	for _, a := range v.Answers {
		if a.Code == code {
			return a
		}
	}
	return report.Answer{}
}

func checkOf(v report.View, code string) report.Question {
	for _, c := range v.Checks {
		if c.Code == code {
			return c
		}
	}
	return report.Question{}
}

// TestSignedForSomebody: what names its reader asks whether the reader is that,
// from its first minute; it never says that it has run out, nor that nobody signed.
// Who says so learns when it was signed, and compares unless it was just now.
func TestSignedForSomebody(t *testing.T) {
	const rosa = "Trattoria da Rosa"
	w := newWorld(t)
	signed := func(ago time.Duration, aud any) string {
		return w.show([]string{w.issue()}, set("aud", aud), set("iat", now.Add(-ago).Unix()), set("exp", now.Add(20*time.Hour).Unix()))
	}
	for _, c := range []struct {
		name, token, audience string
		ask, holder, state    string
		compare               string
	}{
		{"at once, nobody said who asks", signed(time.Minute, rosa), "", rosa, "poco fa, per «Trattoria da Rosa». Siete voi?", "unknown", "label.person"},
		{"later, nobody said who asks", signed(time.Hour, rosa), "", rosa, "firmato per «Trattoria da Rosa». Siete voi?", "unknown", "do.compare"},
		{"at once, for who asks", signed(time.Minute, rosa), rosa, "", "lo ha firmato poco fa", "yes", "label.person"},
		{"later, for who asks", signed(time.Hour, rosa), rosa, "", "lo ha firmato il " + report.MomentIn("it", time.FixedZone("", 2*60*60), now.Add(-time.Hour)), "unknown", "do.compare"},
		{"for two, later", signed(time.Hour, []string{rosa, "Hotel Sole"}), "", "", "da confrontare", "unknown", "do.compare"},
	} {
		v := viewOf(t, w.verifier(), verifier.HolderBinding{Audience: c.audience}, c.token)
		holder := answerOf(v, "holder")
		if v.Colour != "green" || v.Ask != c.ask || !strings.Contains(holder.Value, c.holder) || holder.State != c.state || v.Documents[0].Compare.Code != c.compare {
			t.Errorf("%s: %s asks %q, holder %q (%s), %s", c.name, v.Colour, v.Ask, holder.Value, holder.State, v.Documents[0].Compare.Code)
		}
		if answerOf(v, "audience").Value == "" {
			t.Errorf("%s: for whom is not said", c.name)
		}
		for _, q := range v.Checks {
			if strings.Contains(q.Sentence, "Nessuno ha firmato") || strings.Contains(q.Sentence, "T1") || strings.Contains(q.Sentence, "{") {
				t.Errorf("%s: %q", c.name, q.Sentence)
			}
		}
	}
	beside := viewOf(t, w.verifier(), verifier.HolderBinding{}, signed(time.Hour, rosa), w.issue())
	if beside.Ask != "" || !strings.Contains(answerOf(beside, "holder").Value, "da confrontare") {
		t.Errorf("beside what nobody signed: asks %q, %q", beside.Ask, answerOf(beside, "holder").Value)
	}
}

// TestClockBehindTheNews: where nobody chose a date, news of the future are the
// device's fault, and its clock is what to set.
func TestClockBehindTheNews(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	slow := viewOf(t, w.verifier(at(now.Add(-12*hour))), verifier.HolderBinding{}, token)
	if slow.Colour != "grey" || !strings.Contains(slow.Reason, "orologio di questo dispositivo è indietro") || !strings.Contains(slow.Do, "Regolare") {
		t.Errorf("%s because %q: %q", slow.Colour, slow.Reason, slow.Do)
	}
	chosen := viewOf(t, w.verifier(func(c *verifier.Config) { c.At = now.Add(-12 * hour) }), verifier.HolderBinding{}, token)
	if chosen.Colour != "grey" || !strings.Contains(chosen.Do, "La data scelta") {
		t.Errorf("%s because %q: %q", chosen.Colour, chosen.Reason, chosen.Do)
	}
}

// TestNoNetworkCuresAStranger: of an issuer that nobody knows the advice is not
// to go online for a list that does not come.
func TestNoNetworkCuresAStranger(t *testing.T) {
	w := newWorld(t)
	w.body.did = w.holderDID // as a stranger whose key stands in the name
	token := sign(t, jose.TypeVC, w.holderDID+"#"+strings.TrimPrefix(w.holderDID, "did:key:"), w.holder, w.document(set("credentialStatus", entry("revocation", "https://altro.example/status/1"))))
	v := viewOf(t, w.verifier(), verifier.HolderBinding{}, token)
	if len(v.Missing) == 0 || v.Reason == "" || v.Colour != "grey" {
		t.Fatalf("%s because %q, %d missing", v.Colour, v.Reason, len(v.Missing))
	}
	for _, q := range v.Missing {
		if strings.Contains(q.Sentence+q.Meaning, "Collegarsi") || strings.Contains(q.Sentence, "Usare un elenco nuovo") {
			t.Errorf("%s: %s %s", q.Code, q.Sentence, q.Meaning)
		}
	}
	if q := checkOf(v, verifier.CodeStatusOffline); !strings.Contains(q.Meaning, "Internet qui non aiuta") {
		t.Errorf("%q", q.Meaning)
	}
}

// TestMomentsStayTogetherFromRightToLeft: date and hour of the status keep their order.
func TestMomentsStayTogetherFromRightToLeft(t *testing.T) {
	w := newWorld(t)
	r, err := w.verifier().VerifyCredential(context.Background(), w.issue())
	must(t, err)
	v := report.NewView("ar", time.UTC, r, nil)
	moment := report.MomentIn("ar", time.UTC, r.Status.AsOf)
	if got := answerOf(v, "status").Value; !strings.Contains(got, "\u2068"+moment+"\u2069") {
		t.Errorf("%q holds no isolated %q", got, moment)
	}
}

// TestBackupAndDrawnPDFSayWhatToDo: neither asks for a sharper photo.
func TestBackupAndDrawnPDFSayWhatToDo(t *testing.T) {
	_, p := intake.Source{Name: "wallet.age", Page: true}.Text([]byte("age-encryption.org/v1\n-> scrypt x 18\n\x00\xff"))
	if p == nil || p.Code != "qr_backup" {
		t.Fatalf("a backup is %v", p)
	}
	for code, want := range map[string]string{p.Code: "portafoglio", "pdf_empty": "fotografare lo schermo"} {
		v := report.NewUnread("it", code, i18n.T("it", "error."+code, p.Args), "")
		if strings.Contains(v.Do, "nitida") || !strings.Contains(v.Do, want) {
			t.Errorf("%s: %q", code, v.Do)
		}
	}
}
