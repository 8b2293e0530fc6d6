package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
	"go.yaml.in/yaml/v3"
)

const (
	configName    = "config.yaml"
	maxConfigFile = 1 << 20
)

// config is config.yaml. Every field has a value when the file leaves it out.
type config struct {
	VerifyBase   string   `yaml:"verifyBase"`
	BundleURL    string   `yaml:"bundleURL"`
	FreshStatus  duration `yaml:"freshStatus"`
	MaxStatusAge duration `yaml:"maxStatusAge"`
	WorkFactor   int      `yaml:"workFactor"`
	AcceptClock  utcDay   `yaml:"acceptClock"`
	MethodType   string   `yaml:"verificationMethod"`
}

func defaultConfig() config {
	return config{
		FreshStatus:  duration(24 * time.Hour),
		MaxStatusAge: duration(30 * 24 * time.Hour),
		WorkFactor:   sealed.DefaultWorkFactor,
		MethodType:   did.TypeJSONWebKey,
	}
}

// loadConfig reads the home's configuration; a home without the file has the
// defaults, so that commands that need no home work anywhere.
func (a *app) loadConfig() (config, error) {
	dir, err := a.homeDir()
	if err != nil {
		return config{}, err
	}
	path := filepath.Join(dir, configName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return defaultConfig(), nil
	}
	if err == nil && len(data) > maxConfigFile {
		err = sealed.ErrTooLarge
	}
	if err != nil {
		return config{}, fail(exitUsage, "config", "path", path, "detail", err.Error()).wrap(err)
	}
	c, err := parseConfig(data)
	if err != nil {
		return config{}, fail(exitUsage, "config", "path", path, "detail", err.Error()).wrap(err)
	}
	return c, nil
}

// parseConfig reads config.yaml and refuses a field that it does not know: a
// misspelt setting would silently be the default.
func parseConfig(data []byte) (config, error) {
	c := defaultConfig()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return config{}, err
	}
	if err := dec.Decode(new(any)); !errors.Is(err, io.EOF) {
		return config{}, errors.New("more than one document")
	}
	return c, c.check()
}

func (c config) check() error {
	switch {
	case c.VerifyBase != "" && qr.CheckBase(c.VerifyBase) != nil:
		return fmt.Errorf("verifyBase: %w", qr.CheckBase(c.VerifyBase))
	case c.VerifyBase != "" && !isHTTPS(c.VerifyBase):
		return errors.New("verifyBase is no https address")
	case c.BundleURL != "" && !isHTTPS(c.BundleURL):
		return errors.New("bundleURL is no https address")
	case c.FreshStatus <= 0 || c.MaxStatusAge < c.FreshStatus:
		return errors.New("freshStatus is above zero and at most maxStatusAge")
	case c.WorkFactor < 1 || c.WorkFactor > sealed.MaxWorkFactor:
		return errors.New("workFactor is between 1 and 20")
	case c.MethodType != did.TypeJSONWebKey && c.MethodType != did.TypeJSONWebKey2020:
		return errors.New("verificationMethod is JsonWebKey or JsonWebKey2020")
	}
	return nil
}

func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// utcDay is written as 2026-11-22.
type utcDay time.Time

// UnmarshalYAML reads it.
func (d *utcDay) UnmarshalYAML(node *yaml.Node) error {
	t, err := time.Parse(time.DateOnly, node.Value)
	*d = utcDay(t)
	return err
}

// duration is written as "24h" or, for whole days, "30d".
type duration time.Duration

// UnmarshalYAML reads both forms.
func (d *duration) UnmarshalYAML(node *yaml.Node) error {
	parsed, err := parseDuration(node.Value)
	*d = duration(parsed)
	return err
}

// parseDuration reads what time.ParseDuration reads, and days.
func parseDuration(s string) (time.Duration, error) {
	if n := len(s); n > 1 && s[n-1] == 'd' {
		days, err := time.ParseDuration(s[:n-1] + "h")
		if err != nil || days > 200*365*time.Hour {
			return 0, errors.New("not a number of days: " + s)
		}
		return 24 * days, nil
	}
	return time.ParseDuration(s)
}

// firstConfig is what init writes: every field, commented.
const firstConfig = `# Configuration of this home. A field that is commented out has the value shown.
# Unknown fields are refused, so that a misspelt one is noticed.

# Start of the link in printed QR codes: https, at most 31 characters.
# Where a phone's camera opens it, the verify page should answer.
#verifyBase: https://verify.example.org

# Where "verify --online" and wallets fetch the newest trust bundle.
#bundleURL: https://trust.example.org/bundle

# How old a status may be to count as fresh (green), and to count at all.
#freshStatus: 24h
#maxStatusAge: 30d

# Type of the keys in published did documents. JsonWebKey is the standard's name;
# JsonWebKey2020 is what some older verifiers ask for.
#verificationMethod: JsonWebKey

# A day (YYYY-MM-DD) until which the clock is believed although the last act on
# record is more than 400 days older. Needed after a long pause only.
#acceptClock:

# Cost of turning a passphrase into a key, as a power of two: 18 takes about a
# second. It counts for what is sealed from now on. WARNING: each step down lets a
# thief of the file try passphrases twice as fast. Lower it for tests only.
`

// configText is firstConfig with the work factor that init was told.
func configText(workFactor int) []byte {
	if workFactor == sealed.DefaultWorkFactor {
		return []byte(firstConfig + "#workFactor: 18\n")
	}
	return fmt.Appendf(nil, "%sworkFactor: %d\n", firstConfig, workFactor)
}
