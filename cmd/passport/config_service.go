package main

import "time"

// limitsConfig bounds what the service takes from strangers and from everybody
// at once. A rate of 0 is no limit.
type limitsConfig struct {
	BodyBytes   int64    `yaml:"bodyBytes"`
	SheetBytes  int64    `yaml:"sheetBytes"`
	BodyTimeout duration `yaml:"bodyTimeout"`
	Connections int      `yaml:"connections"`

	ReadsPerMinute         int `yaml:"readsPerMinute"`
	VerificationsPerMinute int `yaml:"verificationsPerMinute"`
	ActsPerMinute          int `yaml:"actsPerMinute"`
	SignInsPerMinute       int `yaml:"signInsPerMinute"`

	Reading   int      `yaml:"reading"`
	Verifying int      `yaml:"verifying"`
	Acting    int      `yaml:"acting"`
	Wait      duration `yaml:"wait"`
}

func defaultLimits() limitsConfig {
	return limitsConfig{
		BodyBytes: 1 << 20, SheetBytes: 32 << 20, BodyTimeout: duration(10 * time.Second), Connections: 8192,
		ReadsPerMinute: 6000, VerificationsPerMinute: 600, ActsPerMinute: 6000, SignInsPerMinute: 240,
		Reading: 256, Verifying: 64, Acting: 256, Wait: duration(2 * time.Second),
	}
}

// vcAPIConfig is how other software's POST /credentials/issue finds its issuer.
type vcAPIConfig struct {
	Issuer     string `yaml:"issuer"`
	OpenUnsafe bool   `yaml:"openUnsafe"`
}

// smtpConfig is the one mail server that the service talks to. Host "" sends
// nothing.
type smtpConfig struct {
	Host         string `yaml:"host"`
	Port         int    `yaml:"port"`
	From         string `yaml:"from"`
	Username     string `yaml:"username"`
	PasswordFile string `yaml:"passwordFile"`
	TLS          string `yaml:"tls"`
}

// signInConfig is an OpenID provider whose people may sign in to the console.
type signInConfig struct {
	Name             string `yaml:"name"`
	Issuer           string `yaml:"issuer"`
	ClientID         string `yaml:"clientID"`
	ClientSecretFile string `yaml:"clientSecretFile"`
	Body             string `yaml:"body"`
}
