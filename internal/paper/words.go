package paper

import (
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// tongues are the two languages of a paper: the issuer's, then the holder's.
// The second is empty where one says it all.
type tongues [2]string

// tonguesOf settles the languages of a sheet: the credential's where none is
// named, and only such as the catalogue has.
func tonguesOf(s *Sheet) tongues {
	t := tongues(s.Languages)
	if t[0] == "" && s.Credential != nil {
		t[0] = s.Credential.View().Language
	}
	t[0] = i18n.Main(t[0])
	if t[1] != "" {
		t[1] = i18n.Main(t[1])
	}
	if t[1] == t[0] {
		t[1] = ""
	}
	return t
}

// twice is a text in both languages. The second is empty where there is one
// language, or where both say the same.
type twice [2]string

// once is a text that is the same in every language.
func once(text string) twice { return twice{text} }

// each makes a text of what say gives in each language.
func (t tongues) each(say func(lang string) string) twice {
	both := twice{say(t[0])}
	if t[1] != "" {
		if second := say(t[1]); second != both[0] {
			both[1] = second
		}
	}
	return both
}

// words of the catalogue; args are name, value pairs.
func (t tongues) words(key string, args ...string) twice {
	values := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = args[i+1]
	}
	return t.each(func(lang string) string { return i18n.T(lang, key, values) })
}

// term gives the words of a vocabulary's URI, or the URI where we have none.
func (t tongues) term(uri string) twice {
	return t.each(func(lang string) string {
		if label := schema.Label(uri, lang); label != "" {
			return label
		}
		return uri
	})
}

// terms joins the words of several URIs.
func (t tongues) terms(uris []string) twice {
	return t.each(func(lang string) string {
		var all []string
		for _, uri := range uris {
			if label := schema.Label(uri, lang); label != "" {
				uri = label
			}
			all = append(all, uri)
		}
		return strings.Join(all, ", ")
	})
}

// code gives the words of a code where the catalogue has them, else the code.
func (t tongues) code(area, code string) twice {
	if !i18n.Has(area + code) {
		return once(code)
	}
	return t.words(area + code)
}

// day writes a date, whole or partial, as people of each language do.
func (t tongues) day(iso string) twice {
	return t.each(func(lang string) string { return i18n.Date(lang, iso) })
}

// oneLine joins both languages for a place that has one line.
func (b twice) oneLine() string {
	if b[1] == "" {
		return b[0]
	}
	return b[0] + " / " + b[1]
}

func (b twice) empty() bool { return b[0] == "" }
