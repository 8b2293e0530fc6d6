package issuersheets

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Bounds of what may wait.
const (
	MaxSheet    = 32 << 20 // bytes of an upload
	maxOfIssuer = 8        // unfinished jobs of one issuer
	maxJobs     = 64       // of all
)

// Request asks for a job.
type Request struct {
	Issuer, Template string
	Delivery         Delivery // empty is DeliverPrint
	SkipFaulty       bool
	Worksheet        string // of a workbook; empty is the first that is not hidden
	Key              string // a repeated request under one key of one actor is the same job
}

// refuse makes a refusal; args are name, value pairs for the sentence.
func refuse(code string, args ...string) *issuer.Error {
	e := &issuer.Error{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// Submit takes a sheet and makes a job of it. When it returns nil the job is on
// record and will be done, whatever happens to this process. The second result
// tells that the job was there before, by the same key.
func (s *Service) Submit(ctx context.Context, by issuer.Actor, r Request, body io.Reader) (Job, bool, error) {
	if r.Delivery == "" {
		r.Delivery = DeliverPrint
	}
	if err := s.allowed(ctx, r); err != nil {
		return Job{}, false, err
	}
	file, hash, err := s.receive(body)
	if err != nil {
		return Job{}, false, err
	}
	defer func() { _ = os.Remove(file) }() // unless it has moved
	j := Job{
		ID: s.newID(by, r.Key), Issuer: r.Issuer, Template: r.Template, By: by, Delivery: r.Delivery, SkipFaulty: r.SkipFaulty,
		Worksheet: r.Worksheet, Hash: requestHash(r, hash), State: StateQueued,
	}
	return s.accept(ctx, j, file)
}

// accept puts the file in its place and then the job on record.
func (s *Service) accept(ctx context.Context, j Job, file string) (Job, bool, error) {
	s.intake.Lock() // one file and one record of an id
	defer s.intake.Unlock()
	if known, err := s.Job(ctx, j.ID); err == nil {
		if known.Hash != j.Hash {
			return Job{}, false, refuse("idempotency_mismatch")
		}
		return known, true, nil
	}
	if err := s.room(ctx, j.Issuer); err != nil {
		return Job{}, false, err
	}
	if err := os.MkdirAll(s.dir(j.ID), 0o700); err != nil {
		return Job{}, false, fmt.Errorf("keep a sheet: %w", err)
	}
	// The sheet is in its place before its job is, also after a power cut.
	if err := errors.Join(os.Rename(file, s.file(j.ID, sheetFile)), sealed.SyncDir(s.dir(j.ID)), sealed.SyncDir(s.Dir)); err != nil {
		return Job{}, false, errors.Join(fmt.Errorf("keep a sheet: %w", err), os.RemoveAll(s.dir(j.ID)))
	}
	err := s.Issuer.Act(context.WithoutCancel(ctx), j.By, func(a *issuer.Act) error {
		j.CreatedAt = a.At()
		if err := save(a.Tx(), j); err != nil {
			return err
		}
		return a.Log("sheet.take", j.ID, j.Issuer+" "+j.Template)
	})
	if err != nil {
		return Job{}, false, errors.Join(err, os.RemoveAll(s.dir(j.ID)))
	}
	s.nudge()
	return j, false, nil
}

// allowed asks what can be known before the sheet is read.
func (s *Service) allowed(ctx context.Context, r Request) error {
	body, err := s.Issuer.Body(ctx, r.Issuer)
	if err != nil {
		return err
	}
	if _, err := s.template(ctx, r.Issuer, r.Template); err != nil {
		return err
	}
	switch {
	case !r.Delivery.Known():
		return refuse("sheet_delivery", "delivery", string(r.Delivery))
	case r.Delivery != DeliverPrint && s.Offers == nil:
		return refuse("sheet_no_offers")
	case r.Delivery != DeliverPrint && s.Here:
		return refuse("sheet_no_base")
	case r.Delivery == DeliverMail && s.Mail == nil:
		return refuse("sheet_no_mail")
	case body.FourEyes:
		return refuse(issuer.CodeNeedsApproval, "issuer", r.Issuer)
	}
	return nil
}

// template finds one that the issuer may use.
func (s *Service) template(ctx context.Context, name, template string) (*schema.Template, error) {
	r, err := s.Issuer.Template(ctx, template)
	if err != nil {
		return nil, err
	}
	if r.Issuer != "" && r.Issuer != name {
		return nil, refuse("template_unknown", "template", template)
	}
	return schema.ParseTemplate(r.Body)
}

// room refuses a job when too many wait.
func (s *Service) room(ctx context.Context, name string) error {
	jobs, err := s.unfinished(ctx)
	if err != nil {
		return err
	}
	own := 0
	for _, j := range jobs {
		if j.Issuer == name {
			own++
		}
	}
	if own >= maxOfIssuer || len(jobs) >= maxJobs {
		return refuse("sheets_busy", "count", strconv.Itoa(len(jobs)))
	}
	return nil
}

// receive writes a body to a file of its own and gives its name and hash.
func (s *Service) receive(body io.Reader) (name string, hash []byte, err error) {
	f, err := os.CreateTemp(s.Dir, "upload-*")
	if err != nil {
		return "", nil, fmt.Errorf("keep a sheet: %w", err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(body, MaxSheet+1))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil && n > MaxSheet {
		err = tooLarge
	}
	if errors.Is(err, syscall.ENOSPC) {
		err = fmt.Errorf("%w: %w", issuer.ErrStoreFull, err)
	}
	if err != nil {
		return "", nil, errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), sum.Sum(nil), nil
}

// newID sorts by age where there is no key to know the request again by.
func (s *Service) newID(by issuer.Actor, key string) string {
	if key != "" {
		sum := sha256.Sum256([]byte("sheet\x00" + string(by) + "\x00" + key))
		return "k" + hex.EncodeToString(sum[:15])
	}
	random := make([]byte, 10)
	_, _ = rand.Read(random) // never fails
	return "t" + idTime(s.Now()) + hex.EncodeToString(random)[:18]
}

func requestHash(r Request, body []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %t %q %x", r.Issuer, r.Template, r.Delivery, r.SkipFaulty, r.Worksheet, body)
	return hex.EncodeToString(h.Sum(nil))
}

// Files of a job.
const (
	sheetFile  = "sheet"        // as it came, while the job needs it
	faultsFile = "faults.jsonl" // one fault a line
	rowsFile   = "rows.jsonl"   // what became of each row, and what is handed over
)

func (s *Service) dir(id string) string        { return filepath.Join(s.Dir, id) }
func (s *Service) file(id, name string) string { return filepath.Join(s.Dir, id, name) }
