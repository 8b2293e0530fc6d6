package issuerhttp

import (
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/schema"
)

const (
	maxComment  = 1000   // characters
	maxFeedback = 100000 // entries kept; more are refused, as nobody signs in to write one
	sender      = issuer.Actor("public")

	feedbackPerHour = 120 // of one address
)

// feedbackEntry is what an employer says of a micro-credential (FeedbackEntry):
// of the document, never of the person who holds one.
type feedbackEntry struct {
	Template string `json:"template"`
	Rating   int    `json:"rating"` // 1 to 5
	Comment  string `json:"comment,omitempty"`
	On       string `json:"on"` // UTC day
}

// addFeedback takes an answer to "was this micro-credential useful?" from anybody.
func (a *API) addFeedback(w http.ResponseWriter, r *http.Request) error {
	var b struct {
		Template string `json:"template"`
		Rating   int    `json:"rating"`
		Comment  string `json:"comment"`
	}
	ctx, err := a.act(w, r, &b)
	if err != nil {
		return err
	}
	e := feedbackEntry{Template: b.Template, Rating: b.Rating, Comment: strings.TrimSpace(b.Comment)}
	if err := e.check(); err != nil {
		return err
	}
	err = a.Issuer.Act(ctx, sender, func(act *issuer.Act) error {
		if before, err := act.Done(ctx); err != nil || before != "" {
			return err
		}
		if _, err := act.Tx().Template(e.Template); err != nil {
			return hidden(err, "template_unknown", "template", e.Template)
		}
		if err := room(act.Tx()); err != nil {
			return err
		}
		e.On = act.At().UTC().Format(time.DateOnly)
		data, err := json.Marshal(e)
		if err != nil {
			return err
		}
		key := e.Template + " " + rand.Text()
		if err := act.Tx().PutRecord(issuer.RecordFeedback, key, data); err != nil {
			return err
		}
		if err := act.Note(ctx, key); err != nil {
			return err
		}
		return act.Log("feedback", e.Template, strconv.Itoa(e.Rating))
	})
	if err != nil {
		return err
	}
	httpkit.WriteJSON(w, http.StatusCreated, struct{}{})
	return nil
}

// check holds an entry to its form. A comment that names a person by number,
// address or telephone is not kept.
func (e feedbackEntry) check() error {
	switch {
	case !nameForm.MatchString(e.Template):
		return refuse("template_unknown", "template", e.Template)
	case e.Rating < 1 || e.Rating > 5:
		return fault("feedback_rating", "/rating")
	case utf8.RuneCountInString(e.Comment) > maxComment:
		return fault("too_long", "/comment", "max", strconv.Itoa(maxComment))
	case schema.HoldsPersonal(e.Comment):
		return fault("feedback_personal", "/comment")
	}
	return nil
}

// room counts one more entry, and refuses what strangers would fill the store
// with.
func room(tx issuer.Tx) error {
	count := 0
	data, err := tx.Record(issuer.RecordSetting, "feedback")
	if err == nil {
		err = json.Unmarshal(data, &count)
	}
	switch {
	case err != nil && !errors.Is(err, issuer.ErrNotFound):
		return fmt.Errorf("count feedback: %w", err)
	case count >= maxFeedback:
		return refuse("feedback_full")
	}
	return tx.PutRecord(issuer.RecordSetting, "feedback", []byte(strconv.Itoa(count+1)))
}

// verdictOf is what is known of one micro-credential.
type verdictOf struct {
	count, sum int
	comments   []string
}

// feedbackCSV writes a line for each micro-credential: how many answers, their
// mean, and the comments. It holds nobody's name.
func (a *API) feedbackCSV(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	p := principal(r)
	if names, all := p.Issuers(access.ActFeedback); !all && len(names) == 0 {
		return access.ErrForbidden
	}
	titles := map[string]string{}
	all := map[string]*verdictOf{}
	err := a.Store.View(r.Context(), func(tx issuer.Tx) error {
		templates, err := tx.AllTemplates()
		if err != nil {
			return err
		}
		for _, t := range templates {
			if t.Issuer == "" || p.May(access.ActFeedback, t.Issuer) == nil {
				titles[t.Name] = t.Title
			}
		}
		return collect(tx, titles, all)
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="feedback.csv"`)
	w.WriteHeader(http.StatusOK)
	_ = writeFeedback(csv.NewWriter(w), titles, all) // a client that has left is told nothing
	return nil
}

// collect sums up the entries of the templates with a title.
func collect(tx issuer.Tx, titles map[string]string, all map[string]*verdictOf) error {
	var broken error
	err := tx.EachRecord(issuer.RecordFeedback, "", func(key string, data []byte) bool {
		var e feedbackEntry
		if broken = json.Unmarshal(data, &e); broken != nil {
			broken = fmt.Errorf("read feedback: %w", broken)
			return false
		}
		if _, shown := titles[e.Template]; !shown {
			return true
		}
		v := all[e.Template]
		if v == nil {
			v = &verdictOf{}
			all[e.Template] = v
		}
		v.count, v.sum = v.count+1, v.sum+e.Rating
		if e.Comment != "" {
			v.comments = append(v.comments, e.On+" "+strconv.Itoa(e.Rating)+": "+e.Comment)
		}
		return true
	})
	return errors.Join(err, broken)
}

// writeFeedback writes the lines by template, inert for spreadsheet programs.
func writeFeedback(out *csv.Writer, titles map[string]string, all map[string]*verdictOf) error {
	if err := out.Write([]string{"template", "title", "count", "mean", "comments"}); err != nil {
		return err
	}
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		v := all[name]
		mean := strconv.FormatFloat(float64(v.sum)/float64(v.count), 'f', 2, 64)
		slices.Sort(v.comments)
		line := []string{name, titles[name], strconv.Itoa(v.count), mean, strings.Join(v.comments, "\n")}
		for n := range line {
			line[n] = sheet.Inert(line[n])
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
