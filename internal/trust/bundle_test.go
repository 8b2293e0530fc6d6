package trust_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/google/go-cmp/cmp"
)

func TestBundleAnswers(t *testing.T) {
	w := newWorld(t)
	denied, kept := [16]byte{1}, [16]byte{2}
	b := w.open(func(c *trust.Contents) {
		c.Denied = [][16]byte{denied}
		c.Reaffirmed = [][16]byte{kept, {0xff}, {3}, kept}
		c.Dictionaries = []trust.Dictionary{{Number: 2, Bytes: []byte("words")}}
	})
	wantProblems(t, b)

	want := schema.Origin{
		Authority: schema.Authority{Name: "Regione Esempio", DID: authorityDID, Anchor: w.anchor},
		Seq:       now.Unix(), IssuedAt: now, NextUpdate: now.Add(24 * time.Hour), Expires: now.Add(30 * 24 * time.Hour),
		VerifyBases: []string{"https://verify.example/"},
	}
	if diff := cmp.Diff(want, b.Origin()); diff != "" {
		t.Error(diff)
	}
	ctx := context.Background()
	e, err := b.Entity(ctx, w.forli.DID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.forli.Entity, e); diff != "" {
		t.Error(diff)
	}
	keys, err := b.Keys(ctx, w.lodz.DID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.lodz.Keys, keys); diff != "" {
		t.Error(diff)
	}
	wantList(t, b, w.forli.url, true)
	wantList(t, b, w.lodz.url, true)

	for digest, want := range map[[16]byte][2]bool{
		denied: {true, false}, kept: {false, true}, {0xff}: {false, true}, {}: {false, false}, {0xfe}: {false, false},
	} {
		if got := [2]bool{b.Denied(digest), b.Reaffirmed(digest)}; got != want {
			t.Errorf("digest %x: denied, reaffirmed = %v, want %v", digest, got, want)
		}
	}
	if d := b.Dictionaries(); len(d) != 1 || d[0].Number != 2 || string(d[0].Bytes) != "words" {
		t.Errorf("dictionaries: %+v", d)
	}
}

// What the bundle does not know it says so, and invents nothing.
func TestBundleKnowsWhatItDoesNotKnow(t *testing.T) {
	b := newWorld(t).open()
	ctx := context.Background()
	if _, err := b.Keys(ctx, "did:web:stranger.example"); !errors.Is(err, schema.ErrKeysUnknown) {
		t.Errorf("keys of a stranger: %v", err)
	}
	if e, err := b.Entity(ctx, "did:web:stranger.example"); !errors.Is(err, schema.ErrNotRecognised) || e.DID != "" {
		t.Errorf("a stranger: %+v, %v", e, err)
	}
	wantList(t, b, "https://stranger.example/status/1", false)
}

func TestAnchor(t *testing.T) {
	w := newWorld(t)
	data := w.bundle().Data
	for name, row := range map[string]struct {
		anchor string
		want   error
		code   string
	}{
		"none pinned":          {"", trust.ErrNoAnchor, ""},
		"not a thumbprint":     {"abc", trust.ErrBundle, trust.CodeAnchor},
		"another root":         {thumbprint(t, newKey(t).Public()), trust.ErrBundle, trust.CodeAnchor},
		"the signing key":      {thumbprint(t, w.daily.Public()), trust.ErrBundle, trust.CodeAnchor},
		"padded, same 32 bits": {w.anchor + "=", trust.ErrBundle, trust.CodeAnchor},
	} {
		b, err := trust.Open(data, row.anchor, trust.Options{})
		if b != nil || !errors.Is(err, row.want) || code(err) != row.code {
			t.Errorf("%s: %v, want %v with code %q", name, err, row.want, row.code)
		}
	}
}

func TestBundleRefusedWhole(t *testing.T) {
	w := newWorld(t)
	token := string(gunzip(t, w.bundle().Data))
	stranger := newKey(t)
	forged := w.contents()
	byStranger, err := trust.Build(context.Background(), authorityDID+"#sign-1", stranger, forged)
	if err != nil {
		t.Fatal(err)
	}
	byRoot, err := trust.Build(context.Background(), authorityDID+"#root", w.root, forged)
	if err != nil {
		t.Fatal(err)
	}
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		data []byte
		code string
	}{
		"nothing":                  {nil, trust.CodeSignature},
		"text":                     {[]byte("hello"), trust.CodeSignature},
		"a flipped bit":            {[]byte(token[:len(token)-20] + flip(token[len(token)-20:])), trust.CodeSignature},
		"cut":                      {[]byte(token[:len(token)/2]), trust.CodeSignature},
		"gzip cut":                 {w.bundle().Data[:200], trust.CodeFormat},
		"gzip with a bad checksum": {badCRC(w.bundle().Data), trust.CodeFormat},
		"signed by a stranger":     {byStranger.Data, trust.CodeSignature},
		"signed by the root":       {byRoot.Data, trust.CodeChain},
		"another type of token":    {[]byte(sign(t, jose.TypeVC, authorityDID+"#sign-1", w.daily, payload)), trust.CodeSignature},
		"no name of the key":       {[]byte(sign(t, jose.TypeBundle, "", w.daily, payload)), trust.CodeChain},
		"another authority's":      {w.resign(func(p map[string]any) { p["iss"] = "did:web:other.example" }), trust.CodeIssuer},
		"no issuer":                {w.resign(func(p map[string]any) { delete(p, "iss") }), trust.CodeIssuer},
		"no number":                {w.resign(func(p map[string]any) { delete(p, "seq") }), trust.CodeFormat},
		"no end":                   {w.resign(func(p map[string]any) { delete(p, "exp") }), trust.CodeDates},
		"ends before it begins":    {w.resign(func(p map[string]any) { p["exp"] = now.Unix() - 1 }), trust.CodeDates},
		"a number far ahead":       {w.resign(func(p map[string]any) { p["seq"] = 1 << 52 }), trust.CodeFormat},
		"a text for a number":      {w.resign(func(p map[string]any) { p["seq"] = "7" }), trust.CodeFormat},
		"no chain":                 {w.resign(func(p map[string]any) { p["chain"] = []string{} }), trust.CodeAnchor},
		"half a digest":            {w.resign(func(p map[string]any) { p["denied"] = "AAAA" }), trust.CodeFormat},
		"digests out of order":     {w.resign(func(p map[string]any) { p["reaffirmed"] = strings.Repeat("_", 21) + "w" + strings.Repeat("A", 21) }), trust.CodeFormat},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := trust.Open(row.data, w.anchor, trust.Options{})
			if b != nil || !errors.Is(err, trust.ErrBundle) || code(err) != row.code {
				t.Errorf("%v (code %q), want code %q", err, code(err), row.code)
			}
		})
	}
}

// A later version may say more; this one reads what it knows.
func TestUnknownMembersAreIgnored(t *testing.T) {
	w := newWorld(t)
	b, err := trust.Open(w.resign(func(p map[string]any) {
		p["more"] = map[string]any{"of": "it"}
		p["Denied"] = "AAAAAAAAAAAAAAAAAAAAAA" // another case is another name
	}), w.anchor, trust.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, b)
	if b.Denied([16]byte{}) {
		t.Error("a member was read whatever its case")
	}
}

func TestGzipIsOptionalAndBounded(t *testing.T) {
	w := newWorld(t)
	packed := w.bundle().Data
	token := gunzip(t, packed)
	for name, data := range map[string][]byte{"packed": packed, "bare": token, "with a line break": append(slices.Clone(token), '\n')} {
		if _, err := trust.Open(data, w.anchor, trust.Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	var bomb bytes.Buffer
	z, err := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 128 {
		if _, err := z.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var best time.Duration
	for range 3 { // the fastest counts: the machine may be busy
		start := time.Now()
		if _, err := trust.Open(bomb.Bytes(), w.anchor, trust.Options{}); code(err) != trust.CodeSize {
			t.Errorf("a bomb: %v", err)
		}
		if best = time.Since(start); best <= 5*time.Second {
			return
		}
	}
	t.Errorf("a bomb took %v", best)
}

func TestOlderBundleIsRefused(t *testing.T) {
	w := newWorld(t)
	data := w.bundle().Data
	for newest, want := range map[int64]string{0: "", now.Unix(): "", now.Unix() + 1: trust.CodeOlder} {
		if _, err := trust.Open(data, w.anchor, trust.Options{NewerThan: newest}); code(err) != want {
			t.Errorf("with %d seen: %v, want code %q", newest, err, want)
		}
	}
}

// A restored authority goes on above what it gave out before the backup.
func TestNextSeq(t *testing.T) {
	for last, want := range map[int64]int64{
		0: now.Unix(), now.Unix() - 5: now.Unix(), now.Unix(): now.Unix() + 1, now.Unix() + 9: now.Unix() + 10,
	} {
		if got := trust.NextSeq(last, now); got != want {
			t.Errorf("after %d: %d, want %d", last, got, want)
		}
	}
}

// A bundle counts no longer than the delegation of the key that signed it.
func TestBundleEndsWithItsDelegation(t *testing.T) {
	w := newWorld(t)
	soon := now.Add(10 * 24 * time.Hour)
	b := w.open(func(c *trust.Contents) {
		c.Chain = []string{w.delegate(func(d *trust.Delegation) { d.Expires = soon })}
	})
	if got := b.Origin().Expires; !got.Equal(soon) {
		t.Errorf("expires %v, want %v", got, soon)
	}
}

// Parts of two bundles never mix: what one does not have is not looked for in
// another, and the recognition list of another authority is left out.
func TestPartsNeverMix(t *testing.T) {
	w, other := newWorld(t), newWorld(t)
	b := w.open(func(c *trust.Contents) { c.Recognition = []string{other.recognise(other.forli.Entity)} })
	wantProblems(t, b, "recognition signature", "list issuer", "list issuer")
	if _, err := b.Entity(context.Background(), w.forli.DID); !errors.Is(err, schema.ErrNotRecognised) {
		t.Errorf("entity: %v", err)
	}
}

func TestDictionaries(t *testing.T) {
	w := newWorld(t)
	good := map[string]any{"number": 2, "hash": "5f0ffd9cd8ee8bb1dd1ef0a9ae9c4f8f7f1d5a6b", "bytes": "d29yZHM"}
	b, err := trust.Open(w.resign(func(p map[string]any) {
		p["dictionaries"] = []any{good, map[string]any{"number": 0, "hash": "", "bytes": ""}}
	}), w.anchor, trust.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, b, "dictionary hash", "dictionary format")
	if len(b.Dictionaries()) != 0 {
		t.Error("a dictionary that is not what its hash says")
	}
}

func gunzip(t testing.TB, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func flip(s string) string {
	if s[0] == 'A' {
		return "B" + s[1:]
	}
	return "A" + s[1:]
}

func badCRC(data []byte) []byte {
	bad := slices.Clone(data)
	bad[len(bad)-8] ^= 1
	return bad
}
