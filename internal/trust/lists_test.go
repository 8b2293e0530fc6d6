package trust_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// D02, D03, D18: a list that is not its issuer's own word is left out and told;
// everybody else's list stays.
func TestListsThatAreLeftOut(t *testing.T) {
	stranger := newKey(t)
	for name, row := range map[string]struct {
		list func(w *world) trust.StatusList
		code string
	}{
		"tampered": {func(w *world) trust.StatusList {
			l := w.list(w.forli)
			l.Token = l.Token[:len(l.Token)-20] + flip(l.Token[len(l.Token)-20:])
			return l
		}, trust.CodeSignature},
		"not a token":     {func(*world) trust.StatusList { return trust.StatusList{Token: "hello"} }, trust.CodeSignature},
		"another key":     {func(w *world) trust.StatusList { return w.listBy(w.forli.DID+"#status-1", stranger, w.forli) }, trust.CodeSignature},
		"an unknown name": {func(w *world) trust.StatusList { return w.listBy(w.forli.DID+"#status-7", stranger, w.forli) }, trust.CodeKid},
		"by its credential key": {func(w *world) trust.StatusList {
			return w.listBy(w.forli.DID+"#key-1", w.forli.credential, w.forli)
		}, trust.CodeUse},
		"by another body for it": {func(w *world) trust.StatusList {
			return w.listBy(w.lodz.DID+"#status-1", w.lodz.status, w.forli)
		}, trust.CodeIssuer},
		"by another body over it": {func(w *world) trust.StatusList {
			return w.listBy(w.lodz.DID+"#status-1", w.lodz.status, w.lodz, func(l *statuslist.List) { l.ID = w.forli.url })
		}, trust.CodeURL},
		"by a stranger": {func(w *world) trust.StatusList {
			return w.listBy("did:web:stranger.example#status-1", stranger, w.forli, func(l *statuslist.List) { l.Issuer = "did:web:stranger.example" })
		}, trust.CodeIssuer},
		"by a compromised key": {func(w *world) trust.StatusList {
			w.forli.Keys[1].State = schema.KeyCompromised
			return w.list(w.forli)
		}, trust.CodeCompromise},
		"by a key before its window": {func(w *world) trust.StatusList {
			w.forli.Keys[1].From = date("2026-11-23")
			return w.list(w.forli)
		}, trust.CodeDates},
		"by a retired key after its window": {func(w *world) trust.StatusList {
			w.forli.Keys[1].State, w.forli.Keys[1].Until = schema.KeyRetired, date("2026-11-21")
			return w.list(w.forli)
		}, trust.CodeDates},
		"the credential itself": {func(w *world) trust.StatusList {
			payload := fmt.Sprintf(`{"id":%q,"type":["VerifiableCredential"],"issuer":{"id":%q},"validFrom":"2026-11-22T00:00:00Z"}`, w.forli.url, w.forli.DID)
			return trust.StatusList{Token: sign(w.t, jose.TypeVC, w.forli.DID+"#status-1", w.forli.status, []byte(payload))}
		}, trust.CodeType},
		"without a date": {func(w *world) trust.StatusList {
			payload := fmt.Sprintf(`{"id":%q,"type":"BitstringStatusListCredential","issuer":%q}`, w.forli.url, w.forli.DID)
			return trust.StatusList{Token: sign(w.t, jose.TypeVC, w.forli.DID+"#status-1", w.forli.status, []byte(payload))}
		}, trust.CodeDates},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			list := row.list(w)
			b := w.open(func(c *trust.Contents) {
				c.StatusLists = []trust.StatusList{list, w.list(w.lodz)}
				c.Recognition = []string{w.recognise(w.forli.Entity, w.lodz.Entity)}
			})
			wantProblems(t, b, "list "+row.code)
			wantList(t, b, w.forli.url, false)
			wantList(t, b, w.lodz.url, true)
		})
	}
}

// A retired status key still stands for the lists of its time.
func TestListOfARetiredKeyInItsWindow(t *testing.T) {
	w := newWorld(t)
	w.forli.Keys[1].State, w.forli.Keys[1].Until = schema.KeyRetired, date("2026-11-22")
	b := w.open()
	wantProblems(t, b)
	wantList(t, b, w.forli.url, true)
}

// A key may stand in the list twice, with a window each, under one name or two.
func TestListOfAKeyWithTwoWindows(t *testing.T) {
	for _, name := range []string{"#status-1", "#status-0"} {
		w := newWorld(t)
		earlier := w.forli.Keys[1]
		earlier.KID, earlier.From, earlier.Until = w.forli.DID+name, date("2020-01-01"), date("2020-12-31")
		w.forli.Keys = append([]schema.Key{w.forli.Keys[0], earlier}, w.forli.Keys[1:]...)
		b := w.open()
		wantProblems(t, b)
		wantList(t, b, w.forli.url, true)
	}
}

// The last lists of a closed body are signed by its delegate, under either name
// of the issuer; a delegate of a body that is still open signs nothing for it.
func TestStatusDelegateOfAClosedBody(t *testing.T) {
	byDelegate := func(w *world, issuer string) trust.StatusList {
		return w.listBy(w.lodz.DID+"#status-1", w.lodz.status, w.forli, func(l *statuslist.List) { l.Issuer = issuer })
	}
	for name, row := range map[string]struct {
		state    schema.EntityState
		delegate bool
		issuer   func(w *world) string
		want     string
	}{
		"closed, list in its name":           {schema.EntityClosed, true, func(w *world) string { return w.forli.DID }, ""},
		"closed, list in the delegate's":     {schema.EntityClosed, true, func(w *world) string { return w.lodz.DID }, ""},
		"closed without a delegate":          {schema.EntityClosed, false, func(w *world) string { return w.forli.DID }, "list issuer"},
		"open, list in its name":             {schema.EntityRecognised, true, func(w *world) string { return w.forli.DID }, "list issuer"},
		"open, list in the delegate's":       {schema.EntityRecognised, true, func(w *world) string { return w.lodz.DID }, "list url"},
		"withdrawn, list in its name":        {schema.EntityWithdrawn, true, func(w *world) string { return w.forli.DID }, "list issuer"},
		"lapsed, list in the delegate's":     {schema.EntityLapsed, true, func(w *world) string { return w.lodz.DID }, "list url"},
		"closed, delegate not in the bundle": {schema.EntityClosed, true, func(w *world) string { w.lodz.Keys = nil; return w.forli.DID }, "list kid"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.forli.State = row.state
			if row.delegate {
				w.forli.StatusDelegate = w.lodz.DID
			}
			list := byDelegate(w, row.issuer(w))
			b := w.open(func(c *trust.Contents) {
				c.StatusLists = []trust.StatusList{list}
				c.Recognition = []string{w.recognise(w.forli.Entity, w.lodz.Entity)}
			})
			if row.want == "" {
				wantProblems(t, b)
			} else {
				wantProblems(t, b, row.want)
			}
			wantList(t, b, w.forli.url, row.want == "")
		})
	}
}

// A body under its region's domain fills its own part of it, the region the rest.
func TestAddressSpaceOfABodyUnderItsRegion(t *testing.T) {
	w := newWorld(t)
	region := newBody(t, "did:web:lodz.example", "Region", "PL")
	for name, row := range map[string]struct {
		by   *body
		url  string
		want string
	}{
		"the body in its part":   {w.lodz, "https://lodz.example/szkola/status/2", ""},
		"the body beyond it":     {w.lodz, "https://lodz.example/status/1", "list url"},
		"a name that begins so":  {w.lodz, "https://lodz.example/szkola-2/status/1", "list url"},
		"the region in its part": {region, "https://lodz.example/status/1", ""},
		"the region in theirs":   {region, "https://lodz.example/szkola/status/2", "list url"},
		"where nobody lives":     {w.lodz, "https://lists.example/1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := w.open(func(c *trust.Contents) {
				c.Recognition = []string{w.recognise(w.lodz.Entity, region.Entity)}
				c.StatusLists = []trust.StatusList{w.listBy(row.by.DID+"#status-1", row.by.status, row.by, func(l *statuslist.List) { l.ID = row.url })}
			})
			wantList(t, b, row.url, row.want == "")
		})
	}
}

// Of two copies of one list the newer is the one that answers, in either order,
// and both can be had: the older may revoke what the newer does not.
func TestTwoListsUnderOneAddress(t *testing.T) {
	w := newWorld(t)
	aged := func(age time.Duration) trust.StatusList {
		return w.list(w.forli, func(l *statuslist.List) { l.ValidFrom = now.Add(-age) })
	}
	older, newer, oldest := aged(48*time.Hour), w.list(w.forli), aged(72*time.Hour)
	for name, lists := range map[string][]trust.StatusList{"older first": {older, newer}, "newer first": {newer, older}} {
		b := w.open(func(c *trust.Contents) { c.StatusLists = lists })
		wantProblems(t, b)
		if token, _, _ := b.StatusList(context.Background(), w.forli.url); token != newer.Token {
			t.Errorf("%s: not the newer one", name)
		}
		wantCopies(t, b, w.forli.url, w.forli.DID, newer, older)
	}
	b := w.open(func(c *trust.Contents) { c.StatusLists = []trust.StatusList{oldest, newer, older} })
	wantProblems(t, b, "list duplicate")
	wantCopies(t, b, w.forli.url, w.forli.DID, newer, older)
}

// At an address that is neither's two bodies may both have a list. Each gets
// its own, and who does not say for whom gets none.
func TestTwoBodiesAtOneAddress(t *testing.T) {
	const nowhere = "https://lists.example/1"
	w := newWorld(t)
	move := func(l *statuslist.List) { l.ID = nowhere }
	forli, lodz := w.list(w.forli, move), w.list(w.lodz, move)
	b := w.open(func(c *trust.Contents) { c.StatusLists = []trust.StatusList{forli, lodz, w.list(w.lodz)} })
	wantProblems(t, b)
	wantList(t, b, nowhere, false)
	wantCopies(t, b, nowhere, w.forli.DID, forli)
	wantCopies(t, b, nowhere, w.lodz.DID, lodz)
	if others, err := b.StatusListCopies(context.Background(), nowhere, "did:web:other.example", ""); err != nil || len(others) != 2 {
		t.Errorf("a third body: %d lists, %v", len(others), err)
	}
	if _, err := b.StatusListCopies(context.Background(), "https://lists.example/2", w.lodz.DID, ""); !errors.Is(err, schema.ErrStatusUnknown) {
		t.Errorf("nothing there: %v", err)
	}
}

// The lists of a closed body and of its delegate are both carried; who does not
// say for whom gets the delegate's, also when the body signs on.
func TestClosedBodyAndItsDelegate(t *testing.T) {
	w := newWorld(t)
	w.forli.State, w.forli.StatusDelegate = schema.EntityClosed, w.lodz.DID
	own := w.list(w.forli)
	for _, issuer := range []string{w.forli.DID, w.lodz.DID} {
		last := w.listBy(w.lodz.DID+"#status-1", w.lodz.status, w.forli, func(l *statuslist.List) {
			l.Issuer, l.ValidFrom = issuer, now.Add(-48*time.Hour)
		})
		b := w.open(func(c *trust.Contents) {
			c.StatusLists = []trust.StatusList{last, own}
			c.Recognition = []string{w.recognise(w.forli.Entity, w.lodz.Entity)}
		})
		wantProblems(t, b)
		if token, _, _ := b.StatusList(context.Background(), w.forli.url); token != last.Token {
			t.Error("not the delegate's")
		}
		copies, err := b.StatusListCopies(context.Background(), w.forli.url, w.forli.DID, w.lodz.DID)
		if err != nil || len(copies) != 2 {
			t.Errorf("%d lists, %v", len(copies), err)
		}
	}
}

func wantCopies(t *testing.T, b *trust.Bundle, url, issuer string, want ...trust.StatusList) {
	t.Helper()
	got, err := b.StatusListCopies(context.Background(), url, issuer, "")
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d copies of %s, want %d: %v", len(got), url, len(want), err)
	}
	for i := range want {
		if got[i] != want[i].Token {
			t.Errorf("copy %d of %s is another", i, url)
		}
	}
}

// bigLists are more bytes than a bundle embeds: random bits do not compress.
func bigLists(w *world) []trust.StatusList {
	var lists []trust.StatusList
	for n := range 40 {
		bits := statuslist.New(statuslist.MinEntries)
		random := make([]byte, statuslist.MinEntries/8)
		if _, err := rand.Read(random); err != nil {
			w.t.Fatal(err)
		}
		for i := range statuslist.MinEntries {
			if random[i/8]>>(i%8)&1 == 1 {
				if err := bits.Set(i, true); err != nil {
					w.t.Fatal(err)
				}
			}
		}
		lists = append(lists, w.list(w.forli, func(l *statuslist.List) {
			l.ID, l.Bits = fmt.Sprintf("https://forli.example/status/%d", n+1), bits
		}))
	}
	return lists
}

// Above 1 MB the bundle names its lists and they are files beside it, each
// verified when it is first asked for.
func TestManifest(t *testing.T) {
	w := newWorld(t)
	lists := bigLists(w)
	packed := w.bundle(func(c *trust.Contents) { c.StatusLists = lists })
	if len(packed.Files) != len(lists) || len(packed.Data) > 64<<10 {
		t.Fatalf("%d files beside a bundle of %d bytes", len(packed.Files), len(packed.Data))
	}
	name := func(n int) string {
		for name, token := range packed.Files {
			if token == lists[n].Token {
				return name
			}
		}
		t.Fatalf("list %d is in no file", n)
		return ""
	}
	files := map[string]string{}
	for name, token := range packed.Files {
		files[name] = token
	}
	files[name(1)] = lists[2].Token // swapped
	files[name(2)] = files[name(2)] + "\n"
	delete(files, name(3))
	reads := 0
	b, err := trust.Open(packed.Data, w.anchor, trust.Options{ListFile: func(name string) ([]byte, error) {
		reads++
		if token, ok := files[name]; ok {
			return []byte(token), nil
		}
		return nil, errors.New("no such file")
	}})
	if err != nil {
		t.Fatal(err)
	}
	if reads != 0 {
		t.Errorf("%d files read before anybody asked", reads)
	}
	for n, want := range []bool{true, false, false, false, true} {
		wantList(t, b, lists[n].URL, want)
		wantList(t, b, lists[n].URL, want)
	}
	if reads != 5 {
		t.Errorf("%d reads for five lists asked for twice", reads)
	}
	wantProblems(t, b, "list hash", "list hash", "list missing")

	alone, err := trust.Open(packed.Data, w.anchor, trust.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, alone)
	wantList(t, alone, lists[0].URL, false)
	wantProblems(t, alone, "list missing")
}

// A file is believed for the address that its issuer signed, not for the one
// that the manifest gives it.
func TestManifestCannotRename(t *testing.T) {
	w := newWorld(t)
	token := w.list(w.forli).Token
	data := w.resign(func(p map[string]any) {
		p["statusLists"] = []any{
			map[string]any{"url": "https://forli.example/status/9", "sha256": sha256Hex(token)},
			map[string]any{"url": "https://forli.example/status/8"},
			7,
		}
	})
	b, err := trust.Open(data, w.anchor, trust.Options{ListFile: func(string) ([]byte, error) { return []byte(token), nil }})
	if err != nil {
		t.Fatal(err)
	}
	wantList(t, b, "https://forli.example/status/9", false)
	wantProblems(t, b, "list format", "list format", "list url")
}

// What an authority gathers from other people's folders is judged by the same
// rules before it is bundled.
func TestSelectLists(t *testing.T) {
	w := newWorld(t)
	older := w.list(w.forli, func(l *statuslist.List) { l.ValidFrom = now.Add(-48 * time.Hour) })
	bad := w.listBy(w.lodz.DID+"#key-1", w.lodz.credential, w.lodz)
	good, told := trust.SelectLists([]schema.Entity{w.forli.Entity, w.lodz.Entity},
		[]string{older.Token, bad.Token, w.list(w.forli).Token, "{}"})
	if len(good) != 1 || good[0].URL != w.forli.url || good[0].Token == older.Token {
		t.Errorf("selected %+v", good)
	}
	var codes []string
	for _, p := range told {
		codes = append(codes, p.Code)
	}
	if got := strings.Join(codes, " "); got != "use signature duplicate" {
		t.Errorf("told %q", got)
	}
}

// The list that comes out is the issuer's own token, byte for byte.
func TestListIsTheIssuersToken(t *testing.T) {
	w := newWorld(t)
	want := w.list(w.forli)
	b := w.open(func(c *trust.Contents) { c.StatusLists = []trust.StatusList{want} })
	token, _, err := b.StatusList(context.Background(), w.forli.url)
	if err != nil || token != want.Token {
		t.Fatalf("another token: %v", err)
	}
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(payload) {
		t.Error("payload")
	}
	if l, err := statuslist.ParseCredential(payload); err != nil || l.ID != w.forli.url {
		t.Errorf("%+v, %v", l, err)
	}
}
