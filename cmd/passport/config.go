package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/sealed"
	"go.yaml.in/yaml/v3"
)

const (
	configName    = "config.yaml"
	maxConfigFile = 1 << 20
)

// config is config.yaml. Every field has a value when the file leaves it out.
// The environment may set each single value over the file, under the name that
// envName gives it.
type config struct {
	VerifyBase   string   `yaml:"verifyBase"`
	BundleURL    string   `yaml:"bundleURL"`
	FreshStatus  duration `yaml:"freshStatus"`
	MaxStatusAge duration `yaml:"maxStatusAge"`
	WorkFactor   int      `yaml:"workFactor"`
	AcceptClock  utcDay   `yaml:"acceptClock"`
	MethodType   string   `yaml:"verificationMethod"`

	Listen         string         `yaml:"listen"`
	BaseURL        string         `yaml:"baseURL"`
	MetricsListen  string         `yaml:"metricsListen"`
	TrustedProxies []string       `yaml:"trustedProxies"`
	LogLevel       string         `yaml:"logLevel"`
	LogFormat      string         `yaml:"logFormat"`
	Bundle         string         `yaml:"bundle"`
	Anchor         string         `yaml:"anchor"`
	Limits         limitsConfig   `yaml:"limits"`
	VCAPI          vcAPIConfig    `yaml:"vcApi"`
	SMTP           smtpConfig     `yaml:"smtp"`
	OIDC           []signInConfig `yaml:"oidc"`
}

func defaultConfig() config {
	return config{
		FreshStatus:  duration(24 * time.Hour),
		MaxStatusAge: duration(30 * 24 * time.Hour),
		WorkFactor:   sealed.DefaultWorkFactor,
		MethodType:   did.TypeJSONWebKey,
		Listen:       "127.0.0.1:8080",
		LogLevel:     "info",
		LogFormat:    "text",
		Limits:       defaultLimits(),
		SMTP:         smtpConfig{Port: 587, TLS: "starttls"},
	}
}

// loadConfig reads the home's configuration, and over it the environment; a
// home without the file has the defaults, so that commands that need no home
// work anywhere.
func (a *app) loadConfig() (config, error) {
	path, data, err := a.configFile()
	if err != nil {
		return config{}, err
	}
	c, faults := readConfig(data, os.Getenv)
	if len(faults) > 0 {
		return config{}, fail(exitUsage, "config", "path", path, "detail", faults[0].words(a.language())).wrap(faults[0])
	}
	return c, nil
}

// configFile is the text of the home's configuration, nil where there is none.
func (a *app) configFile() (path string, data []byte, err error) {
	dir, err := a.homeDir()
	if err != nil {
		return "", nil, err
	}
	path = filepath.Join(dir, configName)
	data, err = os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil, nil
	}
	if err == nil && len(data) > maxConfigFile {
		err = sealed.ErrTooLarge
	}
	if err != nil {
		return path, nil, fail(exitUsage, "config", "path", path, "detail", err.Error()).wrap(err)
	}
	return path, data, nil
}

// readConfig is the configuration of a file's text and an environment, and
// everything that is wrong with it.
func readConfig(data []byte, getenv func(string) string) (config, []configFault) {
	c := defaultConfig()
	faults := readConfigFile(data, &c)
	faults = append(faults, readEnvironment(&c, getenv)...)
	if len(faults) > 0 {
		return c, faults
	}
	return c, c.check()
}

// readConfigFile refuses a field that it does not know: a misspelt setting
// would silently be the default.
func readConfigFile(data []byte, c *config) []configFault {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(c); err != nil && !errors.Is(err, io.EOF) {
		return yamlFaults(err)
	}
	if err := dec.Decode(new(any)); !errors.Is(err, io.EOF) {
		return []configFault{{code: "documents"}}
	}
	return nil
}
