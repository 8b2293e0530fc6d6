package issuer_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/passporttest"
	"github.com/employment-passport/passport/schema"
)

const benchSize = 10_000

// BenchmarkIssueSheet issues 10 000 credentials from a sheet, durable and
// self-verified, and compares with the bare cost of signing and verifying as
// many payloads of that size on the same cores. The project asks for 3 times
// that or less.
func BenchmarkIssueSheet(b *testing.B) {
	d := newDesk(b)
	plain, _ := d.templateNames(b)
	payload := specimenPayload(b, d, plain)
	round := 0
	var ratios, rates []float64
	for b.Loop() {
		for range 3 { // the middle one counts
			round++
			// Half of the bare work before and half after: the machine may be busy.
			bare := wall(func() { bareWork(b, payload) })
			took := wall(func() { issueSheet(b, d, plain, round) })
			bare += wall(func() { bareWork(b, payload) })
			ratios = append(ratios, float64(took)/float64(bare))
			rates = append(rates, benchSize/took.Seconds())
		}
	}
	slices.Sort(ratios)
	slices.Sort(rates)
	b.ReportMetric(ratios[len(ratios)/2], passporttest.XOfBare)
	b.ReportMetric(rates[len(rates)/2], "credentials/s")
}

func specimenPayload(b *testing.B, d *desk, template string) []byte {
	_, payload, err := jose.ParseUnverified(d.issue(b, template, "SPECIMEN").Token)
	must(b, err)
	return payload
}

func issueSheet(b *testing.B, d *desk, template string, round int) {
	class := schema.Learner{Result: d.offer(b, template, "").Learner.Result}
	table := "name;birthDate;documentNumber;result;completedOn\n"
	var text = []byte(table)
	for n := range benchSize {
		text = fmt.Appendf(text, "Amina Diallo %s;1994-03-12;MC-%d-%d;%s;2026-11-18\n", letters(n), round, n, class.Result)
	}
	file := b.TempDir() + "/class.csv"
	must(b, os.WriteFile(file, text, 0o600))
	in, err := os.Open(file)
	must(b, err)
	defer in.Close()
	s, err := sheet.Read(in, sheet.Options{Issuer: "ente", Template: template, Now: today})
	must(b, err)
	if len(s.Rows) != benchSize {
		b.Fatalf("%d rows, faults %v", len(s.Rows), s.Faults[:min(3, len(s.Faults))])
	}
	offers := make([]issuer.Offer, len(s.Rows))
	for n, r := range s.Rows {
		offers[n] = issuer.Offer{Issuer: "ente", Template: template, Learner: r.Learner, IdempotencyKey: r.Key}
	}
	issued, err := d.IssueBatch(b.Context(), clerk, offers, nil)
	must(b, err)
	if len(issued) != benchSize {
		b.Fatalf("issued %d", len(issued))
	}
}

// letters makes a name of a number.
func letters(n int) string {
	s := ""
	for ; n > 0; n /= 26 {
		s += string(rune('a' + n%26))
	}
	return s
}

func wall(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// bareWork signs and verifies half as many with nothing but the standard library.
func bareWork(b *testing.B, payload []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(b, err)
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range benchSize / 2 / workers {
				sum := sha256.Sum256(payload)
				sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
				if err != nil || !ecdsa.VerifyASN1(&key.PublicKey, sum[:], sig) {
					panic("bare signature")
				}
			}
		})
	}
	wg.Wait()
}
