package walletweb

import "html/template"

// funcs are what the pages are written with, beside the words and the files.
var funcs = template.FuncMap{
	"icon": icon, "b": buttonOf, "l": lineOf, "s": signOf, "manifest": manifestOf,
	"times": func() []string { return times }, "minutes": func(i int) int { return minutes[i] },
}

// How long something may be shown to whoever is not here.
var (
	times   = []string{"wp.when.day", "wp.when.week", "wp.when.month", "wp.when.months"}
	minutes = []int{24 * 60, 7 * 24 * 60, 30 * 24 * 60, 90 * 24 * 60}
)

// icon is a pictogram of the page's own drawing. It always stands beside a word,
// so whoever hears the page is spared it.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-` + template.HTMLEscapeString(name) + `"></use></svg>`) //nolint:gosec // escaped, between texts of ours
}

// button is a pictogram with its word: what it does is a name that the script
// knows, what it says a key of the catalogue.
type button struct{ Kind, Do, Icon, Key, More string }

func buttonOf(kind, do, icon, key string, more ...string) button {
	b := button{Kind: kind, Do: do, Icon: icon, Key: key}
	if len(more) > 0 {
		b.More = more[0]
	}
	return b
}

// lineOf is a choice in a list, and signOf a pictogram with words alone.
func lineOf(do, icon, key string, more ...string) button { return buttonOf("", do, icon, key, more...) }
func signOf(icon, key string) button                     { return button{Icon: icon, Key: key} }
