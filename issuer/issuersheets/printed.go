package issuersheets

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/sheet"
)

// perPDF is how many certificates or slips stand in one PDF; a class with more
// people has further parts.
const perPDF = 100

var layoutForm = regexp.MustCompile(`^[a-z]{0,32}$`)

// print answers with the certificates of a job, a hundred at a time: those that
// are in force now.
func (s *Service) print(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if err := known(q, "layout", "part"); err != nil {
		return err
	}
	j, _, err := s.find(r, access.ActRead)
	if err != nil {
		return err
	}
	if s.Print == nil || !layoutForm.MatchString(q.Get("layout")) {
		return refuse("print_layout", "layout", q.Get("layout"))
	}
	lines, more, err := s.part(j, q)
	if err != nil {
		return err
	}
	var rows []issuer.Issuance
	for _, h := range lines {
		row, err := s.Issuer.Find(r.Context(), h.ID)
		if err != nil {
			return err
		}
		if row.State == issuer.StateIssued && !row.Erased {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return refuse("sheet_nothing")
	}
	var out bytes.Buffer
	if err := s.Print(r.Context(), &out, rows, q.Get("layout"), httpkit.Language(r)); err != nil {
		return err
	}
	linkNext(w, r, more)
	file(w, "application/pdf", "certificates.pdf")
	_, _ = out.WriteTo(w)
	return nil
}

// slips answers with the claim slips of a job, a hundred at a time.
func (s *Service) slips(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query(), "part", "lang_holder"); err != nil {
		return err
	}
	j, _, err := s.find(r, access.ActSheets)
	if err != nil {
		return err
	}
	lines, more, err := s.part(j, r.URL.Query())
	if err != nil {
		return err
	}
	holder := r.URL.Query().Get("lang_holder")
	if holder != "" {
		holder = i18n.Main(holder)
	}
	var slips []paper.SlipData
	for _, h := range lines {
		if h.Link != "" {
			slips = append(slips, paper.SlipData{
				Name: h.Name, Title: h.Title, Issuer: h.Body, Reference: reference(j, h), Link: h.Link, Code: h.Code, Until: h.Until,
				Languages: [2]string{httpkit.Language(r), holder},
			})
		}
	}
	if len(slips) == 0 {
		return refuse("sheet_nothing")
	}
	var out bytes.Buffer
	if err := paper.Slips(&out, slips, paper.Options{Now: s.Now()}); err != nil {
		return fmt.Errorf("draw slips: %w", err)
	}
	linkNext(w, r, more)
	file(w, "application/pdf", "slips.pdf")
	_, _ = out.WriteTo(w)
	return nil
}

// reference stands on both parts of a slip and tells of which sheet and row
// they are.
func reference(j Job, h handout) string {
	return j.ID[len(j.ID)-4:] + "-" + strconv.Itoa(h.Row)
}

// links answers with the links of a job as CSV, for whoever hands them out in
// some way of their own.
func (s *Service) links(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	j, _, err := s.find(r, access.ActSheets)
	if err != nil {
		return err
	}
	if j.FilesGone {
		return refuse("sheet_files_gone")
	}
	file(w, "text/csv; charset=utf-8; header=present", "links.csv")
	lang := httpkit.Language(r)
	out := table(w, lang)
	_ = out.Write(forPeople(lang, "row", "name", "title", "link", "code", "until", "result", "page", "message"))
	err = s.eachRow(j, func(h handout) error {
		if h.Link == "" {
			return nil
		}
		return out.Write([]string{
			strconv.Itoa(h.Row), sheet.Inert(h.Name), sheet.Inert(h.Title), sheet.Inert(h.Link), h.Code, h.Until.UTC().Format(time.RFC3339), h.Result, sheet.Inert(h.Page), rowWords(lang, h.Result),
		})
	})
	out.Flush()
	return err
}

// part is a hundred lines of what was handed over; more is the next part's
// number, zero when this is the last.
func (s *Service) part(j Job, q url.Values) (lines []handout, more int, err error) {
	if j.FilesGone {
		return nil, 0, refuse("sheet_files_gone")
	}
	n := 1
	if text := q.Get("part"); text != "" {
		if n, err = strconv.Atoi(text); err != nil || n < 1 || n > 1_000_000 {
			return nil, 0, refuse("query", "name", "part")
		}
	}
	seen := 0
	err = s.eachRow(j, func(h handout) error {
		switch {
		case h.ID == "":
			return nil
		case seen >= (n-1)*perPDF && seen < n*perPDF:
			lines = append(lines, h)
		case seen == n*perPDF:
			more = n + 1
		}
		seen++
		return nil
	})
	return lines, more, err
}

// linkNext tells where the next part is (RFC 8288).
func linkNext(w http.ResponseWriter, r *http.Request, part int) {
	if part == 0 {
		return
	}
	q := r.URL.Query()
	q.Set("part", strconv.Itoa(part))
	w.Header().Set("Link", "<"+r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
}
