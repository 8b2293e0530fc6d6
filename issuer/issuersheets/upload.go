package issuersheets

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerhttp"
)

// sheetTypes are the media types of a body that is a sheet. Which kind it is
// its first bytes tell: half the world's computers call CSV an Excel file.
var sheetTypes = map[string]bool{
	"text/csv": true, "text/plain": true, "application/csv": true, "application/octet-stream": true, "application/vnd.ms-excel": true,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": true,
	"application/vnd.ms-excel.sheet.macroenabled.12":                    true,
}

var (
	nameForm = httpkit.NewForm(`^[\p{L}\p{N}][\p{L}\p{N} ._-]*$`, 100)
	keyForm  = regexp.MustCompile(`^[\x21-\x7e]{1,255}$`)
)

// post takes a sheet: a job, or with dryRun its report at once.
func (s *Service) post(w http.ResponseWriter, r *http.Request) error {
	asked, dry, err := requestOf(r)
	if err != nil {
		return err
	}
	p, ok := issuerhttp.Require(w, r, access.ActSheets, asked.Issuer)
	if !ok {
		return nil
	}
	body, err := sheetBody(r)
	if err != nil {
		return err
	}
	if dry {
		return s.dryRun(w, r, asked, body)
	}
	j, known, err := s.Submit(r.Context(), p.Actor, asked, body)
	if err != nil {
		return body.failure(err)
	}
	if known {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	v := s.newest(j).View(httpkit.Language(r))
	w.Header().Set("Location", v.Links["self"])
	httpkit.WriteJSON(w, http.StatusAccepted, v)
	return nil
}

// requestOf reads what is asked of a sheet from the query.
func requestOf(r *http.Request) (asked Request, dry bool, err error) {
	q := r.URL.Query()
	if err := known(q, "issuer", "template", "delivery", "dryRun", "skipFaulty", "worksheet"); err != nil {
		return asked, false, err
	}
	asked = Request{Issuer: q.Get("issuer"), Template: q.Get("template"), Delivery: Delivery(q.Get("delivery")), Worksheet: q.Get("worksheet")}
	for _, name := range []string{"issuer", "template"} {
		if !nameForm.MatchString(q.Get(name)) {
			return asked, false, refuse("query", "name", name)
		}
	}
	if len(asked.Worksheet) > 200 {
		return asked, false, refuse("query", "name", "worksheet")
	}
	if dry, err = flag(q, "dryRun"); err != nil {
		return asked, false, err
	}
	if asked.SkipFaulty, err = flag(q, "skipFaulty"); err != nil {
		return asked, false, err
	}
	if keys := r.Header.Values("Idempotency-Key"); len(keys) == 1 && keyForm.MatchString(keys[0]) {
		asked.Key = keys[0]
	} else if len(keys) > 0 {
		return asked, false, refuse("idempotency_key")
	}
	return asked, dry, nil
}

func flag(q url.Values, name string) (bool, error) {
	if !q.Has(name) {
		return false, nil
	}
	v, err := strconv.ParseBool(q.Get(name))
	if err != nil {
		return false, refuse("query", "name", name)
	}
	return v, nil
}

// upload is a body, or the part of a form, that remembers why it ended early.
type upload struct {
	io.Reader
	err error
}

func (u *upload) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		u.err = err
	}
	return n, err
}

// failure says what was wrong with the body where that is why err came about.
func (u *upload) failure(err error) error {
	var large *http.MaxBytesError
	switch {
	case u.err == nil:
		return err
	case errors.As(u.err, &large):
		return &httpkit.BodyError{Code: httpkit.CodeBodySize, Status: http.StatusRequestEntityTooLarge, Err: u.err}
	case errors.Is(u.err, os.ErrDeadlineExceeded):
		return &httpkit.BodyError{Code: httpkit.CodeBodySlow, Status: http.StatusRequestTimeout, Err: u.err}
	}
	return &httpkit.BodyError{Code: httpkit.CodeBodyCut, Status: http.StatusBadRequest, Err: u.err}
}

// sheetBody finds the sheet in a request: the whole body, or the file of a form
// under the name "sheet".
func sheetBody(r *http.Request) (*upload, error) {
	refused := &httpkit.BodyError{Code: httpkit.CodeBodyType, Status: http.StatusUnsupportedMediaType}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, refused
	}
	if r.ContentLength > MaxSheet+1<<20 {
		return nil, tooLarge
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil, refused
	case sheetTypes[kind]:
		return &upload{Reader: r.Body}, nil
	case kind != "multipart/form-data":
		return nil, refused
	}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, refused
	}
	part, err := form.NextPart()
	if err != nil {
		return nil, &httpkit.BodyError{Code: httpkit.CodeBodyCut, Status: http.StatusBadRequest, Err: err}
	}
	if part.FormName() != "sheet" {
		return nil, refuse("sheet_form")
	}
	return &upload{Reader: part}, nil
}

// tooLarge is the refusal of a sheet above MaxSheet.
var tooLarge = &httpkit.BodyError{Code: httpkit.CodeBodySize, Status: http.StatusRequestEntityTooLarge}
