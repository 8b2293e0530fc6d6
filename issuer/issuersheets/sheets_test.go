package issuersheets_test

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/issuersheets"
)

func example(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../examples/learners/" + name)
	must(t, err)
	return string(data)
}

// TestClassIsIssued: the class of twelve as CSV, again as a workbook, which
// issues nothing twice, and as the file of a form.
func TestClassIsIssued(t *testing.T) {
	w := newWorld(t)
	w.start(t)
	sent := w.send(t, "", example(t, "class-12.csv"))
	if sent.State.Final() || sent.Links["self"] != "/api/v1/sheets/"+sent.ID {
		t.Errorf("%+v", sent)
	}
	v := w.ended(t, sent.ID)
	if v.State != issuersheets.StateDone || v.Done != 12 || v.Counts.Issued != 12 || w.issued(t) != 12 || v.Ignored != 1 {
		t.Fatalf("%+v", v)
	}
	_, report := w.ask(t, "GET", v.Links["report"]+"?lang=it", "")
	if strings.Count(report, ";issued;") != 12 || strings.Count(report, "urn:uuid:") != 12 || !strings.Contains(report, "emesso ora") {
		t.Errorf("%s", report)
	}

	w.pass(time.Minute)
	book := w.send(t, "&worksheet=Corso", example(t, "class-12.xlsx"), "Content-Type", "application/octet-stream")
	if v := w.ended(t, book.ID); v.State != issuersheets.StateDone || v.Counts.Unchanged != 12 || w.issued(t) != 12 {
		t.Errorf("%+v", v)
	}

	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile("sheet", "../../etc/classe.csv")
	must(t, err)
	_, _ = part.Write([]byte(example(t, "class-12.csv")))
	must(t, m.Close())
	again := w.send(t, "", form.String(), "Content-Type", m.FormDataContentType())
	if v := w.ended(t, again.ID); v.State != issuersheets.StateDone || v.Counts.Unchanged != 12 {
		t.Errorf("%+v", v)
	}
	if !eventually(func() bool { return len(w.files(t)) == 6 }) { // faults and rows of three jobs
		t.Errorf("left on disk: %v", w.files(t))
	}
}

// TestFaultySheet: nothing is issued, and the report tells 37 faults.
func TestFaultySheet(t *testing.T) {
	w := newWorld(t)
	w.start(t)
	faulty := example(t, "faults-37.csv")
	v := w.ended(t, w.send(t, "", faulty).ID)
	if v.State != issuersheets.StateRefused || v.Faults != 37 || v.Total != 10 || v.Done != 0 || w.issued(t) != 0 {
		t.Fatalf("%+v", v)
	}
	for lang, words := range map[string]string{
		"it": "la riga è uguale alla riga 8", "en": "the row is equal to row 8", "es": "", "el": "", "pl": "",
	} {
		_, report := w.ask(t, "GET", v.Links["report"]+"?lang="+lang, "")
		want, err := os.ReadFile("../../examples/sheets-expected/faults-37." + lang + ".csv")
		must(t, err)
		// What the command writes, as the reader's Excel opens it: a mark, the
		// language's separator, and a head whose codes stay.
		own := csv.NewReader(strings.NewReader(strings.TrimPrefix(report, "\ufeff")))
		if own.Comma = ';'; lang == "en" {
			own.Comma = ','
		}
		got, err := own.ReadAll()
		must(t, err)
		command, err := csv.NewReader(bytes.NewReader(want)).ReadAll()
		must(t, err)
		if !strings.HasPrefix(report, "\ufeff") || !strings.Contains(report, words) || got[0][1] != "result" || got[0][3] != "code" || got[0][5] != "id" ||
			lang == "it" && got[0][0] != "riga" || !reflect.DeepEqual(got[1:], command[1:]) {
			t.Errorf("%s: %s", lang, report)
		}
	}
	res, dry := w.ask(t, "POST", "/api/v1/sheets?dryRun=true&lang=en&issuer=ente&template="+template, faulty)
	if res.StatusCode != 200 || strings.Count(dry, `"code":`) != 37 || !strings.Contains(dry, `"ready":10`) {
		t.Errorf("%d %s", res.StatusCode, dry)
	}
	res, dry = w.ask(t, "POST", "/api/v1/sheets?dryRun=1&lang=en&issuer=ente&template="+template, faulty, "Accept", "text/csv")
	if res.StatusCode != 200 || strings.Count(dry, ",fault,") != 37 || strings.Count(dry, ",ready,") != 10 {
		t.Errorf("%d %s", res.StatusCode, dry)
	}
	if v := w.ended(t, w.send(t, "&skipFaulty=true", faulty).ID); v.State != issuersheets.StateDone || v.Counts.Issued != 10 || w.issued(t) != 10 {
		t.Errorf("%+v", v)
	}
}

func TestRefusedRequests(t *testing.T) {
	w := newWorld(t)
	const to = "/api/v1/sheets?issuer=ente&template=" + template
	for name, c := range map[string]struct {
		path, body, code string
		status           int
		headers          []string
	}{
		"another body's":      {path: "/api/v1/sheets?issuer=altro&template=" + template, body: class(1), status: 404, code: "not_found"},
		"no issuer":           {path: "/api/v1/sheets?template=" + template, body: class(1), status: 422, code: "query"},
		"no such template":    {path: "/api/v1/sheets?issuer=ente&template=none", body: class(1), status: 404, code: "template_unknown"},
		"a misspelt word":     {path: to + "&dryrun=true", body: class(1), status: 422, code: "query"},
		"dryRun twice":        {path: to + "&dryRun=true&dryRun=false", body: class(1), status: 422, code: "query"},
		"a strange delivery":  {path: to + "&delivery=pigeon", body: class(1), status: 422, code: "sheet_delivery"},
		"no offers":           {path: to + "&delivery=slip", body: class(1), status: 422, code: "sheet_no_offers"},
		"JSON":                {path: to, body: "{}", headers: []string{"Content-Type", "application/json"}, status: 415, code: "body_type"},
		"compressed":          {path: to, body: "x", headers: []string{"Content-Encoding", "gzip"}, status: 415, code: "body_type"},
		"too large":           {path: to, body: strings.Repeat("x", issuersheets.MaxSheet+1), status: 413, code: "body_too_large"},
		"two keys in one":     {path: to, body: class(1), headers: []string{"Idempotency-Key", "a b"}, status: 422, code: "idempotency_key"},
		"a form without file": {path: to, body: "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\na\r\n--x--\r\n", headers: []string{"Content-Type", "multipart/form-data; boundary=x"}, status: 422, code: "sheet_form"},
		"dry, no sheet":       {path: to + "&dryRun=true", body: "PK\x03\x04", status: 422, code: "sheet_damaged"},
		"no such job":         {path: "/api/v1/sheets/t" + strings.Repeat("0", 30), status: 404, code: "not_found"},
		"no id of a job":      {path: "/api/v1/sheets/x..x", status: 404, code: "not_found"},
	} {
		method := http.MethodPost
		if c.body == "" {
			method = http.MethodGet
		}
		res, text := w.ask(t, method, c.path, c.body, c.headers...)
		if res.StatusCode != c.status || !strings.Contains(text, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %d %s", name, res.StatusCode, text)
		}
	}
	if left := w.files(t); len(left) != 0 {
		t.Errorf("left on disk: %v", left)
	}
}
