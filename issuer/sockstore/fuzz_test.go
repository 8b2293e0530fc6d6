package sockstore

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// empty is a store in which nothing is found and everything may be written.
type empty struct{ issuer.Tx }

func (e empty) Update(_ context.Context, f func(issuer.Tx) error) error { return f(e) }
func (e empty) View(_ context.Context, f func(issuer.Tx) error) error   { return f(e) }
func (empty) Close() error                                              { return nil }

func (empty) PutIssuance(issuer.Issuance) error { return nil }
func (empty) Issuance(string) (issuer.Issuance, error) {
	return issuer.Issuance{}, issuer.ErrNotFound
}
func (empty) EachDefinition(yield func(string) bool) error {
	for yield("token") {
	}
	return nil
}

// FuzzSession reads any bytes as what a client says: the session ends, and what
// it answers can be read.
func FuzzSession(f *testing.F) {
	record := func(messages ...[]any) []byte {
		here, there := net.Pipe()
		said := make(chan []byte)
		go func() {
			var all []byte
			for b := make([]byte, 1<<16); ; {
				n, err := there.Read(b)
				if all = append(all, b[:n]...); err != nil {
					said <- all
					return
				}
			}
		}()
		w := newWire(here)
		for _, m := range messages {
			if err := w.send(m...); err != nil {
				f.Fatal(err)
			}
		}
		_ = here.Close()
		return <-said
	}
	id, row, nothing := "urn:uuid:1", issuer.Issuance{ID: "urn:uuid:1"}, none(false)
	f.Add(record([]any{ask{Do: doView, Protocol: protocol}}, []any{ask{Do: "Issuance"}, &id}))
	f.Add(record([]any{ask{Do: doUpdate, Protocol: protocol}}, []any{ask{Do: "PutIssuance"}, &row}, []any{ask{Do: doCommit}}))
	f.Add(record([]any{ask{Do: doView, Protocol: protocol}}, []any{ask{Do: "EachDefinition"}, &nothing}, []any{ask{Do: doMore}}, []any{ask{Do: doStop}}))
	f.Add(record([]any{ask{Do: doUpdate, Protocol: 99}}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1})
	known := map[string]method{}
	for _, name := range []string{"Issuance", "PutIssuance", "EachDefinition"} {
		known[name] = methods[name]
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		here, there := net.Pipe()
		go func() {
			_, _ = there.Write(said)
			_ = there.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		}()
		go func() {
			for b := make([]byte, 1<<16); ; {
				if _, err := there.Read(b); err != nil {
					_ = there.Close()
					return
				}
			}
		}()
		s := &session{
			wire: newWire(here), methods: known, served: Served{Store: empty{}},
			o: Options{}.orDefaults(), ctx: t.Context(), stall: 50 * time.Millisecond,
		}
		for _, serve := range []func() error{
			func() error { _, err := s.next(); return err },
			func() error { _, err := s.calls(empty{}, doCommit); return err },
		} {
			if err := serve(); err != nil {
				break
			}
		}
		if err := here.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}
