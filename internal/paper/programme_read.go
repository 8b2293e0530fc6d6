package paper

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/schema"
)

// Bounds of a programme's file.
const (
	MaxProgramme      = 256 << 10 // bytes
	maxWorkshops      = 200
	maxPartners       = 20
	maxSeats          = 10000
	maxWorkshopHours  = 24
	maxProgrammeText  = 200  // characters of a name, a title, a place
	maxProgrammeNotes = 2000 // characters
)

// ParseProgramme reads the file of a programme and puts its workshops into the
// order of their days. A workshop without a place is at the programme's. Its
// error is schema.Faults: members that are missing or that nobody knows, days
// and hours that do not exist, texts that are too long or cannot be read.
func ParseProgramme(data []byte) (Programme, error) {
	if len(data) > MaxProgramme {
		return Programme{}, schema.Faults{{Code: "programme_size"}}
	}
	root, err := strictjson.Object(data)
	if err != nil {
		return Programme{}, schema.Faults{{Code: "programme_json"}}
	}
	r := &programmeReading{}
	p := r.programme(root)
	if len(r.faults) > 0 {
		return Programme{}, r.faults
	}
	slices.SortStableFunc(p.Workshops, func(a, b Workshop) int {
		return cmp.Or(strings.Compare(a.Date, b.Date), strings.Compare(a.From, b.From))
	})
	return p, nil
}

// programmeReading notes what is wrong, by the order of the members below and
// of the list.
type programmeReading struct{ faults schema.Faults }

func (r *programmeReading) fault(code, pointer string, args ...string) {
	f := schema.Fault{Code: code, Pointer: pointer}
	if len(args) == 2 {
		f.Args = map[string]string{args[0]: args[1]}
	}
	r.faults = append(r.faults, f)
}

func (r *programmeReading) programme(o map[string]any) Programme {
	r.known("", o, "title", "period", "place", "notes", "organiser", "partners", "workshops", "language")
	p := Programme{
		Title: r.must("", o, "title"), Period: r.must("", o, "period"), Place: r.text("", o, "place"),
		Notes: r.textUpTo("", o, "notes", maxProgrammeNotes), Organiser: r.must("", o, "organiser"), Language: r.text("", o, "language"),
	}
	if p.Language != "" && !slices.Contains(i18n.Languages, p.Language) {
		r.fault("programme_language", "/language")
	}
	for i, v := range r.list(o, "partners", maxPartners) {
		p.Partners = append(p.Partners, r.string(fmt.Sprintf("/partners/%d", i), v, maxProgrammeText))
	}
	all := r.list(o, "workshops", maxWorkshops)
	if _, there := o["workshops"]; !there || all != nil && len(all) == 0 {
		r.fault("programme_missing", "/workshops")
	}
	for i, v := range all {
		at := fmt.Sprintf("/workshops/%d", i)
		if one, ok := v.(map[string]any); ok {
			p.Workshops = append(p.Workshops, r.workshop(at, one, p.Place))
		} else {
			r.fault("programme_form", at)
		}
	}
	return p
}

func (r *programmeReading) workshop(at string, o map[string]any, place string) Workshop {
	r.known(at, o, "date", "from", "hours", "title", "place", "seats", "free")
	w := Workshop{Date: r.must(at, o, "date"), From: r.must(at, o, "from"), Title: r.must(at, o, "title"), Place: place}
	if _, err := schema.ParseDate(w.Date); w.Date != "" && err != nil {
		r.fault("programme_date", at+"/date")
	}
	if _, err := time.Parse("15:04", w.From); w.From != "" && (err != nil || len(w.From) != len("15:04")) {
		r.fault("programme_time", at+"/from")
	}
	if _, own := o["place"]; own || place == "" {
		w.Place = r.must(at, o, "place")
	}
	w.Hours = r.number(at, o, "hours", "programme_hours", 0.25, maxWorkshopHours)
	if _, told := o["seats"]; told {
		w.Seats = int(r.number(at, o, "seats", "programme_seats", 1, maxSeats))
	}
	if v, told := o["free"]; told {
		free, ok := v.(bool)
		if w.Free = free; !ok {
			r.fault("programme_form", at+"/free")
		}
	}
	return w
}

// known refuses members that this file does not have: a misspelt one would be
// missing on paper, and nobody would see it.
func (r *programmeReading) known(at string, o map[string]any, names ...string) {
	var others []string
	for name := range o {
		if !slices.Contains(names, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		r.fault("programme_unknown", at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), "name", name)
	}
}

func (r *programmeReading) must(at string, o map[string]any, name string) string {
	if _, there := o[name]; !there {
		r.fault("programme_missing", at+"/"+name)
		return ""
	}
	return r.text(at, o, name)
}

func (r *programmeReading) text(at string, o map[string]any, name string) string {
	return r.textUpTo(at, o, name, maxProgrammeText)
}

func (r *programmeReading) textUpTo(at string, o map[string]any, name string, most int) string {
	v, there := o[name]
	if !there {
		return ""
	}
	return r.string(at+"/"+name, v, most)
}

// string is a text with something to read in it; only notes have several lines.
func (r *programmeReading) string(at string, v any, most int) string {
	s, ok := v.(string)
	s = strings.TrimSpace(s)
	switch {
	case !ok, !strings.ContainsFunc(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }):
		r.fault("programme_form", at)
	case strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) && (c != '\n' || most != maxProgrammeNotes) }):
		r.fault("programme_form", at)
	case utf8.RuneCountInString(s) > most:
		r.fault("programme_long", at, "most", fmt.Sprint(most))
	default:
		return s
	}
	return ""
}

// number is a multiple of least, up to most.
func (r *programmeReading) number(at string, o map[string]any, name, code string, least, most float64) float64 {
	v, there := o[name]
	n, ok := v.(float64)
	switch {
	case !there:
		r.fault("programme_missing", at+"/"+name)
	case !ok || n < least || n > most || math.Mod(n, least) != 0:
		r.fault(code, at+"/"+name)
	default:
		return n
	}
	return 0
}

func (r *programmeReading) list(o map[string]any, name string, most int) []any {
	v, there := o[name]
	l, ok := v.([]any)
	switch {
	case !there:
	case !ok:
		r.fault("programme_form", "/"+name)
	case len(l) > most:
		r.fault("programme_many", "/"+name, "most", fmt.Sprint(most))
	default:
		return l
	}
	return nil
}
