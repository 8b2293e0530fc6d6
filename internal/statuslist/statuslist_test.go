package statuslist_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/passporttest"
)

const listURL = "https://ente.example/status/1"

func newList() *statuslist.List {
	return &statuslist.List{
		ID: listURL, Issuer: "did:web:ente.example", Purposes: []string{statuslist.PurposeRevocation},
		TTL: time.Hour, Bits: statuslist.New(statuslist.MinEntries),
		ValidFrom:  time.Date(2026, 11, 22, 9, 30, 0, 5e6, time.UTC),
		ValidUntil: time.Date(2027, 1, 6, 9, 30, 0, 0, time.UTC),
	}
}

// D13: bit 0 is the leftmost bit of the first byte.
func TestBitOrder(t *testing.T) {
	b := statuslist.New(16)
	must(t, b.Set(0, true))
	must(t, b.Set(15, true))
	if got := b.Bytes(); got[0] != 0x80 || got[1] != 0x01 {
		t.Fatalf("bytes %x", got)
	}
	for i, want := range map[int]bool{0: true, 7: false, 8: false, 15: true} {
		if got, err := b.Get(i); err != nil || got != want {
			t.Errorf("bit %d is %v, %v", i, got, err)
		}
	}
	must(t, b.Set(0, false))
	if got, _ := b.Get(0); got {
		t.Error("bit 0 was cleared and is set")
	}
	for _, i := range []int{-1, 16, math.MaxInt} {
		if _, err := b.Get(i); code(err) != statuslist.CodeRange {
			t.Errorf("Get(%d): %v", i, err)
		}
		if err := b.Set(i, true); code(err) != statuslist.CodeRange {
			t.Errorf("Set(%d): %v", i, err)
		}
	}
}

func TestCredentialRoundTrip(t *testing.T) {
	l := newList()
	for _, i := range []int{0, 1, 94567, statuslist.MinEntries - 1} {
		must(t, l.Bits.Set(i, true))
	}
	payload, err := l.Payload()
	must(t, err)
	got, err := statuslist.ParseCredential(payload)
	must(t, err)
	if got.ID != l.ID || got.Issuer != l.Issuer || got.TTL != time.Hour || !got.ValidFrom.Equal(l.ValidFrom) || !got.ValidUntil.Equal(l.ValidUntil) {
		t.Errorf("read back %+v", got)
	}
	if !bytes.Equal(got.Bits.Bytes(), l.Bits.Bytes()) {
		t.Error("the bits changed on the way")
	}
	const head = `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"https://ente.example/status/1","type":["VerifiableCredential","BitstringStatusListCredential"],"issuer":"did:web:ente.example","validFrom":"2026-11-22T09:30:00.005Z","validUntil":"2027-01-06T09:30:00Z","credentialSubject":{"id":"https://ente.example/status/1#list","type":"BitstringStatusList","statusPurpose":"revocation","ttl":3600000,"encodedList":"uH4sI`
	if !strings.HasPrefix(string(payload), head) {
		t.Errorf("payload\n%s", payload[:min(len(payload), len(head))])
	}
}

func TestPublicVector(t *testing.T) {
	file := vector(t, "bitstring/testlist.json")
	data, err := os.ReadFile(file)
	must(t, err)
	l, err := statuslist.ParseCredential(data)
	must(t, err)
	for i := range 48 {
		got, err := l.Status(statuslist.Entry{ListURL: l.ID, Purpose: "revocation", Index: i})
		if err != nil || got != bit(i == 23) {
			t.Errorf("index %d: %d, %v", i, got, err)
		}
	}
}

// Rows D05 to D08 and D14 of the bad inputs: what the credential's entry says.
func TestStatusOfEntry(t *testing.T) {
	l := newList()
	must(t, l.Bits.Set(statuslist.MinEntries-1, true))
	good := statuslist.Entry{ListURL: listURL, Purpose: "revocation", Index: 7}
	short := newList()
	short.Bits = statuslist.New(statuslist.MinEntries - 8)
	wide := newList()
	wide.Bits = statuslist.New(2 * statuslist.MinEntries)
	must(t, wide.Bits.Set(15, true))
	both := newList()
	both.Purposes = []string{"revocation", "suspension"}
	for _, row := range []struct {
		name  string
		list  *statuslist.List
		entry func(*statuslist.Entry)
		want  uint64
		code  string
	}{
		{"clear", l, func(*statuslist.Entry) {}, 0, ""},
		{"D07 last", l, func(e *statuslist.Entry) { e.Index = statuslist.MinEntries - 1 }, 1, ""},
		{"D07 one past the end", l, func(e *statuslist.Entry) { e.Index = statuslist.MinEntries }, 0, statuslist.CodeRange},
		{"D06 negative", l, func(e *statuslist.Entry) { e.Index = -1 }, 0, statuslist.CodeRange},
		{"D06 far", l, func(e *statuslist.Entry) { e.Index = 1e9 }, 0, statuslist.CodeRange},
		{"D05 other purpose", l, func(e *statuslist.Entry) { e.Purpose = "suspension" }, 0, statuslist.CodePurpose},
		{"purposes as an array", both, func(e *statuslist.Entry) { e.Purpose = "suspension" }, 0, ""},
		{"D04 other list", l, func(e *statuslist.Entry) { e.ListURL += "0" }, 0, statuslist.CodeInvalid},
		{"D08 short list", short, func(*statuslist.Entry) {}, 0, statuslist.CodeLength},
		{"D14 size -1", l, func(e *statuslist.Entry) { e.Size = -1 }, 0, statuslist.CodeMalformed},
		{"D14 size 2 without messages", wide, func(e *statuslist.Entry) { e.Size = 2 }, 0, statuslist.CodeMalformed},
		{"D14 size 2^31", l, func(e *statuslist.Entry) { e.Size = 1 << 31 }, 0, statuslist.CodeMalformed},
		{"size 2 with messages", wide, func(e *statuslist.Entry) { e.Size, e.Messages = 2, 4 }, 1, ""},
		{"size 2 in a list for one", l, func(e *statuslist.Entry) { e.Size, e.Messages = 2, 4 }, 0, statuslist.CodeLength},
		{"size 2, index past the end", wide, func(e *statuslist.Entry) { e.Size, e.Messages, e.Index = 2, 4, statuslist.MinEntries }, 0, statuslist.CodeRange},
	} {
		e := good
		row.entry(&e)
		got, err := row.list.Status(e)
		if got != row.want || code(err) != row.code {
			t.Errorf("%s: %d, %v; want %d, %q", row.name, got, err, row.want, row.code)
		}
	}
}

// D06: what is no index.
func TestParseIndex(t *testing.T) {
	for _, s := range []string{"", "-1", "+1", "abc", "1.5", "1.9", " 7", "7 ", "0x10", "1e3", "18446744073709551616", "٧"} {
		if i, err := statuslist.ParseIndex(s); code(err) != statuslist.CodeRange {
			t.Errorf("%q gave %d, %v", s, i, err)
		}
	}
	for s, want := range map[string]int{"0": 0, "94567": 94567, "1000000000": 1e9} {
		if i, err := statuslist.ParseIndex(s); err != nil || i != want {
			t.Errorf("%q gave %d, %v", s, i, err)
		}
	}
}

// D11 and D12: what is no encodedList.
func TestDecodeRefuses(t *testing.T) {
	whole := gzipped(make([]byte, 1<<14))
	badCRC := bytes.Clone(whole)
	badCRC[len(badCRC)-8] ^= 1
	lyingSize := bytes.Clone(whole)
	lyingSize[len(lyingSize)-4] ^= 1
	var zipped bytes.Buffer
	z := zlib.NewWriter(&zipped)
	_, err := z.Write(make([]byte, 1<<14))
	must(t, err)
	must(t, z.Close())
	text := "u" + base64.RawURLEncoding.EncodeToString(whole)
	for _, row := range []struct{ name, encoded, code string }{
		{"empty", "", statuslist.CodeInvalid},
		{"prefix alone", "u", statuslist.CodeInvalid},
		{"no prefix", text[1:], statuslist.CodeInvalid},
		{"other base", "z" + text[1:], statuslist.CodeInvalid},
		{"padded", "u" + base64.URLEncoding.EncodeToString(append(bytes.Clone(whole), 0)), statuslist.CodeInvalid},
		{"line break", text[:9] + "\n" + text[9:], statuslist.CodeInvalid},
		{"other alphabet", "u+/" + text[3:], statuslist.CodeInvalid},
		{"cut", encoded(append(bytes.Clone(whole[:len(whole)-12]), whole[len(whole)-4:]...)), statuslist.CodeInvalid},
		{"bad CRC", encoded(badCRC), statuslist.CodeInvalid},
		{"lying size", encoded(lyingSize), statuslist.CodeInvalid},
		{"trailing byte", encoded(append(bytes.Clone(whole), 0)), statuslist.CodeInvalid},
		{"two members", encoded(append(bytes.Clone(whole), whole...)), statuslist.CodeInvalid},
		{"zlib", encoded(zipped.Bytes()), statuslist.CodeInvalid},
		{"not compressed", encoded(make([]byte, 64)), statuslist.CodeInvalid},
		{"a byte over the bound", encoded(gzipped(make([]byte, statuslist.MaxBytes+1))), statuslist.CodeSize},
	} {
		if b, err := statuslist.Decode(row.encoded); code(err) != row.code {
			t.Errorf("%s: %v bits, %v", row.name, b, err)
		}
	}
	if b, err := statuslist.Decode(encoded(gzipped(make([]byte, statuslist.MaxBytes)))); err != nil || b.Len() != 8*statuslist.MaxBytes {
		t.Errorf("the largest list: %v", err)
	}
}

// D11: a gigabyte of zeros ends as an error within a second and 128 MiB. So
// does one that hides its size, which is only found out by inflating.
func TestBomb(t *testing.T) {
	bomb := gigabyteOfZeros(t)
	hidden := bytes.Clone(bomb)
	copy(hidden[len(hidden)-4:], []byte{0, 0, 0, 1}) // says 16 MiB
	for name, packed := range map[string][]byte{"honest": bomb, "hidden": hidden} {
		text := encoded(packed)
		best := time.Hour
		for range 3 { // the fastest counts: the machine may be busy
			before, start := allocated(), time.Now()
			_, err := statuslist.Decode(text)
			took, used := time.Since(start), allocated()-before
			if c := code(err); c != statuslist.CodeSize && c != statuslist.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
			if used > 128<<20 {
				t.Errorf("%s: %d MiB", name, used>>20)
			}
			if best = min(best, took); best <= time.Second {
				break
			}
		}
		if best > time.Second {
			t.Errorf("%s: %v", name, best)
		}
	}
}

// gigabyteOfZeros joins a thousand copies of one packed megabyte: each ends with
// a flush and refers to nothing before it.
func gigabyteOfZeros(t *testing.T) []byte {
	t.Helper()
	var block bytes.Buffer
	w, err := flate.NewWriter(&block, flate.BestCompression)
	must(t, err)
	megabyte := make([]byte, 1<<20)
	_, err = w.Write(megabyte)
	must(t, err)
	must(t, w.Flush())
	sum := crc32.NewIEEE()
	packed := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}
	for range 1 << 10 {
		sum.Write(megabyte)
		packed = append(packed, block.Bytes()...)
	}
	packed = append(packed, 1, 0, 0, 0xff, 0xff) // the last block, empty
	packed = binary.LittleEndian.AppendUint32(packed, sum.Sum32())
	return binary.LittleEndian.AppendUint32(packed, 1<<30)
}

// allocated counts every byte ever allocated, so that nothing hides behind a
// collection.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestParseCredentialRefuses(t *testing.T) {
	payload, err := newList().Payload()
	must(t, err)
	for _, row := range []struct{ name, old, new string }{
		{"another context", `credentials/v2"`, `credentials/v1"`},
		{"no list type", `"BitstringStatusListCredential"`, `"OtherCredential"`},
		{"no subject type", `"BitstringStatusList"`, `"Other"`},
		{"no id", `"id":"https://ente.example/status/1",`, ``},
		{"no issuer", `"issuer":"did:web:ente.example",`, ``},
		{"no purpose", `"statusPurpose":"revocation",`, ``},
		{"empty purpose", `"statusPurpose":"revocation"`, `"statusPurpose":[""]`},
		{"negative ttl", `"ttl":3600000`, `"ttl":-1`},
		{"ttl in words", `"ttl":3600000`, `"ttl":"1h"`},
		{"ttl beyond time", `"ttl":3600000`, `"ttl":9007199254740991`},
		{"no date", `2026-11-22T09:30:00.005Z`, `yesterday`},
		{"no zone", `2026-11-22T09:30:00.005Z`, `2026-11-22T09:30:00`},
		{"D18 a list with a status", `"credentialSubject":`, `"credentialStatus":{"type":"BitstringStatusListEntry"},"credentialSubject":`},
		{"twice the same name", `"issuer":`, `"issuer":"did:web:other.example","issuer":`},
	} {
		bad := strings.Replace(string(payload), row.old, row.new, 1)
		if bad == string(payload) {
			t.Fatalf("%s: nothing was replaced", row.name)
		}
		if _, err := statuslist.ParseCredential([]byte(bad)); code(err) != statuslist.CodeInvalid {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	array := strings.Replace(string(payload), `"statusPurpose":"revocation"`, `"statusPurpose":["suspension","revocation"]`, 1)
	if l, err := statuslist.ParseCredential([]byte(array)); err != nil || !l.HasPurpose("revocation") || !l.HasPurpose("suspension") {
		t.Errorf("purposes as an array: %v", err)
	}
}

// Every error has the name that the standard gives it.
func TestProblems(t *testing.T) {
	for c, want := range map[string]string{
		statuslist.CodeRange: "RANGE_ERROR", statuslist.CodeLength: "STATUS_LIST_LENGTH_ERROR",
		statuslist.CodePurpose: "STATUS_VERIFICATION_ERROR", statuslist.CodeMalformed: "MALFORMED_VALUE_ERROR",
	} {
		if got := (&statuslist.Error{Code: c}).Problem(); got != "https://www.w3.org/ns/credentials/status-list#"+want {
			t.Errorf("%s is %s", c, got)
		}
	}
}

func FuzzParseCredential(f *testing.F) {
	payload, err := newList().Payload()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	if data, err := os.ReadFile(filepath.Join("../../../shared/vectors", "bitstring/testlist.json")); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := statuslist.ParseCredential(data)
		if err != nil {
			if !json.Valid(data) || code(err) != "" {
				return
			}
			t.Fatalf("an error without a code: %v", err)
		}
		if l.Bits.Len() > 8*statuslist.MaxBytes {
			t.Fatalf("%d bits", l.Bits.Len())
		}
		if l.Bits.Len() > 2*statuslist.MinEntries {
			return
		}
		again, err := l.Bits.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if b, err := statuslist.Decode(again); err != nil || !bytes.Equal(b.Bytes(), l.Bits.Bytes()) {
			t.Fatalf("read again: %v", err)
		}
	})
}

// BenchmarkDecode: the bare work is base64 and gzip of the same text, unbounded.
func BenchmarkDecode(b *testing.B) {
	l := newList()
	for i := range 1300 {
		must(b, l.Bits.Set(i*97, true))
	}
	text, err := l.Bits.Encode()
	must(b, err)
	passporttest.Beside(b, func() {
		packed, err := base64.RawURLEncoding.DecodeString(text[1:])
		must(b, err)
		z, err := gzip.NewReader(bytes.NewReader(packed))
		must(b, err)
		_, err = io.ReadAll(z)
		must(b, err)
	}, func() {
		_, err := statuslist.Decode(text)
		must(b, err)
	})
}

// vector is the path of a public test file, or the end of the test.
func vector(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("PASSPORT_VECTORS")
	set := dir != ""
	if !set {
		dir = "../../../shared/vectors"
	}
	file := filepath.Join(dir, name)
	if _, err := os.Stat(file); err != nil {
		if set {
			t.Fatal(err)
		}
		t.Skipf("no public test files at %s", dir)
	}
	return file
}

func gzipped(data []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(data) // into memory
	_ = w.Close()
	return out.Bytes()
}

func encoded(packed []byte) string { return "u" + base64.RawURLEncoding.EncodeToString(packed) }

func bit(set bool) uint64 {
	if set {
		return 1
	}
	return 0
}

func code(err error) string {
	var e *statuslist.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestIssuerKeepsItsCase: a member in another spelling is another member and
// takes nothing from the right one (C02).
func TestIssuerKeepsItsCase(t *testing.T) {
	l := statuslist.List{ID: "https://a.example/1", Issuer: "did:web:a.example", Purposes: []string{"revocation"}, Bits: statuslist.New(statuslist.MinEntries)}
	payload, err := l.Payload()
	if err != nil {
		t.Fatal(err)
	}
	const plain = `"issuer":"did:web:a.example"`
	for issuer, want := range map[string]string{
		`"issuer":{"id":"did:web:a.example","ID":"did:web:evil.example"}`: "did:web:a.example",
		`"issuer":{"ID":"did:web:evil.example","id":"did:web:a.example"}`: "did:web:a.example",
		`"issuer":{"ID":"did:web:evil.example"}`:                          "",
	} {
		got, err := statuslist.ParseCredential([]byte(strings.Replace(string(payload), plain, issuer, 1)))
		if (err == nil) != (want != "") || err == nil && got.Issuer != want {
			t.Errorf("%s: %+v, %v", issuer, got, err)
		}
	}
}
