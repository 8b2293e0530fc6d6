package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// bare is what nobody is spared, per second.
type bare struct {
	signVerify, es256, verify, single, batched, together float64
}

// join takes the mean of two rounds.
func (b *bare) join(c *bare) {
	for _, p := range [][2]*float64{{&b.signVerify, &c.signVerify}, {&b.es256, &c.es256}, {&b.verify, &c.verify}, {&b.single, &c.single}, {&b.batched, &c.batched}, {&b.together, &c.together}} {
		*p[0] = (*p[0] + *p[1]) / 2
	}
}

// issuable is what issuing can reach: it signs and verifies, and writes twice.
func (b *bare) issuable() float64 { return min(b.signVerify, b.batched/2) }

func bareCosts(ctx context.Context, h *home, part time.Duration) (*bare, error) {
	payload := make([]byte, 2048)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(payload)
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		return nil, err
	}
	cores := runtime.GOMAXPROCS(0)
	b := &bare{}
	signing := signAndVerify(ctx, part)
	if signing.err != nil {
		return nil, signing.err
	}
	b.signVerify = signing.perSecond
	b.es256 = rate(ctx, cores, part, func(int) error {
		sum := sha256.Sum256(payload)
		if !ecdsa.VerifyASN1(&key.PublicKey, sum[:], signature) {
			return fmt.Errorf("bare verification")
		}
		return nil
	}).perSecond
	verifying := h.bareVerify(ctx, cores, part)
	if verifying.err != nil {
		return nil, verifying.err
	}
	b.verify = verifying.perSecond
	b.single, err = writes(ctx, h, 1, part)
	if err == nil {
		b.batched, err = writes(ctx, h, 64, part)
	}
	if err == nil {
		b.together, err = issues(ctx, h, part, key, payload)
	}
	return b, err
}

// signAndVerify is the rate of signing a document and verifying that, all cores.
func signAndVerify(ctx context.Context, part time.Duration) result {
	payload := make([]byte, 2048)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return result{err: err}
	}
	return rate(ctx, runtime.GOMAXPROCS(0), part, func(int) error {
		sum := sha256.Sum256(payload)
		signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
		if err != nil || !ecdsa.VerifyASN1(&key.PublicKey, sum[:], signature) {
			return fmt.Errorf("bare signature: %w", err)
		}
		return nil
	})
}

// issues is the rate of what an issue cannot do without, in one process and with
// nothing around it: signing, verifying, and two durable records, 64 at once.
// Where the processor writes too, it is less than either rate alone.
func issues(ctx context.Context, h *home, part time.Duration, key *ecdsa.PrivateKey, payload []byte) (float64, error) {
	return stored(ctx, h, 64, part, func(put func() error) error {
		if err := put(); err != nil {
			return err
		}
		sum := sha256.Sum256(payload)
		signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
		if err != nil || !ecdsa.VerifyASN1(&key.PublicKey, sum[:], signature) {
			return fmt.Errorf("bare signature: %w", err)
		}
		return put()
	})
}

// writes is the rate of durable transactions of one record of 2 KiB each.
func writes(ctx context.Context, h *home, hands int, part time.Duration) (float64, error) {
	return stored(ctx, h, hands, part, func(put func() error) error { return put() })
}

// stored is the rate of an act that puts records of 2 KiB into a store of its own.
func stored(ctx context.Context, h *home, hands int, part time.Duration, act func(put func() error) error) (float64, error) {
	dir, err := os.MkdirTemp(h.dir, "bare")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	dir = filepath.Join(dir, "home")
	if err := boltstore.Create(dir); err != nil {
		return 0, err
	}
	s, err := boltstore.Open(dir)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	value := []byte(`{"value":"` + string(make0(2000)) + `"}`)
	var next atomic.Int64
	put := func() error {
		key := fmt.Sprintf("%012d", next.Add(1))
		return s.Update(ctx, func(tx issuer.Tx) error { return tx.PutRecord(issuer.RecordSetting, key, value) })
	}
	r := rate(ctx, hands, part, func(int) error { return act(put) })
	return r.perSecond, r.err
}

func make0(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'x'
	}
	return b
}

// result is what many hands did in a time.
type result struct {
	perSecond float64
	cost      time.Duration // processor time of this process for one of them
	err       error         // the first
}

// processorTime is what this process has used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// rate repeats f with so many hands for a time.
func rate(ctx context.Context, hands int, part time.Duration, f func(hand int) error) result {
	ctx, stop := context.WithTimeout(ctx, part)
	defer stop()
	var done atomic.Int64
	var mu sync.Mutex
	var r result
	var all sync.WaitGroup
	start, used := time.Now(), processorTime()
	for hand := range hands {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := f(hand); err != nil {
					if ctx.Err() == nil {
						mu.Lock()
						if r.err == nil {
							r.err = err
						}
						mu.Unlock()
					}
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	r.perSecond = float64(done.Load()) / time.Since(start).Seconds()
	r.cost = (processorTime() - used) / time.Duration(max(1, done.Load()))
	return r
}
