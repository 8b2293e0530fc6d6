package sockstore

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// What goes over the socket are frames: four bytes with the length, big-endian,
// then that many bytes of one gob stream a direction. A frame is a message: an
// ask and its argument, an answer and its value.

// maxFrame bounds a message. The largest that there are: the digests of an
// authority (16 bytes each), a record of the service (1 MiB).
const maxFrame = 32 << 20

// sendWait is how long a side that does not read holds up the other one.
const sendWait = 10 * time.Second

// hello is the first message of the server.
type hello struct {
	Protocol int
	Release  string // of the program
	Identity string // of the store
	Path     string // of the store's file
	Base     Base
	Refused  string // why this client is not served
}

// What a client may ask for besides the methods of issuer.Tx.
const (
	doUpdate  = "update"
	doView    = "view"
	doCommit  = "commit"
	doMore    = "more" // the next items of the innermost iteration
	doStop    = "stop" // no more of them
	doBackup  = "backup"
	doCheck   = "check"
	doCompact = "compact"
)

// ask is a message of the client; the argument of a method follows it.
type ask struct {
	Do       string
	Protocol int // in the first one
}

// What a server answers.
const (
	sayBegun = "begun" // the transaction has begun, or begins anew
	sayValue = "value" // the value follows
	sayItems = "items" // items follow, see each
	sayDone  = "done"  // committed, or the act is done
	sayOver  = "over"  // the transaction has ended with Err
)

// answer is a message of the server. With Err set a sayValue has no value.
type answer struct {
	Say string
	Err *wireError
}

// wire is one connection, used by one goroutine at a time; cut may come from any.
type wire struct {
	conn    net.Conn
	out     bytes.Buffer // the frame being written, its length first
	in      bytes.Buffer // the frame being read
	encoder *gob.Encoder
	decoder *gob.Decoder
	unread  *answer // heard too early
	lasted  atomic.Bool

	patience time.Duration // with a side that does not read
}

func newWire(conn net.Conn) *wire {
	w := &wire{conn: conn, patience: sendWait}
	w.encoder, w.decoder = gob.NewEncoder(&w.out), gob.NewDecoder(&w.in)
	return w
}

// errLasted is what a wait that was too long ends with.
var errLasted = errors.New("waited too long")

var longAgo = time.Unix(1, 0)

// cut ends every wait on the connection, now and later.
func (w *wire) cut() { _ = w.conn.SetDeadline(longAgo) }

func (w *wire) close() error { return w.conn.Close() }

// send writes one message.
func (w *wire) send(parts ...any) error {
	for _, part := range parts {
		if err := w.put(part); err != nil {
			return err
		}
	}
	return w.flush()
}

// put adds to the message being written.
func (w *wire) put(part any) error {
	if w.out.Len() == 0 {
		w.out.Write(make([]byte, 4))
	}
	return w.encoder.Encode(part)
}

// flush sends the message being written.
func (w *wire) flush() error {
	defer w.out.Reset()
	frame := w.out.Bytes()
	if len(frame) > maxFrame {
		return fmt.Errorf("a message of %d bytes is too long", len(frame))
	}
	binary.BigEndian.PutUint32(frame, uint32(len(frame)-4))
	timer := time.AfterFunc(w.patience, w.cut)
	defer timer.Stop()
	_, err := w.conn.Write(frame)
	return err
}

// receive reads one message into parts and leaves what follows them for get.
func (w *wire) receive(wait time.Duration, parts ...any) error {
	timer := time.AfterFunc(wait, func() {
		w.lasted.Store(true)
		_ = w.conn.SetReadDeadline(longAgo)
	})
	defer timer.Stop()
	if err := w.readFrame(); err != nil {
		if w.lasted.Load() {
			return errLasted
		}
		return err
	}
	for _, part := range parts {
		if err := w.get(part); err != nil {
			return err
		}
	}
	return nil
}

// get reads one more part of the message that receive has read.
func (w *wire) get(part any) error {
	if err := w.decoder.Decode(part); err != nil {
		return fmt.Errorf("read a message: %w", err)
	}
	return nil
}

func (w *wire) readFrame() error {
	if w.in.Len() > 0 {
		return errors.New("a message was not read to its end")
	}
	var length [4]byte
	if _, err := io.ReadFull(w.conn, length[:]); err != nil {
		return err
	}
	n := int64(binary.BigEndian.Uint32(length[:]))
	if n > maxFrame {
		return fmt.Errorf("a message of %d bytes is too long", n)
	}
	// CopyN grows with what comes, not with what was promised.
	if _, err := io.CopyN(&w.in, w.conn, n); err != nil {
		return errors.Join(io.ErrUnexpectedEOF, err)
	}
	return nil
}
