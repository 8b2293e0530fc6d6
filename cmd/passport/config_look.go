package main

import (
	"context"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/verifier/intake"
)

// otherVariables are those that are no values of the configuration.
var otherVariables = []string{"PASSPORT_HOME", "PASSPORT_WALLET", "PASSPORT_PASSPHRASE", "PASSPORT_PASSPHRASE_FILE"}

// checkVariables names the variables that would be settings if they were spelt
// right. What Kubernetes sets for a service that is called passport is none.
func checkVariables(environ []string) (faults []configFault) {
	c := defaultConfig()
	known := slices.Clone(otherVariables)
	for _, f := range fieldsOf(&c) {
		known = append(known, envName(f.Name))
	}
	slices.Sort(environ)
	for _, one := range environ {
		name, value, _ := strings.Cut(one, "=")
		switch {
		case !strings.HasPrefix(name, "PASSPORT_"), value == "", slices.Contains(known, name):
		case strings.HasPrefix(name, "PASSPORT_SERVICE_"), strings.HasPrefix(name, "PASSPORT_PORT_"), strings.HasPrefix(value, "tcp://"):
		default:
			faults = append(faults, fault("variable", "field", name))
		}
	}
	return faults
}

// checkHome looks whether the home is there, and whether it has the bodies that
// the configuration names.
func (a *app) checkHome(ctx context.Context, c config) (faults []configFault) {
	dir, err := a.homeDir()
	if err != nil {
		return nil // configFile has told it
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return []configFault{fault("home", "path", dir)}
	}
	named := map[string]string{"vcApi.issuer": c.VCAPI.Issuer}
	for n, p := range c.OIDC {
		named["oidc["+strconv.Itoa(n)+"].body"] = p.Body
	}
	bodies, err := a.bodiesHere(ctx)
	if err != nil {
		return nil // before init there are none; every other command tells why it cannot open the store
	}
	for _, field := range slices.Sorted(maps.Keys(named)) {
		name := named[field]
		if name != "" && !slices.ContainsFunc(bodies, func(r issuer.IssuerRecord) bool { return r.Name == name }) {
			faults = append(faults, fault("body", "field", field, "name", intake.FirstRunes(name, 60)))
		}
	}
	return faults
}

// bodiesHere are the bodies of the home.
func (a *app) bodiesHere(ctx context.Context) ([]issuer.IssuerRecord, error) {
	i, done, err := a.openIssuer(ctx, false)
	if err != nil {
		return nil, err
	}
	bodies, err := i.Bodies(ctx)
	return bodies, firstError(err, done)
}
