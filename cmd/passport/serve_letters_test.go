package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/employment-passport/passport/internal/oid4vci"
)

// postOffice is a mail server on this machine.
type postOffice struct {
	port    int
	mu      sync.Mutex
	letters map[string][]string // by recipient, as they came
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{port: l.Addr().(*net.TCPAddr).Port, letters: map[string][]string{}}
	s := smtp.NewServer(p)
	s.Domain = "localhost"
	done := make(chan struct{})
	go func() { _ = s.Serve(l); close(done) }()
	t.Cleanup(func() { _ = s.Close(); _ = l.Close(); <-done })
	return p
}

// taken are the letters to somebody; people counts those who have some.
func (p *postOffice) taken(to string) (letters []string, people int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.letters[to], len(p.letters)
}

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &posting{office: p}, nil }

// posting is one conversation.
type posting struct {
	office *postOffice
	to     []string
}

func (p *posting) Mail(string, *smtp.MailOptions) error { p.to = nil; return nil }
func (p *posting) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "gone@") {
		return &smtp.SMTPError{Code: 550, Message: "nobody of that name"}
	}
	p.to = append(p.to, to)
	return nil
}

func (p *posting) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	p.office.mu.Lock()
	defer p.office.mu.Unlock()
	for _, to := range p.to {
		p.office.letters[to] = append(p.office.letters[to], string(data))
	}
	return nil
}

func (p *posting) Reset()        {}
func (p *posting) Logout() error { return nil }

// letterTexts are the parts of a letter by their type, decoded.
func letterTexts(t *testing.T, contentType string, body io.Reader) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{kind: string(data)}
	}
	all := map[string]string{}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		part, err := r.NextPart() // undoes quoted-printable
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range letterTexts(t, part.Header.Get("Content-Type"), part) {
			all[k] = v
		}
	}
}

// handed is a line of links.csv by the names of its columns.
func handed(t *testing.T, text string) (all []map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%v: %s", err, text)
	}
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, name := range rows[0] {
			one[name] = row[i]
		}
		all = append(all, one)
	}
	return all
}

var pageIn = regexp.MustCompile(`https://[^\s"<]+/claim/[A-Za-z0-9_.-]+`)

// TestFromTheSheetToTheWallet goes the whole way of a letter: a sheet is sent to
// the service, a mail server takes one letter for each who has an address, the
// page in it leads to the offer, and only the code from the slip opens that.
func TestFromTheSheetToTheWallet(t *testing.T) {
	office := newPostOffice(t)
	w, key := newWorld(t, fmt.Sprintf("baseURL: https://rete.example\nsmtp: {host: localhost, port: %d, from: attestati@ente.example, tls: none}\n", office.port))
	// The proxy with the certificate is not there: its name leads to the service.
	w.base = "http://rete.example"
	w.client.Transport = &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, w.address)
	}}
	sheet := "Nome;Nato il;Numero attestato;Esito;Data fine;E-mail\n" +
		"Amina Diallo;1990;L-1;Superato;18/11/2026;amina@persone.example\n" +
		"Łucja Wałęsa;1991;L-2;Superato;18/11/2026;lucja@persone.example\n" +
		"Ελένη Παππά;1992;L-3;Superato;18/11/2026;\n" +
		"Ada Rossi;1993;L-4;Superato;18/11/2026;gone@persone.example\n"
	j := w.sheetUntil(key, w.sendSheet(key, "&delivery=mail", sheet).ID, func(j sheetJob) bool { return j.State == "done" || j.State == "failed" })
	if _, people := office.taken(""); j.State != "done" || j.Counts.Offered != 4 || j.Counts.Mailed != 2 || people != 2 {
		t.Fatalf("%+v; letters to %d people\n%s", j, people, w.log)
	}
	_, links := w.ask("GET", j.Links["links"], "", "Authorization", "Bearer "+key)
	for _, row := range handed(t, links) {
		to := map[string]string{"Amina Diallo": "amina@persone.example", "Łucja Wałęsa": "lucja@persone.example"}[row["name"]]
		if to == "" {
			if row["result"] == "mailed" {
				t.Errorf("%v", row)
			}
			continue
		}
		letters, _ := office.taken(to)
		if len(letters) != 1 {
			t.Fatalf("%d letters to %s", len(letters), to)
		}
		w.takesByLetter(t, letters[0], row)
		if log := w.log.String(); strings.Contains(log, row["page"][strings.LastIndexByte(row["page"], '/')+1:]) || strings.Contains(log, row["code"]) {
			t.Errorf("the log has the secret of %s", row["name"])
		}
	}
	for _, secret := range []string{"Amina", "persone.example", "L-1"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

// onServer is an address of the service without its name.
func onServer(address string) string { return strings.TrimPrefix(address, "https://rete.example") }

// takesByLetter reads a letter as its person does, and takes what it leads to with
// the code of the slip.
func (w *world) takesByLetter(t *testing.T, letter string, row map[string]string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader([]byte(letter)))
	if err != nil {
		t.Fatal(err)
	}
	texts := letterTexts(t, m.Header.Get("Content-Type"), m.Body)
	plain := texts["text/plain"]
	if !strings.Contains(plain, row["name"]) || texts["image/png"] == "" || !strings.Contains(texts["text/html"], `href="`+row["page"]+`"`) {
		t.Errorf("the letter to %s: %v", row["name"], texts)
	}
	for kind, text := range texts {
		if row["code"] == "" || kind != "image/png" && strings.Contains(text, row["code"]) {
			t.Errorf("the %s of the letter has the code %q", kind, row["code"])
		}
	}
	page := pageIn.FindString(plain)
	if page != row["page"] {
		t.Fatalf("the letter leads to %q, the slip is of %q", page, row["page"])
	}
	answer, text := w.ask("GET", onServer(page)+"?lang=pl", "")
	if answer.StatusCode != 200 || !strings.Contains(text, url.QueryEscape("/oid4vci/ente/offers/")) || strings.Contains(text, row["name"]) || strings.Contains(text, row["code"]) {
		t.Fatalf("the page: %d %s", answer.StatusCode, text)
	}
	_, at, err := oid4vci.ParseLink(row["link"])
	if err != nil {
		t.Fatal(err)
	}
	_, text = w.ask("GET", onServer(at), "")
	offer, err := oid4vci.ParseOffer([]byte(text))
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	redeem := func(code string) int {
		form := url.Values{"grant_type": {oid4vci.GrantType}, "pre-authorized_code": {offer.Grants.PreAuthorized.Code}, "tx_code": {code}}
		answer, _ := w.ask("POST", "/oid4vci/ente/token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		return answer.StatusCode
	}
	wrong := "000000"
	if row["code"] == wrong {
		wrong = "000001"
	}
	if got := []int{redeem(wrong), redeem(row["code"]), redeem(row["code"])}; got[0] != 400 || got[1] != 200 || got[2] != 400 {
		t.Errorf("a wrong code, the right one, and again: %v", got)
	}
	if answer, text := w.ask("GET", onServer(page)+"?lang=en", ""); answer.StatusCode != 404 || !strings.Contains(text, "in your wallet already") {
		t.Errorf("afterwards the page is %d", answer.StatusCode)
	}
}
