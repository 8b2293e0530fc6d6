package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

func newConfigCheckCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Say what the configuration comes to, and what is wrong with it",
		Long: `Reads config.yaml of the home and the environment as "passport serve" does, looks at
the files, the bodies and the home that they name, and shows every value with where it comes from. Each fault
is one sentence. Exits 1 when there is one.`,
		Example: `  passport config check
  passport config check --home /srv/passport --json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.checkConfig(c.Context()) },
	}
}

// configValue is a value that counts, and where it comes from: default, file, or
// the name of a variable.
type configValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// checkedConfig is what config check prints with --json.
type checkedConfig struct {
	Path   string        `json:"path"`
	Faults []string      `json:"faults"`
	Values []configValue `json:"values"`
}

func (a *app) checkConfig(ctx context.Context) error {
	path, data, err := a.configFile()
	if err != nil {
		return err
	}
	c, faults := readConfig(data, os.Getenv)
	faults = append(faults, c.checkFiles()...)
	faults = append(faults, checkVariables(os.Environ())...)
	faults = append(faults, a.checkHome(ctx, c)...)
	result := checkedConfig{Path: path, Faults: []string{}, Values: effective(c, data, os.Getenv)}
	for _, f := range faults {
		result.Faults = append(result.Faults, f.words(a.lang))
	}
	if err := a.printChecked(result); err != nil {
		return err
	}
	if len(faults) > 0 {
		return verdict(exitInvalid)
	}
	return nil
}

func (a *app) printChecked(r checkedConfig) error {
	if a.json {
		return a.printJSON(r)
	}
	for _, v := range r.Values {
		if _, err := fmt.Fprintf(a.out, "%-30s %-34s %s\n", v.Name, oneLine(firstOf(v.Value, "-")), v.From); err != nil {
			return err
		}
	}
	for _, f := range r.Faults {
		a.say("error", f)
	}
	if len(r.Faults) == 0 {
		a.talk("config.fine", "path", r.Path)
	}
	return nil
}

// effective are the values that count. The file's own are found by reading it
// again for its names alone.
func effective(c config, data []byte, getenv func(string) string) []configValue {
	var named map[string]any
	if yaml.Unmarshal(data, &named) != nil {
		named = nil
	}
	var all []configValue
	for _, f := range fieldsOf(&c) {
		v := configValue{Name: f.Name, Value: f.String(), From: "default"}
		if inFile(named, strings.Split(f.Name, ".")) {
			v.From = "file"
		}
		if getenv(envName(f.Name)) != "" {
			v.From = envName(f.Name)
		}
		all = append(all, v)
	}
	for n, p := range c.OIDC {
		shown, _ := json.Marshal(p) // strings only
		all = append(all, configValue{Name: "oidc[" + strconv.Itoa(n) + "]", Value: string(shown), From: "file"})
	}
	return all
}

func inFile(named map[string]any, names []string) bool {
	value, there := named[names[0]]
	if !there || len(names) == 1 {
		return there
	}
	below, _ := value.(map[string]any)
	return inFile(below, names[1:])
}

// String is the value as the file would have it.
func (f configField) String() string {
	switch v := f.value.Interface().(type) {
	case fmt.Stringer:
		return v.String()
	case []string:
		return strings.Join(v, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// checkFiles looks at the files that the configuration names: they are there,
// and those with secrets are read by their owner and group alone.
func (c config) checkFiles() []configFault {
	var faults []configFault
	look := func(field, path string, secret bool) {
		if path == "" {
			return
		}
		info, err := os.Stat(path)
		switch {
		case err != nil || !info.Mode().IsRegular():
			faults = append(faults, fault("file", "field", field, "file", path))
		case secret && runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0:
			faults = append(faults, fault("file_open", "field", field, "file", path))
		}
	}
	look("bundle", c.Bundle, false)
	look("smtp.passwordFile", c.SMTP.PasswordFile, true)
	for n, p := range c.OIDC {
		look("oidc["+strconv.Itoa(n)+"].clientSecretFile", p.ClientSecretFile, true)
	}
	return faults
}
