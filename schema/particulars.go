package schema

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// What may be signed about a person is narrower than what may be read: these
// rules hold when a document is made, by a sheet, a learner file or a whole
// document of a client's own. A verifier does not ask them, or what was signed
// under older rules would stop being good.

// IsName tells whether a text may be a person's name: it has a letter, and no
// digit or sign that slips in from the next field, an address or a link.
func IsName(s string) bool { return !strings.ContainsFunc(s, notOfNames) && isWords(s) }

func isWords(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func notOfNames(r rune) bool {
	return unicode.IsDigit(r) || strings.ContainsRune("@<>{}[]|\\/;:=+*#%&_\"!", r)
}

// hasHidden finds marks that show nothing and make two equal names differ: the
// zero-width space, the word joiner, the byte order mark and the direction
// marks. The joiners that Persian and Indian scripts need are spelling.
func hasHidden(s string) bool { return strings.ContainsAny(s, "\u200b\u2060\ufeff\u200e\u200f") }

// checkName judges a name or a place of birth that is to be signed.
func checkName(f Faults, pointer, s string, place bool) Faults {
	switch {
	case s == "" || f.at(pointer):
		return f
	case hasHidden(s):
		return f.with("text_control", pointer)
	case place && !isWords(s), !place && !IsName(s):
		return f.with("name_form", pointer)
	case place && HoldsPersonal(s):
		return f.with("text_personal", pointer)
	}
	return f
}

// checkNumber judges a document number that is to be signed.
func checkNumber(f Faults, pointer, s string) Faults {
	switch {
	case s == "" || f.at(pointer):
		return f
	case hasHidden(s):
		return f.with("text_control", pointer)
	case IsPersonalNumber(s):
		return f.with("number_personal", pointer)
	}
	return f
}

// checkResult judges a result that is to be signed.
func checkResult(f Faults, pointer, s string) Faults {
	switch {
	case s == "" || f.at(pointer):
		return f
	case hasHidden(s):
		return f.with("text_control", pointer)
	case IsFailure(s):
		return f.with("result_failed", pointer)
	case HoldsPersonal(s):
		return f.with("text_personal", pointer)
	}
	return f
}

// checkForSigning judges the person's part of a whole document as
// Learner.Check judges a learner file.
func (m *Document) checkForSigning(f Faults) Faults {
	p := &m.Subject
	for i, id := range p.Identity {
		if id.Type != IdentityBirthDate && !m.kind.organisation {
			f = checkName(f, atIdentifier+"/"+strconv.Itoa(i)+"/identityHash", id.Value, id.Type == IdentityBirthPlace)
		}
	}
	f = checkNumber(f, atSubject+"/licenseNumber", p.DocumentNumber)
	for i, r := range p.Results {
		f = checkResult(f, atSubject+"/result/"+strconv.Itoa(i)+"/value", r.Value)
	}
	return f
}

// IsFailure tells a result that no credential should be signed for, in our
// five languages, whatever its case, accents and what stands in brackets.
func IsFailure(result string) bool { return failures[foldResult(result)] }

var failures = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range []string{
		"non superato", "non superata", "non idoneo", "non idonea", "respinto", "respinta", "bocciato", "bocciata", "insufficiente", "assente", "ritirato", "ritirata",
		"failed", "fail", "not passed", "absent", "withdrawn", "not completed", "no show",
		"no superado", "no superada", "no apto", "no apta", "suspenso", "suspendido", "ausente", "insuficiente",
		"αποτυχία", "απέτυχε", "απών", "απούσα", "ανεπιτυχώς", "μη επιτυχής",
		"niezaliczony", "niezaliczone", "niezaliczona", "nie zaliczono", "niezdany", "nie zdał", "nie zdała", "nieobecny", "nieobecna", "negatywny", "niedostateczny",
	} {
		m[foldResult(w)] = true
	}
	return m
}()

var brackets = regexp.MustCompile(`\([^)]*\)`)

var unaccented = strings.NewReplacer("ł", "l", "ς", "σ", "ά", "α", "έ", "ε", "ή", "η", "ί", "ι", "ό", "ο", "ύ", "υ", "ώ", "ω")

// foldResult leaves the letters and digits of a result, without case and
// accents; combining marks are no letters, so decomposed text folds alike.
func foldResult(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, unaccented.Replace(strings.ToLower(brackets.ReplaceAllString(s, ""))))
}
