package issuersheets_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/mail"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuersheets"
	"github.com/employment-passport/passport/schema"
)

// offers makes offers that nobody takes.
type offers struct {
	mu   sync.Mutex
	made []issuersheets.Offered
}

func (o *offers) Offer(_ context.Context, _ issuer.Actor, n issuersheets.Offered) (issuersheets.Claim, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.made = append(o.made, n)
	id := len(o.made)
	return issuersheets.Claim{
		ID: fmt.Sprintf("offer-%d", id), Title: "Igiene degli alimenti", Body: "Ente Lucania", Until: today.Add(n.Life),
		Page: fmt.Sprintf("https://ente.example/claim/%d", id),
		Link: fmt.Sprintf("openid-credential-offer://?credential_offer_uri=https%%3A%%2F%%2Fente.example%%2Fo%%2F%d", id), Code: fmt.Sprintf("%06d", 400000+id),
	}, nil
}

// post takes letters, unless it is away or knows nobody of that address.
type post struct {
	mu      sync.Mutex
	letters []mail.Letter
	away    int // so many times it is not ready
	asked   int
	seen    func(sent int) // before a letter is taken
}

func (p *post) Send(_ context.Context, l mail.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	switch {
	case p.away > 0:
		p.away--
		return fmt.Errorf("connect: %w", mail.ErrLater)
	case strings.HasPrefix(l.To, "ada1@"):
		return mail.ErrRefused
	}
	if p.seen != nil {
		p.seen(len(p.letters))
	}
	p.letters = append(p.letters, l)
	return nil
}

// deliveries is a world that offers and writes.
func deliveries(t *testing.T) (*world, *offers, *post) {
	w := newWorld(t)
	o, p := &offers{}, &post{}
	w.shut()
	w.config = func(c *issuersheets.Config) { c.Offers, c.Mail = o, p }
	w.open(t)
	w.start(t)
	return w, o, p
}

// TestSlipsAndLinks: for each person an offer with a code of its own, printed
// in parts of a hundred, and as CSV; nothing is issued before somebody takes it.
func TestSlipsAndLinks(t *testing.T) {
	w, o, _ := deliveries(t)
	v := w.ended(t, w.send(t, "&delivery=slip", class(101)).ID)
	if v.State != issuersheets.StateDone || v.Counts.Offered != 101 || len(o.made) != 101 || w.issued(t) != 0 || o.made[0].Life < 13*24*time.Hour {
		t.Fatalf("%+v", v)
	}
	res, pdf := w.ask(t, "GET", v.Links["slips"]+"?lang=it&lang_holder=pl", "")
	if res.StatusCode != 200 || !strings.HasPrefix(pdf, "%PDF-") || strings.Count(pdf, "/Type /Page\n") != 50 || !strings.Contains(res.Header.Get("Link"), `part=2>; rel="next"`) && !strings.Contains(res.Header.Get("Link"), "part=2") {
		t.Errorf("%d, %d sides, %v", res.StatusCode, strings.Count(pdf, "/Type /Page\n"), res.Header)
	}
	if strings.Contains(pdf, "/JS") || strings.Contains(pdf, "/URI") {
		t.Error("the slips do something by themselves")
	}
	res, pdf = w.ask(t, "GET", v.Links["slips"]+"?part=2", "")
	if res.StatusCode != 200 || strings.Count(pdf, "/Type /Page\n") != 1 || res.Header.Get("Link") != "" {
		t.Errorf("%d, %v", res.StatusCode, res.Header)
	}
	if res, _ := w.ask(t, "GET", v.Links["slips"]+"?part=3", ""); res.StatusCode != 409 {
		t.Errorf("%d", res.StatusCode)
	}
	_, links := w.ask(t, "GET", v.Links["links"], "")
	if strings.Count(links, "openid-credential-offer://") != 101 || !strings.Contains(links, ",400001,2026-12-06T09:30:00Z,offered") {
		t.Errorf("%s", links)
	}
	_, report := w.ask(t, "GET", v.Links["report"], "")
	if strings.Contains(report, "openid") || strings.Contains(report, "400001") {
		t.Error("the report bears links or codes")
	}
}

// TestThreatI03HandedOutSheets: names of a sheet that a spreadsheet program
// would execute stay text in what comes back.
func TestThreatI03HandedOutSheets(t *testing.T) {
	w, _, _ := deliveries(t)
	v := w.ended(t, w.send(t, "&delivery=link", "Nome;Nato il;Numero attestato;Esito;Data fine\n'Ada;1990;N-1;Superato;18/11/2026\n").ID)
	_, links := w.ask(t, "GET", v.Links["links"], "")
	if v.State != issuersheets.StateDone || !strings.Contains(links, "\n2,''Ada,") {
		t.Errorf("%+v %s", v, links)
	}
	faulty := "=cmd|' /C calc'!A0;Nome;Nato il;Esito\n;+1;1990;-2+3\n"
	_, report := w.ask(t, "POST", "/api/v1/sheets?dryRun=true&issuer=ente&template="+template, faulty, "Accept", "text/csv")
	for line := range strings.SplitSeq(report, "\n") {
		for cell := range strings.SplitSeq(line, ",") {
			if cell = strings.Trim(cell, `"`); cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("%q in %s", cell, report)
			}
		}
	}
}

// TestLettersAndSlips: who has an address gets a letter without the code, who
// has none or cannot be reached gets the slip like everybody.
func TestLettersAndSlips(t *testing.T) {
	w, _, p := deliveries(t)
	p.away = 2 // as often as is waited
	sheet := class(4) + "Rita;1990;N-9;Superato;18/11/2026;\n"
	v := w.ended(t, w.send(t, "&delivery=mail", sheet).ID)
	if v.State != issuersheets.StateDone || v.Counts.Offered != 5 || v.Counts.Mailed != 3 || v.Counts.NotMailed != 1 {
		t.Fatalf("%+v", v)
	}
	for _, l := range p.letters {
		if l.Language != "it" || l.Link == "" || l.Page == "" || l.Title == "" || l.ID == "" || strings.Contains(fmt.Sprintf("%+v", l), "40000") {
			t.Errorf("%+v", l)
		}
	}
	if p.asked != 6 {
		t.Errorf("the server was asked %d times", p.asked)
	}
	_, links := w.ask(t, "GET", v.Links["links"], "")
	if strings.Count(links, ",mailed") != 3 || strings.Count(links, ",not_mailed") != 1 || strings.Count(links, ",offered") != 1 {
		t.Errorf("%s", links)
	}
	for _, file := range []string{"rows.jsonl", "faults.jsonl"} {
		data, err := os.ReadFile(filepath.Join(w.home, "sheets", v.ID, file))
		must(t, err)
		if strings.Contains(string(data), "@") {
			t.Errorf("an address stays in %s", file)
		}
	}
	faulty := w.ended(t, w.send(t, "&delivery=mail", "Nome;Nato il;E-mail\nAda;1990;a@b.example, c@d.example\n").ID)
	if faulty.State != issuersheets.StateRefused {
		t.Errorf("%+v", faulty)
	}
}

// TestLettersAreOnRecordOneByOne: when a letter goes, everybody who got one before
// is on record, so that a crash brings one person a second letter at most; and a
// server that stays away is waited for once a sheet, not once a letter.
func TestLettersAreOnRecordOneByOne(t *testing.T) {
	w, _, p := deliveries(t)
	p.away = 4 // three tries of the first letter, one of the second
	p.seen = func(sent int) {
		jobs, err := w.Jobs(context.Background(), nil)
		if err != nil || len(jobs) != 1 || jobs[0].Counts.Mailed != sent {
			t.Errorf("after %d letters the record has %+v, %v", sent, jobs, err)
		}
	}
	v := w.ended(t, w.send(t, "&delivery=mail", strings.ReplaceAll(class(8), "ada1@", "eva1@")).ID)
	if v.State != issuersheets.StateDone || v.Counts.Mailed != 6 || v.Counts.NotMailed != 2 || p.asked != 3+1+6 {
		t.Errorf("%+v, asked %d times", v, p.asked)
	}
}

// TestPrinted: certificates in force, a hundred at a time.
func TestPrinted(t *testing.T) {
	w := newWorld(t)
	w.shut()
	var layouts []string
	w.config = func(c *issuersheets.Config) {
		c.Print = func(_ context.Context, out io.Writer, rows []issuer.Issuance, layout, _ string) error {
			layouts = append(layouts, fmt.Sprintf("%s %d", layout, len(rows)))
			_, err := io.WriteString(out, "%PDF-")
			return err
		}
	}
	w.open(t)
	w.start(t)
	v := w.ended(t, w.send(t, "", class(120)).ID)
	_, err := w.issuer.Revoke(t.Context(), "test", "N-3", issuer.Reason{Code: schema.LostOrCompromised})
	must(t, err)
	res, pdf := w.ask(t, "GET", v.Links["print"]+"?layout=micro", "")
	if res.StatusCode != 200 || pdf != "%PDF-" || res.Header.Get("Content-Type") != "application/pdf" || res.Header.Get("Content-Disposition") != `attachment; filename="certificates.pdf"` {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	w.ask(t, "GET", v.Links["print"]+"?part=2", "")
	if got := strings.Join(layouts, ", "); got != "micro 99,  20" {
		t.Errorf("%s", got)
	}
	if res, text := w.ask(t, "GET", v.Links["print"]+"?layout=../x", ""); res.StatusCode != 422 {
		t.Errorf("%d %s", res.StatusCode, text)
	}
}

// TestErasedFromSheets: who is erased is in no file of a sheet any more; while
// one is at work that may bear the name, the erasure waits.
func TestErasedFromSheets(t *testing.T) {
	w, _, _ := deliveries(t)
	v := w.ended(t, w.send(t, "&delivery=slip&skipFaulty=true", "Nome;Nato il;Numero attestato;Esito;Data fine\nAda Lovelace;1990;N-1;Superato;18/11/2026\nRita;1991;N-2;Superato;18/11/2026\nAda Lovelace;1x;N-3;Superato;18/11/2026\n").ID)
	erase := func() error {
		return w.store.Update(t.Context(), func(tx issuer.Tx) error {
			return issuersheets.Eraser(filepath.Join(w.home, "sheets"))(t.Context(), tx, issuer.Person{ID: "per-x", Issuer: "ente", Name: "ada  lovelace"})
		})
	}
	must(t, erase())
	must(t, filepath.WalkDir(filepath.Join(w.home, "sheets"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(strings.ToLower(string(data)), "lovelace") {
			t.Errorf("%s: %s", path, data)
		}
		return err
	}))
	_, links := w.ask(t, "GET", v.Links["links"], "")
	if strings.Count(links, "openid") != 1 || !strings.Contains(links, "Rita") {
		t.Errorf("%s", links)
	}
	w.stop()
	w.send(t, "&delivery=slip", class(1))
	var refused *issuer.Error
	if err := erase(); !errors.As(err, &refused) || refused.Code != "erase_sheet_running" {
		t.Errorf("%v", err)
	}
}
