package schema

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// micro is a micro-credential as Progress looks at it: number names it, met are
// the requirements of the example that its course is aligned with.
type micro struct {
	number int
	course int
	met    []int
	day    int // of November 2026
	level  int
	issuer string
	holder string
	name   string
	birth  string
}

func (m micro) credential(t testing.TB, d *PassportDefinition) *Credential {
	t.Helper()
	tmpl := template(t, "01-food-hygiene-it.json")
	p := Specimen(tmpl)
	p.ID = fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", m.number)
	p.Issuer.ID = m.issuer
	p.Learner = Learner{Name: m.name, BirthDate: m.birth, Holder: m.holder, DocumentNumber: fmt.Sprintf("MC-%d", m.number)}
	p.Learner.Result = Specimen(tmpl).Learner.Result
	p.ValidFrom = time.Date(2026, 11, m.day, 0, 0, 0, 0, time.UTC)
	tmpl.part.Subject.Completed = time.Time{}
	a := &tmpl.part.Subject.Achievement
	a.ID = fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-c%011d", m.course)
	a.Alignment = []Alignment{{Name: "EQF", Framework: "EQF", Type: levelTypeEQF, URL: fmt.Sprintf("%s%d", eqfBase, m.level)}}
	for _, i := range m.met {
		r := d.Requirements[i]
		a.Alignment = append(a.Alignment, Alignment{Name: r.Label["it"], Framework: r.Framework, Code: r.Code, URL: "https://consorzio.example/skills/" + r.Ref})
	}
	data, err := tmpl.Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCredential(data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	aminaDID = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
	otherDID = "did:key:zDnaeucDGfhXHoJVqot3p21RuupNJ2fZrs8Lb1GV83VnSo2jR"
	enteDID  = "did:web:ente.example"
)

func ofAmina(number, course, day int, met ...int) micro {
	return micro{number, course, met, day, 4, enteDID, aminaDID, "Amina Diallo", "1994-03-12"}
}

func held(t testing.TB, d *PassportDefinition, all ...micro) (list []Held) {
	t.Helper()
	for _, m := range all {
		list = append(list, Held{m.credential(t, d), true})
	}
	return list
}

func idNumber(n int) string { return fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", n) }

// M2: nineteen of twenty, and the one that is missing has its name; with the
// twentieth the passport is complete.
func TestRowM2ProgressNamesTheMissing(t *testing.T) {
	d := example(t)
	var all []micro
	for i := range 20 {
		if i != 4 {
			all = append(all, ofAmina(i+1, i+1, 10, i))
		}
	}
	p := d.Progress(held(t, d, all...))
	if p.Have != 19 || p.Need != 20 || p.Complete {
		t.Errorf("%d of %d, complete %v", p.Have, p.Need, p.Complete)
	}
	if len(p.Missing) != 1 || p.Missing[0].Ref != "LC-S2" || p.Missing[0].Label["it"] != "Comunicazione" || len(p.Missing[0].Offers) == 0 {
		t.Errorf("missing %v", p.Missing)
	}
	p = d.Progress(held(t, d, append(all, ofAmina(5, 5, 11, 4))...))
	if p.Have != 20 || !p.Complete || len(p.Missing) != 0 {
		t.Errorf("%d, complete %v, missing %v", p.Have, p.Complete, p.Missing)
	}
	if p.Met[4] != (Component{idNumber(5), "LC-S2"}) {
		t.Errorf("met in another order: %v", p.Met[4])
	}
}

// What meets a requirement and what does not.
func TestMeets(t *testing.T) {
	d := example(t)
	r := d.Requirements[0]
	attendance := ofAmina(1, 1, 10, 0).credential(t, d)
	attendance.document.Kind = "TrainingAttendance"
	byURI := r
	byURI.Code, byURI.URI = "", "https://consorzio.example/skills/LC-P1"
	elsewhere := r
	elsewhere.AcceptedBodies = []string{"did:web:altro.example"}
	here := r
	here.AcceptedBodies = []string{"did:web:altro.example", enteDID}
	low := ofAmina(1, 1, 10, 0)
	low.level = 3
	for name, c := range map[string]struct {
		r    Requirement
		c    *Credential
		want bool
	}{
		"by framework and code":        {r, ofAmina(1, 1, 10, 0).credential(t, d), true},
		"one of several alignments":    {r, ofAmina(1, 1, 10, 3, 0).credential(t, d), true},
		"by URI":                       {byURI, ofAmina(1, 1, 10, 0).credential(t, d), true},
		"another code":                 {r, ofAmina(1, 1, 10, 1).credential(t, d), false},
		"the same code of another one": {Requirement{Framework: "OTHER", Code: "P1"}, ofAmina(1, 1, 10, 0).credential(t, d), false},
		"a level too low":              {r, low.credential(t, d), false},
		"a body that is not accepted":  {elsewhere, ofAmina(1, 1, 10, 0).credential(t, d), false},
		"a body that is accepted":      {here, ofAmina(1, 1, 10, 0).credential(t, d), true},
		"an attendance":                {r, attendance, false},
	} {
		if got := d.Meets(c.r, c.c); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if got := AimsOf(c.c).Meet(c.r); got != c.want {
			t.Errorf("%s, by its aims: %v", name, got)
		}
	}
}

// Of duplicates the newest valid counts, once; a course taken twice is one
// course, whatever it is aligned with.
func TestProgressCountsDuplicatesOnce(t *testing.T) {
	d := example(t)
	list := held(t, d, ofAmina(1, 1, 10, 0), ofAmina(2, 2, 12, 0), ofAmina(3, 3, 11, 0))
	if p := d.Progress(list); p.Have != 1 || p.Met[0].ID != idNumber(2) {
		t.Errorf("%v", p.Met)
	}
	list[1].Good = false // the newest is revoked
	if p := d.Progress(list); p.Have != 1 || p.Met[0].ID != idNumber(3) {
		t.Errorf("%v", p.Met)
	}
	if p := d.Progress(held(t, d, ofAmina(1, 1, 10, 0, 1), ofAmina(2, 1, 12, 0, 1))); p.Have != 1 || p.Met[0].ID != idNumber(2) {
		t.Errorf("a course taken twice: %v", p.Met)
	}
}

// A course that would meet two requirements is spent where no other can help.
func TestProgressAssignsAsManyAsPossible(t *testing.T) {
	d := example(t)
	p := d.Progress(held(t, d, ofAmina(1, 1, 12, 0, 1), ofAmina(2, 2, 10, 0)))
	if want := []Component{{idNumber(2), "LC-P1"}, {idNumber(1), "LC-P2"}}; !slices.Equal(p.Met, want) {
		t.Errorf("%v, want %v", p.Met, want)
	}
}

// Only credentials of one person are counted together: by subject id, and
// without one by name and date of birth.
func TestProgressIsOfOnePerson(t *testing.T) {
	d := example(t)
	other := ofAmina(3, 3, 10, 2)
	other.holder = otherDID
	paper := ofAmina(4, 4, 10, 3)
	paper.holder = ""
	stranger := paper
	stranger.number, stranger.course, stranger.met, stranger.birth = 5, 5, []int{4}, "1994"
	p := d.Progress(held(t, d, ofAmina(1, 1, 10, 0), ofAmina(2, 2, 10, 1), other, paper, stranger))
	if p.Have != 3 {
		t.Errorf("%v", p.Met)
	}
	for _, c := range p.Met {
		if c.ID == idNumber(3) || c.ID == idNumber(5) {
			t.Errorf("somebody else's %s counts", c.ID)
		}
	}
}

// Properties over many random wallets: the order of what is held changes
// nothing; what is not good changes nothing; a further good credential never
// takes away; no credential and no requirement counts twice; and no other
// assignment meets more.
func TestProgressProperties(t *testing.T) {
	d := example(t)
	d.Requirements, d.Minimum = d.Requirements[:5], 4
	var pool []*Credential
	for i := range 40 {
		m := ofAmina(i+1, i%25, 1+i%20, i%5)
		if i%3 == 0 {
			m.met = append(m.met, (i+2)%5)
		}
		if i%7 == 0 {
			m.level = 3
		}
		if i%11 == 0 {
			m.holder = otherDID
		}
		pool = append(pool, m.credential(t, d))
	}
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 20261122))
		var list []Held
		for range random.IntN(9) {
			list = append(list, Held{pool[random.IntN(len(pool))], random.IntN(5) > 0})
		}
		p := d.Progress(list)
		checkProgress(t, d, list, p)
		if best := mostPossible(d, list); p.Have != best {
			t.Fatalf("seed %d: %d met, %d possible", seed, p.Have, best)
		}
		more := d.Progress(append(slices.Clone(list), Held{pool[random.IntN(len(pool))], true}))
		if more.Have < p.Have {
			t.Fatalf("seed %d: one more credential, and %d after %d", seed, more.Have, p.Have)
		}
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if again := d.Progress(list); !slices.Equal(again.Met, p.Met) {
			t.Fatalf("seed %d: %v in one order, %v in another", seed, p.Met, again.Met)
		}
		good := slices.DeleteFunc(slices.Clone(list), func(h Held) bool { return !h.Good })
		if again := d.Progress(good); !slices.Equal(again.Met, p.Met) {
			t.Fatalf("seed %d: what is not good counts", seed)
		}
	}
}

func checkProgress(t *testing.T, d *PassportDefinition, list []Held, p Progress) {
	t.Helper()
	if p.Have != len(p.Met) || len(p.Met)+len(p.Missing) != len(d.Requirements) || p.Complete != (p.Have >= d.Minimum) || p.Need != d.Minimum {
		t.Fatalf("%+v", p)
	}
	seen := map[string]bool{}
	for _, c := range p.Met {
		r, ok := d.Requirement(c.Requirement)
		meets := slices.ContainsFunc(list, func(h Held) bool { return h.Good && h.Credential.ID == c.ID && d.Meets(r, h.Credential) })
		if !ok || !meets || seen[c.ID] || seen[c.Requirement] {
			t.Fatalf("%v in %v", c, p.Met)
		}
		seen[c.ID], seen[c.Requirement] = true, true
	}
}

// mostPossible tries every assignment.
func mostPossible(d *PassportDefinition, list []Held) (most int) {
	for _, id := range []string{aminaDID, otherDID} {
		courses := map[string][]*Credential{}
		for _, h := range list {
			if subject, _ := h.Credential.Holder(); h.Good && subject == id {
				name := h.Credential.document.Subject.Achievement.ID
				courses[name] = append(courses[name], h.Credential)
			}
		}
		var all [][]*Credential
		for _, c := range courses {
			all = append(all, c)
		}
		most = max(most, tryAll(d, all, 0))
	}
	return most
}

func tryAll(d *PassportDefinition, courses [][]*Credential, met int) int {
	if len(courses) == 0 {
		return 0
	}
	best := tryAll(d, courses[1:], met)
	for i, r := range d.Requirements {
		if met&(1<<i) == 0 && slices.ContainsFunc(courses[0], func(c *Credential) bool { return d.Meets(r, c) }) {
			best = max(best, 1+tryAll(d, courses[1:], met|1<<i))
		}
	}
	return best
}
