package export

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/employment-passport/passport/schema"
)

// form is how a value of the holder's file must look.
type form int

const (
	short form = iota
	long
	day     // YYYY, YYYY-MM or YYYY-MM-DD
	country // ISO 3166-1 alpha-2
	tag     // BCP 47
	cefr
	mail
	dial
	yes
	words // a list of short texts
)

// shape is an object's members: a form, another shape, or a list of shapes.
type shape map[string]any

type listOf shape

var (
	episode = shape{
		"title": short, "organisation": short, "place": short, "country": country, "from": day, "until": day, "description": long,
	}
	ownMembers = shape{
		"summary": long, "skills": words, "experiences": listOf(episode), "education": listOf(episode),
		"contact": shape{"email": mail, "phone": dial, "city": short, "country": country},
		"languages": listOf{
			"language": tag, "motherTongue": yes, "listening": cefr, "reading": cefr, "interaction": cefr, "production": cefr, "writing": cefr,
		},
	}
	required = map[string][]string{"experiences": {"title"}, "education": {"title"}, "languages": {"language"}}
)

// privateMembers are what people write into a curriculum and what must not
// leave through this one: it says nothing of what they can do, and is used
// against them. The same names are refused in every document of ours.
var privateMembers = []string{
	"fiscalcode", "codicefiscale", "taxcode", "taxid", "nationalidentitynumber", "nationalid", "identitynumber", "passportnumber",
	"citizenship", "nationality", "residencepermit", "permit", "asylum", "refugee",
	"disability", "health", "condition", "vulnerability", "targetgroup", "pregnancy",
	"gender", "sex", "sexualorientation", "religion", "ethnicity", "ethnicorigin", "race",
	"birthdate", "birthplace", "dateofbirth", "placeofbirth", "age", "maritalstatus", "children",
	"address", "street", "residence", "domicile", "photo", "picture", "image",
	"iban", "allowance", "allowancepaid", "income", "salary", "criminalrecord",
}

func isPrivate(name string) bool {
	return slices.Contains(privateMembers, strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name)))
}

type ownReading struct{ faults schema.Faults }

func (r *ownReading) fault(code, pointer string, args ...string) {
	f := schema.Fault{Code: code, Pointer: pointer}
	if len(args) == 2 {
		f.Args = map[string]string{args[0]: args[1]}
	}
	r.faults = append(r.faults, f)
}

// object reads the members in the order of their names, so that the faults
// stand in one order.
func (r *ownReading) object(at string, o map[string]any, members shape) {
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		pointer := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		expected, known := members[name]
		switch {
		case !known && isPrivate(name):
			r.fault("own_private", pointer, "name", name)
		case !known:
			r.fault("own_unknown", pointer, "name", name)
		default:
			r.member(pointer, name, o[name], expected)
		}
	}
}

func (r *ownReading) member(at, name string, v, expected any) {
	switch e := expected.(type) {
	case form:
		if e == words {
			r.list(at, v, func(at string, v any) { r.text(at, v, short) })
			return
		}
		r.text(at, v, e)
	case shape:
		if o, ok := v.(map[string]any); ok {
			r.object(at, o, e)
			return
		}
		r.fault("own_form", at)
	case listOf:
		r.list(at, v, func(at string, v any) {
			o, ok := v.(map[string]any)
			if !ok {
				r.fault("own_form", at)
				return
			}
			for _, must := range required[name] {
				if _, there := o[must]; !there {
					r.fault("own_missing", at+"/"+must)
				}
			}
			r.object(at, o, shape(e))
			r.period(at, o)
		})
	}
}

func (r *ownReading) list(at string, v any, each func(string, any)) {
	l, ok := v.([]any)
	if !ok {
		r.fault("own_form", at)
		return
	}
	if len(l) > maxEntries {
		r.fault("own_many", at, "most", fmt.Sprint(maxEntries))
		return
	}
	for i, one := range l {
		each(fmt.Sprintf("%s/%d", at, i), one)
	}
}

// period refuses an end before its beginning, as far as both are told.
func (r *ownReading) period(at string, o map[string]any) {
	from, _ := o["from"].(string)
	until, _ := o["until"].(string)
	if n := min(len(from), len(until)); n > 0 && until[:n] < from[:n] {
		r.fault("own_period", at+"/until")
	}
}

// forms are compiled when the first curriculum is read, not at every start.
var forms = sync.OnceValue(func() map[form]*regexp.Regexp {
	return map[form]*regexp.Regexp{
		day:     regexp.MustCompile(`^(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`),
		country: regexp.MustCompile(`^[A-Z]{2}$`),
		tag:     regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`),
		cefr:    regexp.MustCompile(`^[ABC][12]$`),
		mail:    regexp.MustCompile(`^[^\s@<>"']{1,64}@[^\s@<>"']{1,180}\.[^\s@<>"'.]{2,20}$`),
		dial:    regexp.MustCompile(`^\+?[0-9][0-9 ()/.-]{3,25}$`),
	}
})

func (r *ownReading) text(at string, v any, e form) {
	if e == yes {
		if _, ok := v.(bool); !ok {
			r.fault("own_form", at)
		}
		return
	}
	s, ok := v.(string)
	most := maxShort
	if e == long {
		most = maxText
	}
	switch {
	case !ok, strings.TrimSpace(s) == "", strings.ContainsFunc(s, unreadable):
		r.fault("own_form", at)
	case utf8.RuneCountInString(s) > most:
		r.fault("own_long", at, "most", fmt.Sprint(most))
	case forms()[e] != nil && !forms()[e].MatchString(s), e == country && !schema.IsCountry(s):
		r.fault(formCode(e), at)
	case e == dial:
	case holdsNumber(s):
		r.fault("own_number", at)
	}
}

// formCode says which form was wanted, where a word says it.
func formCode(e form) string {
	switch e {
	case tag:
		return "own_language"
	case day:
		return "own_day"
	case country:
		return "own_country"
	case cefr:
		return "own_cefr"
	}
	return "own_form"
}

// unreadable are characters that no text of a person needs: they break lines of
// other programs or turn the direction of what follows.
func unreadable(r rune) bool {
	return unicode.IsControl(r) && r != '\n' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff || r == 0x2028 || r == 0x2029
}

// holdsNumber finds a fiscal code or another identity number inside a text.
func holdsNumber(s string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), schema.IsPersonalNumber)
}
