package boltstore

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/google/go-cmp/cmp"
)

// The text of the records in the file. A change here is a change of the
// schema: old homes must still be read.
func TestRecordsOnDisk(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	zeros := "0000000000000000000000000000000000000000000000000000000000000000"
	for want, record := range map[string]any{
		`{"id":"urn:uuid:1","iss":"ente","tpl":"haccp","key":"k","doc":"2026/1","name":"Zoë","hash":"` + zeros + `","kid":"did#1","profile":"ob3","state":"suspended",` +
			`"created":"2026-11-22T09:30:00Z","reason":"disputed","note":"n","until":"2026-11-22T09:30:00Z","supersedes":"a","supersededBy":"b",` +
			`"list":"https://e.example/status/1","index":7,"suspList":"https://e.example/status/2","suspIndex":9}`: rowOf(issuer.Issuance{
			ID: "urn:uuid:1", Issuer: "ente", Template: "haccp", IdempotencyKey: "k", DocumentNumber: "2026/1", LearnerName: "Zoë",
			KeyID: "did#1", Profile: issuer.ProfileOpenBadge, State: issuer.StateSuspended, CreatedAt: at, Reason: "disputed", Note: "n", SuspendedUntil: at,
			Supersedes: "a", SupersededBy: "b", StatusList: "https://e.example/status/1", StatusIndex: 7,
			SuspensionList: "https://e.example/status/2", SuspensionIndex: 9, Token: "beside the row", Payload: []byte("beside the row"),
		}),
		`{"url":"https://e.example/status/1","issuer":"ente","purpose":"revocation","number":1,"permutationKey":"` + zeros + `",` +
			`"entries":131072,"next":5,"version":2,"signedAt":"2026-11-22T09:30:00Z","closed":true}`: listRowOf(issuer.StatusList{
			URL: "https://e.example/status/1", Issuer: "ente", Purpose: "revocation", Number: 1, Entries: 131072, Next: 5, Version: 2, SignedAt: at, Closed: true,
		}),
		`{"at":"2026-11-22T09:30:00Z","actor":"cli","act":"revoke","subject":"urn:uuid:1","details":"d","prev":"` + zeros + `","hash":"` + zeros + `"}`: auditRowOf(
			issuer.AuditEntry{Seq: 1, At: at, Actor: "cli", Act: "revoke", Subject: "urn:uuid:1", Details: "d"}),
		`{"store":"S","schema":1,"generation":2,"auditSeq":3,"auditHash":"ab","lists":{"u":4}}`: Marks{
			Store: "S", Schema: 1, Generation: 2, AuditSeq: 3, AuditHash: "ab", Lists: map[string]uint32{"u": 4},
		},
		`{"Name":"ente","DID":"did:web:e.example","Title":"Ente","Country":"IT","Region":"ITF5","StatusBase":"https://e.example","CreatedAt":"2026-11-22T09:30:00Z"}`: issuer.IssuerRecord{
			Name: "ente", DID: "did:web:e.example", Title: "Ente", Country: "IT", Region: "ITF5", StatusBase: "https://e.example", CreatedAt: at,
		},
		`{"place":1,"key":{"Owner":"ente","KID":"did#1","Thumbprint":"tp","JWK":"e30=","URI":"file:a","Use":"credential","Also":"status","State":"active",` +
			`"From":"2026-11-22T09:30:00Z","Until":"0001-01-01T00:00:00Z","CompromisedAt":"0001-01-01T00:00:00Z"}}`: keyRow{1, issuer.KeyRecord{
			Owner: "ente", KID: "did#1", Thumbprint: "tp", JWK: []byte("{}"), URI: "file:a", Use: "credential", Also: "status", State: "active", From: at,
		}},
		`{"Name":"t","Title":"T","QRVersion":20,"Body":"e30=","AddedAt":"2026-11-22T09:30:00Z"}`: issuer.TemplateRecord{
			Name: "t", Title: "T", QRVersion: 20, Body: []byte("{}"), AddedAt: at,
		},
	} {
		got, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		if own, ok := record.(interface{ line() []byte }); ok && string(own.line()) != string(got) {
			t.Errorf("%T is written as\n%s\nand not as\n%s", record, own.line(), got)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%T (-want +got):\n%s", record, diff)
		}
	}
}

// TestRowTextIsTheTextOfEncodingJSON holds what is written by hand equal to
// what the struct tags say, for rows with and without each member and for
// texts that need an escape.
func TestRowTextIsTheTextOfEncodingJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	texts := []string{"", "", "x", "Zoë \"the\" O'Neill\\", "<&>\u2028", "a\x00\x1f\x7f\tb", "bad \xff UTF-8", "أمينة"}
	fill := func(record any) {
		v := reflect.ValueOf(record).Elem()
		for i := range v.NumField() {
			switch f := v.Field(i); f.Kind() {
			case reflect.String:
				f.SetString(texts[r.IntN(len(texts))])
			case reflect.Uint32:
				f.SetUint(uint64(r.Uint32N(3)))
			case reflect.Bool:
				f.SetBool(r.IntN(2) == 1)
			case reflect.Slice:
				if f.Type().Elem().Kind() == reflect.String {
					f.Set(reflect.ValueOf([][]string{nil, {"00"}, {"00", "ff"}}[r.IntN(3)]))
					continue
				}
				f.SetBytes([]byte(texts[r.IntN(len(texts))]))
			default:
				f.Set(reflect.ValueOf([]time.Time{{}, time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC), time.UnixMilli(1795340000123).UTC()}[r.IntN(3)]))
			}
		}
	}
	check := func(record interface{ line() []byte }) {
		var want bytes.Buffer
		plain := json.NewEncoder(&want)
		plain.SetEscapeHTML(false)
		if err := plain.Encode(record); err != nil {
			t.Fatal(err)
		}
		if got := string(record.line()) + "\n"; got != strings.NewReplacer(`\u2028`, "\u2028", `\ufffd`, "\ufffd").Replace(want.String()) {
			t.Fatalf("%T is written as\n%s\nand not as\n%s", record, got, want.String())
		}
	}
	for range 500 {
		var row issuanceRow
		var entry auditRow
		var private privateRow
		var person personRow
		fill(&row)
		fill(&entry)
		fill(&private)
		fill(&person)
		check(row)
		check(entry)
		check(private)
		check(person)
	}
}
