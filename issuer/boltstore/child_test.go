package boltstore_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// TestMain is also the second process of the tests that need one.
func TestMain(m *testing.M) {
	what, dir, isChild := strings.Cut(os.Getenv("BOLTSTORE_CHILD"), " ")
	if !isChild {
		os.Exit(m.Run())
	}
	if what == "large" {
		if err := largeChild(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	s, err := boltstore.Open(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	switch what {
	case "open":
		fmt.Println("opened")
	case "write":
		writeForEver(s)
	case "fill":
		fillDisk(s)
	case "erase":
		eraseOnAFullDisk(s)
	}
}

// writeForEver commits rows until it is killed, and says each one's number once
// it is acknowledged.
func writeForEver(s *boltstore.Store) {
	for {
		seq, err := writeOne(s, 1500)
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("ack", seq)
	}
}

// writeOne commits one row with its audit entry, whose number it returns.
func writeOne(s *boltstore.Store, size int) (seq uint64, err error) {
	err = s.Update(context.Background(), func(tx issuer.Tx) error {
		last, err := tx.LastAudit()
		if err != nil && last.Seq != 0 {
			return err
		}
		seq = last.Seq + 1
		e := issuer.AuditEntry{Seq: seq, At: now(), Actor: "child", Act: "issue.done", Subject: fmt.Sprint("urn:n:", seq), Prev: last.Hash}
		e.Hash = e.Sum()
		if err := tx.AppendAudit(e); err != nil {
			return err
		}
		return tx.PutIssuance(issuer.Issuance{
			ID: fmt.Sprint("urn:n:", seq), Issuer: "ente", State: issuer.StateIssued, Token: strings.Repeat("x", size),
			CreatedAt: now(), StatusList: "https://ente.example/status/1", StatusIndex: uint32(seq),
		})
	})
	return seq, err
}

// fillDisk writes until there is no room, then once more when its parent has
// made some (a limit on the size of files stands for the disk).
func fillDisk(s *boltstore.Store) {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	check(syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	room := limit
	limit.Cur = 3 << 20
	check(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	acks := uint64(0)
	for n := 0; ; n++ {
		seq, err := writeOne(s, 50_000)
		if err != nil {
			fmt.Println("full:", err)
			break
		}
		acks = seq
	}
	for range 3 {
		if _, err := writeOne(s, 50_000); err == nil {
			fmt.Println("wrote on a full disk")
		}
	}
	check(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &room))
	seq, err := writeOne(s, 50_000)
	check(err)
	problems, err := s.Check(context.Background())
	check(err)
	fmt.Println("acks", acks, "next", seq, "problems", problems)
	check(s.Close())
}

func check(err error) {
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}
