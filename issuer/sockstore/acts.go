package sockstore

import (
	"context"
	"errors"
	"io"
	"time"
)

// Waits of the acts that are no transactions: the server may be reading a large
// file for long, and the client may be writing to a slow medium.
const (
	actWait    = time.Hour
	backupWait = 2 * time.Minute
)

// act runs what is no transaction.
func (s *session) act(what string) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	s.wire.patience = backupWait
	// A client that leaves ends it. It has nothing more to say.
	go func() {
		var b [1]byte
		_, _ = s.wire.conn.Read(b[:])
		cancel()
	}()
	var result any = none(false)
	var err error
	switch {
	case what == doBackup && s.served.Backup != nil:
		result, err = s.served.Backup(ctx, &chunks{s.wire})
	case what == doCheck && s.served.Check != nil:
		result, err = s.served.Check(ctx)
	case what == doCompact && s.served.Compact != nil:
		err = s.served.Compact(ctx)
	default:
		err = errors.ErrUnsupported
	}
	if err != nil {
		s.over(err)
		return
	}
	_ = s.wire.send(answer{Say: sayDone}, result)
}

// chunks sends what is written to it.
type chunks struct{ wire *wire }

func (c *chunks) Write(p []byte) (int, error) {
	for at := 0; at < len(p); {
		end := min(at+itemsBytes, len(p))
		if err := c.wire.send(answer{Say: sayItems}, p[at:end]); err != nil {
			return at, err
		}
		at = end
	}
	return len(p), nil
}

// Backup has the server write the home to w and returns what it says of it.
func (s *Store) Backup(ctx context.Context, w io.Writer) (manifest []byte, err error) {
	err = s.ask(ctx, doBackup, w, &manifest)
	return manifest, err
}

// Check returns what is wrong with the file of the server's store.
func (s *Store) Check(ctx context.Context) (problems []string, err error) {
	err = s.ask(ctx, doCheck, nil, &problems)
	return problems, err
}

// Compact has the server give back the room of what was taken out.
func (s *Store) Compact(ctx context.Context) error {
	return s.ask(ctx, doCompact, nil, new(none))
}

// ask has the server do what is no transaction.
func (s *Store) ask(ctx context.Context, what string, out io.Writer, result any) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.busy.Done()
	w, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = w.close() }()
	defer context.AfterFunc(ctx, w.cut)()
	if err := w.send(ask{Do: what, Protocol: protocol}); err != nil {
		return errors.Join(ErrServerStopped, err)
	}
	for {
		var a answer
		if err := w.receive(actWait, &a); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return errors.Join(ErrServerStopped, err)
		}
		switch a.Say {
		case sayDone:
			return w.get(result)
		case sayItems:
			var chunk []byte
			if err := w.get(&chunk); err != nil {
				return err
			}
			if _, err := out.Write(chunk); err != nil {
				return err
			}
		default:
			return s.errorOf(a.Err)
		}
	}
}
