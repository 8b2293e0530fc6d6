package main

import (
	"encoding/json"
	"fmt"

	"github.com/employment-passport/passport/internal/i18n"
)

// printJSON writes one JSON document on one line of stdout.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// talk says something on stderr, in the reader's language, unless --quiet.
// args are name, value pairs.
func (a *app) talk(key string, args ...string) {
	if a.quiet {
		return
	}
	values := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = oneLine(args[i+1])
	}
	fmt.Fprintln(a.err, i18n.T(i18n.Match(a.lang), key, values))
}
