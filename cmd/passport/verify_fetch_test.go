package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// publisher is an authority with one body whose lists are too many bytes for a
// bundle to hold.
type publisher struct {
	t            *testing.T
	root, daily  *ecdsa.PrivateKey
	anchor       string
	entity       schema.Entity
	lists        []trust.StatusList
	pages        map[string][]byte
	home, stored string
}

const publishedURL = "https://" + onlineHost + "/trust/bundle"

func newPublisher(t *testing.T) *publisher {
	t.Helper()
	status := freshKey(t)
	body := "did:web:" + onlineHost
	p := &publisher{t: t, root: freshKey(t), daily: freshKey(t), pages: map[string][]byte{}, home: t.TempDir()}
	p.anchor = thumbprintOf(t, p.root)
	p.stored = (&app{home: p.home}).storedBundle(p.anchor)
	p.entity = schema.Entity{
		DID: body, Name: "Ente", Country: "IT", State: schema.EntityRecognised,
		RecognizedTo: []schema.Permission{{Schema: "MicroCredential"}},
		Keys:         []schema.Key{{KID: body + "#status-1", Public: status.Public(), Thumbprint: thumbprintOf(t, status), Use: schema.KeyForStatus, State: schema.KeyActive}},
	}
	random := make([]byte, statuslist.MinEntries/8)
	for n := range 50 {
		_, err := rand.Read(random)
		mustDo(t, err)
		l := statuslist.List{
			ID: fmt.Sprintf("https://%s/status/%d", onlineHost, n), Issuer: body, Purposes: []string{"revocation"},
			ValidFrom: time.Now().Add(-time.Hour), Bits: statuslist.FromBytes(random),
		}
		payload, err := l.Payload()
		mustDo(t, err)
		token, err := jose.Sign(context.Background(), jose.TypeVC, body+"#status-1", status, payload)
		mustDo(t, err)
		p.lists = append(p.lists, trust.StatusList{URL: l.ID, Token: token})
	}
	return p
}

func freshKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	mustDo(t, err)
	return key
}

func thumbprintOf(t *testing.T, key *ecdsa.PrivateKey) string {
	t.Helper()
	jwk, err := jose.NewJWK(key.Public())
	mustDo(t, err)
	return jwk.Thumbprint()
}

// publish signs a bundle of that moment and puts it, with its list files, on
// the web.
func (p *publisher) publish(at, ends time.Time, seq int64) {
	p.t.Helper()
	ctx, authority := context.Background(), "did:web:regione.example"
	kid := authority + "#sign-1"
	delegation, err := trust.SignDelegation(ctx, p.root, trust.Delegation{
		Authority: authority, Name: "Regione", Use: trust.UseSign, KID: kid, Key: p.daily.Public(), IssuedAt: at.Add(-time.Hour), Expires: at.Add(80 * 24 * time.Hour),
	})
	mustDo(p.t, err)
	recognition, err := trust.Recognition{Issuer: authority, Name: "Regione", ValidFrom: at, ValidUntil: ends, Entities: []schema.Entity{p.entity}}.Sign(ctx, kid, p.daily)
	mustDo(p.t, err)
	packed, err := trust.Build(ctx, kid, p.daily, trust.Contents{
		Authority: authority, Seq: seq, IssuedAt: at, NextUpdate: at.Add(time.Hour), Expires: ends,
		Chain: []string{delegation}, Recognition: []string{recognition}, StatusLists: p.lists,
	})
	mustDo(p.t, err)
	p.pages = map[string][]byte{onlineHost + "/trust/bundle": packed.Data}
	for name, token := range packed.Files {
		p.pages[onlineHost+"/trust/bundle"+trust.FolderSuffix+"/"+name] = []byte(token)
	}
}

// online is one command with --online, offline a later one without: each gives
// the number of the bundle and how many of the lists can be had.
func (p *publisher) online() (seq int64, lists int) {
	p.t.Helper()
	s := p.setup()
	s.fetchBundle(context.Background(), (&webServer{pages: p.pages}).client(p.t), publishedURL, p.anchor)
	return p.had(s)
}

func (p *publisher) offline() (seq int64, lists int) { return p.had(p.setup()) }

func (p *publisher) setup() *verifySetup {
	p.t.Helper()
	s := &verifySetup{app: &app{out: new(bytes.Buffer), err: new(bytes.Buffer), now: time.Now, home: p.home}}
	s.cfg.Now = time.Now
	mustDo(p.t, s.openBundle(verifyOptions{anchor: p.anchor}))
	return s
}

func (p *publisher) had(s *verifySetup) (seq int64, lists int) {
	if s.bundle == nil {
		return 0, 0
	}
	for _, l := range p.lists {
		if token, _, err := s.bundle.StatusList(context.Background(), l.URL); err == nil && token == l.Token {
			lists++
		}
	}
	return s.bundle.Origin().Seq, lists
}

// TestFetchedBundleWithItsListsBeside: a bundle whose lists are files is kept
// with all of them or not at all; what was kept whole stays.
func TestFetchedBundleWithItsListsBeside(t *testing.T) {
	p := newPublisher(t)
	now := time.Now().Truncate(time.Second)
	want := func(what string, seq int64, lists int, wantSeq int64, wantLists int) {
		t.Helper()
		if seq != wantSeq || lists != wantLists {
			t.Errorf("%s: number %d with %d lists, want %d with %d", what, seq, lists, wantSeq, wantLists)
		}
	}
	all, first := len(p.lists), now.Unix()
	p.publish(now, now.Add(24*time.Hour), first)
	seq, lists := p.online()
	want("fetched", seq, lists, first, all)
	seq, lists = p.offline()
	want("kept", seq, lists, first, all)

	// The next one has one new list, whose file is not there yet.
	gone := p.lists[0]
	p.lists[0].Token = p.lists[0].Token + "\n"
	p.publish(now, now.Add(24*time.Hour), first+1)
	for page := range maps.Clone(p.pages) {
		if trust.IsListFile(filepath.Base(page), []byte(p.lists[0].Token)) {
			delete(p.pages, page)
		}
	}
	seq, lists = p.online()
	want("fetched without a file", seq, lists, first+1, all-1)
	p.lists[0] = gone
	seq, lists = p.offline()
	want("still kept", seq, lists, first, all)

	// A later one has fewer lists: their files go.
	p.lists = p.lists[1:]
	p.publish(now, now.Add(24*time.Hour), first+2)
	seq, lists = p.online()
	want("fetched again", seq, lists, first+2, all-1)
	files, err := os.ReadDir(p.stored + trust.FolderSuffix)
	if err != nil || len(files) != all-1 {
		t.Errorf("%d files beside the kept bundle, want %d: %v", len(files), all-1, err)
	}
}

// TestFetchedBundlePastItsEnd replaces nothing and is not kept.
func TestFetchedBundlePastItsEnd(t *testing.T) {
	p := newPublisher(t)
	p.lists = p.lists[:1]
	now := time.Now().Truncate(time.Second)
	p.publish(now.Add(-48*time.Hour), now.Add(-24*time.Hour), now.Unix()+100)
	p.online()
	if seq, _ := p.offline(); seq != 0 {
		t.Errorf("number %d was kept", seq)
	}
	late := p.pages
	p.publish(now, now.Add(24*time.Hour), now.Unix())
	p.online()
	p.pages = late
	if seq, _ := p.online(); seq != now.Unix() {
		t.Errorf("number %d is used, want the one at hand, %d", seq, now.Unix())
	}
}
