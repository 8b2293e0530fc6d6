package pagekit

import (
	"net/http"
	"slices"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
)

// Tongue is a language of the pages: its code, its own name for itself, and the
// direction it is written in, ltr or rtl.
type Tongue struct{ Code, Name, Dir string }

// Tongues are the languages of the pages, in the order in which they are offered.
var Tongues = func() (all []Tongue) {
	for _, t := range i18n.BrowserTongues {
		all = append(all, Tongue{t.Code, t.Name, i18n.Dir(t.Code)})
	}
	return all
}()

func tongue(code string) (Tongue, bool) {
	i := slices.IndexFunc(Tongues, func(t Tongue) bool { return t.Code == code })
	if i < 0 {
		return Tongue{}, false
	}
	return Tongues[i], true
}

// Language is the one to show a page in.
func Language(r *http.Request) Tongue {
	t, _ := tongue(httpkit.Wanted(r, func(lang string) bool {
		_, ok := tongue(lang)
		return ok
	}))
	return t
}
