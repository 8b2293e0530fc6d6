package issuerhttp_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuerhttp"
)

// TestFewPrintAtOnce: a PDF takes megabytes while it is made, so that a desk
// which asks for a whole class at once gets all of them, few at a time.
func TestFewPrintAtOnce(t *testing.T) {
	var now, most atomic.Int64
	w := newWorldWith(t, nil, func(c *issuerhttp.Config) {
		c.Print = func(_ context.Context, out io.Writer, _ issuer.Issuance, _, _ string) error {
			for n := now.Add(1); ; {
				if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
					break
				}
			}
			defer now.Add(-1)
			time.Sleep(5 * time.Millisecond)
			_, err := out.Write([]byte("%PDF-"))
			return err
		}
	})
	place := at(w.issue("Amina Haddad").str("id")) + "/pdf"
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() { w.get("operator ente", place).is(http.StatusOK) })
	}
	all.Wait()
	if most.Load() > 4 {
		t.Errorf("%d PDFs were made at once", most.Load())
	}
}
