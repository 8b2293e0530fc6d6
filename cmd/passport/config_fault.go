package main

import (
	"errors"
	"regexp"

	"github.com/employment-passport/passport/internal/i18n"
	"go.yaml.in/yaml/v3"
)

// configFault is one thing wrong with the configuration. Its sentence stands in
// the catalogue under config_fault.CODE. It never holds the value of a secret:
// secrets are not in the configuration, only names of files.
type configFault struct {
	code string
	args map[string]string
}

func (f configFault) Error() string { return f.words("en") }

func (f configFault) words(lang string) string {
	return oneLine(i18n.T(lang, "config_fault."+f.code, f.args))
}

// fault makes one; args are name, value pairs.
func fault(code string, args ...string) configFault {
	f := configFault{code, map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.args[args[i]] = args[i+1]
	}
	return f
}

var (
	yamlUnknown = regexp.MustCompile(`line (\d+): field (\S+) not found`)
	yamlTwice   = regexp.MustCompile(`line (\d+): mapping key "([^"]*)" already defined`)
	yamlLine    = regexp.MustCompile(`line (\d+):`)
)

// yamlFaults puts what the YAML reader says into our words, with its lines. It
// speaks of types of Go, which are nothing to a reader of the file.
func yamlFaults(err error) []configFault {
	said := []string{err.Error()}
	var types *yaml.TypeError
	if errors.As(err, &types) {
		said = types.Errors
	}
	var faults []configFault
	for _, one := range said {
		if m := yamlUnknown.FindStringSubmatch(one); m != nil {
			faults = append(faults, fault("unknown", "line", m[1], "field", m[2]))
		} else if m := yamlTwice.FindStringSubmatch(one); m != nil {
			faults = append(faults, fault("twice", "line", m[1], "field", m[2]))
		} else if m := yamlLine.FindStringSubmatch(one); m != nil {
			faults = append(faults, fault("line", "line", m[1]))
		} else {
			faults = append(faults, fault("yaml"))
		}
	}
	return faults
}
