package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// setting finds the lines of the first configuration that are settings in a
// comment: prose has one space behind its mark.
var setting = regexp.MustCompile(`(?m)^#([a-zA-Z].*|  .*)$`)

// TestEveryFieldIsExplained: init writes every field, commented, with the value
// that it has; the page about the service names each with its variable.
func TestEveryFieldIsExplained(t *testing.T) {
	text := setting.ReplaceAllString(string(configText(18)), "$1")
	var named map[string]any
	if err := yaml.Unmarshal([]byte(text), &named); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	shown, faults := readConfig([]byte(text), noEnvironment)
	if len(faults) > 0 {
		t.Errorf("the examples are not right: %v", faults)
	}
	page, err := os.ReadFile("../../docs/service.md")
	if err != nil {
		t.Fatal(err)
	}
	c := defaultConfig()
	values := fieldsOf(&shown)
	for n, f := range fieldsOf(&c) {
		if !inFile(named, strings.Split(f.Name, ".")) {
			t.Errorf("%s is not in the first configuration", f.Name)
		}
		if is := f.String(); is != "" && is != "false" && values[n].String() != is {
			t.Errorf("%s: %s is shown, %s is so", f.Name, values[n].String(), is)
		}
		row := regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(f.Name) + "` \\| `" + envName(f.Name) + "` \\|")
		if !row.Match(page) {
			t.Errorf("docs/service.md has no row for %s, %s", f.Name, envName(f.Name))
		}
	}
	if len(shown.OIDC) != 1 || shown.OIDC[0] == (signInConfig{}) {
		t.Errorf("oidc: %+v", shown.OIDC)
	}
	for _, name := range []string{"name", "issuer", "clientID", "clientSecretFile", "body"} {
		if !strings.Contains(string(page), "`oidc[].`"+name) && !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/service.md does not tell of oidc %s", name)
		}
	}
	if fresh, faults := readConfig([]byte(firstConfig), noEnvironment); len(faults) > 0 || fmt.Sprint(fresh) != fmt.Sprint(defaultConfig()) {
		t.Errorf("as it is written: %v %+v", faults, fresh)
	}
}

// TestFaultsOfTheConfiguration: one sentence each, with the line where there is
// one, and never a value that could be a secret.
func TestFaultsOfTheConfiguration(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil}, {"listen: :8080\nbaseURL: https://passport.example.org/\n", nil}, {"baseURL: http://localhost:8080\n", nil},
		{"\n\nlisen: :8080\n", []string{"Line 3: there is no field lisen."}},
		{"limits:\n  bodybytes: 7\n", []string{"Line 2: there is no field bodybytes."}},
		{"smtp: {host: mail.example.org, password: hunter2}\n", []string{"Line 1: there is no field password."}},
		{"listen: a:1\nlisten: b:2\n", []string{"Line 2: the field listen stands there twice."}},
		{"limits: {wait: soon}\n", []string{"Line 1 cannot be read, or has a value of another kind."}},
		{"workFactor: 18\nlimits:\n  connections: many\n  wait: 2s\n", []string{"Line 3 cannot be read, or has a value of another kind."}},
		{"a: [\n", []string{"Line 1 cannot be read, or has a value of another kind."}}, {"--- {}\n--- {}\n", []string{"The file holds more than one document."}},
		{"baseURL: http://passport.example.org\n", []string{"baseURL must begin with https and have no path. For this machine alone http will do."}},
		{"baseURL: https://u:p@example.org\n", []string{"baseURL must begin with https"}}, {"baseURL: https://example.org?a\n", []string{"baseURL must begin with https"}},
		{"listen: 8080\nlogLevel: loud\n", []string{"logLevel must be one of these: debug, info, warn, error.", "listen must be an address with a port, such as 127.0.0.1:8080."}},
		{"trustedProxies: [10.0.0.1, 10.0.0.0/8]\n", []string{"In trustedProxies, 10.0.0.1 is no range of addresses such as 10.0.0.0/8."}},
		{"bundle: b\n", []string{"bundle needs anchor too."}}, {"anchor: abc\n", []string{"anchor must be a fingerprint of 43 characters."}},
		{"limits: {wait: 2h, acting: 0, bodyBytes: 10}\n", []string{
			"limits.bodyBytes must be between 1024 and 67108864.", "limits.acting must be between 1 and 65536.", "limits.wait must be between 1ms and 1m0s."}},
		{"smtp: {host: mail.example.org, username: u, tls: none, port: 0}\n", []string{
			"smtp.port must be between 1 and 65535.", "smtp.host needs smtp.from too.", "smtp.username needs smtp.passwordFile too.", "smtp.tls may be none only if the mail server is on this machine."}},
		{"smtp: {from: pippo}\n", []string{"smtp.from must be an e-mail address."}},
		{"smtp: {from: Ente <a@ente.example>}\n", nil},
		{"oidc: [{name: a, issuer: http://login.example.org, clientID: c}]\n", []string{"oidc[0].clientSecretFile is missing.", "oidc[0].body is missing.", "oidc[0].issuer must be an https address."}},
		{"vcApi: {openUnsafe: true}\n", []string{"vcApi.openUnsafe needs vcApi.issuer too."}},
		{"baseURL: https://passport.example\nvcApi: {openUnsafe: true, issuer: ente}\n", []string{"vcApi.openUnsafe is allowed only if the service listens on this machine alone"}},
		{"trustedProxies: [127.0.0.1/32]\nvcApi: {openUnsafe: true, issuer: ente}\n", []string{"vcApi.openUnsafe is allowed only if the service listens on this machine alone"}},
		{"listen: 0.0.0.0:8080\nvcApi: {openUnsafe: true, issuer: ente}\n", []string{"vcApi.openUnsafe is allowed only if the service listens on this machine alone"}},
		{"freshStatus: 31d\n", []string{"freshStatus must be above zero and not above maxStatusAge."}}, {"workFactor: 40\n", []string{"workFactor must be between 1 and 20."}},
		{"verificationMethod: JWK\n", []string{"verificationMethod must be one of these: JsonWebKey, JsonWebKey2020."}}, {"bundleURL: http://a.example\n", []string{"bundleURL must be an https address."}},
		{"verifyBase: https://verify.a-long-name.example.org\n", []string{"verifyBase must be an https address of at most 31 characters."}},
	} {
		_, faults := readConfig([]byte(c.text), noEnvironment)
		var said []string
		for _, f := range faults {
			said = append(said, f.words("en"))
		}
		ok := len(said) == len(c.want)
		for n := range min(len(said), len(c.want)) {
			ok = ok && strings.HasPrefix(said[n], c.want[n])
		}
		if !ok || strings.Contains(strings.Join(said, ""), "hunter2") {
			t.Errorf("%q: %q, want %q", c.text, said, c.want)
		}
	}
}

// TestEnvironmentOverTheFile: a variable counts more than the file, a flag more
// than the variable; one that cannot be read is named.
func TestEnvironmentOverTheFile(t *testing.T) {
	variables := map[string]string{
		"PASSPORT_LISTEN": "127.0.0.1:9000", "PASSPORT_BASE_URL": "https://env.example", "PASSPORT_TRUSTED_PROXIES": "10.0.0.0/8, ::1/128", "PASSPORT_LIMITS_WAIT": "3s",
		"PASSPORT_LIMITS_BODY_BYTES": "2048", "PASSPORT_VC_API_OPEN_UNSAFE": "true", "PASSPORT_SMTP_PORT": "25", "PASSPORT_ACCEPT_CLOCK": "2028-03-01", "PASSPORT_LOG_LEVEL": "",
		"PASSPORT_ANCHOR": "12345", "PASSPORT_FRESH_STATUS": "1d",
	}
	get := func(name string) string { return variables[name] }
	c, faults := readConfig([]byte("listen: :1\nbaseURL: https://file.example\nlogLevel: warn\nvcApi: {issuer: ente}\n"), get)
	if len(faults) != 2 || faults[0].code != "anchor" || faults[1].code != "unsafe" { // an open VC API behind a proxy
		t.Fatalf("%v", faults)
	}
	if c.Listen != "127.0.0.1:9000" || c.BaseURL != "https://env.example" || len(c.TrustedProxies) != 2 || c.Limits.Wait.String() != "3s" || c.Limits.BodyBytes != 2048 ||
		!c.VCAPI.OpenUnsafe || c.SMTP.Port != 25 || c.AcceptClock.String() != "2028-03-01" || c.LogLevel != "warn" || c.Anchor != "12345" || c.FreshStatus.String() != "24h0m0s" {
		t.Errorf("%+v", c)
	}
	(serveFlags{listen: "127.0.0.1:0"}).over(&c)
	if c.Listen != "127.0.0.1:0" || c.BaseURL != "https://env.example" {
		t.Errorf("flags: %+v", c)
	}
	for name, value := range map[string]string{"PASSPORT_LIMITS_WAIT": "soon", "PASSPORT_SMTP_PORT": "many", "PASSPORT_ACCEPT_CLOCK": "tomorrow", "PASSPORT_VC_API_OPEN_UNSAFE": "perhaps"} {
		_, faults := readConfig(nil, func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		})
		if len(faults) != 1 || !strings.Contains(faults[0].words("en"), name) || strings.Contains(faults[0].words("en"), value) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

// TestConfigCheck: what it prints and how it ends.
func TestConfigCheck(t *testing.T) {
	quietEnvironment(t)
	home := t.TempDir()
	t.Setenv("LANG", "en")
	t.Setenv("LC_ALL", "en")
	put := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	check := func(args ...string) (int, string, string) {
		var out, errs strings.Builder
		code := run(append([]string{"--home", home, "config", "check"}, args...), strings.NewReader(""), &out, &errs)
		return code, out.String(), errs.String()
	}
	if code, out, errs := check(); code != exitOK || !strings.Contains(out, "listen ") || !strings.Contains(errs, "all is well") {
		t.Errorf("without a file: %d %s%s", code, out, errs)
	}
	good, open := put("password", "canary-password", 0o600), put("secret", "canary-secret", 0o644)
	put(configName, "listen: 127.0.0.1:7000\nlimits: {wait: 4s}\nsmtp: {host: mail.example.org, from: a@example.org, username: u, passwordFile: "+good+"}\n", 0o600)
	t.Setenv("PASSPORT_BASE_URL", "https://passport.example.org")
	code, out, errs := check("--json")
	var result checkedConfig
	if err := json.Unmarshal([]byte(out), &result); err != nil || code != exitOK || len(result.Faults) != 0 || result.Path != filepath.Join(home, configName) {
		t.Fatalf("%d %v %s%s", code, err, out, errs)
	}
	from := map[string]string{}
	for _, v := range result.Values {
		from[v.Name] = v.Value + " " + v.From
	}
	for name, want := range map[string]string{"listen": "127.0.0.1:7000 file", "baseURL": "https://passport.example.org PASSPORT_BASE_URL", "limits.wait": "4s file", "limits.acting": "256 default", "smtp.passwordFile": good + " file"} {
		if from[name] != want {
			t.Errorf("%s: %q, want %q", name, from[name], want)
		}
	}
	put(configName, "bundle: "+home+"/none\nanchor: n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg\noidc: [{name: a, issuer: https://login.example.org, clientID: c, body: b, clientSecretFile: "+open+"}]\n", 0o600)
	code, out, errs = check()
	if code != exitInvalid || strings.Count(errs, "passport: error: ") != 2 || !strings.Contains(errs, "anybody can read the file "+open) || !strings.Contains(errs, "bundle: the file "+home+"/none is not there") {
		t.Errorf("%d %s%s", code, out, errs)
	}
	if strings.Contains(out+errs, "canary") {
		t.Errorf("a secret is shown: %s%s", out, errs)
	}
	put(configName, "listen: :1\nlisen: :2\n", 0o600)
	if code, _, errs = check("--quiet"); code != exitInvalid || !strings.Contains(errs, "Line 2: there is no field lisen.") {
		t.Errorf("%d %s", code, errs)
	}
	if code := run([]string{"--home", home, "list"}, strings.NewReader(""), &strings.Builder{}, &strings.Builder{}); code != exitUsage {
		t.Errorf("another command: %d", code)
	}
}

// TestConfigCheckLooksAround: a body that is not there, a variable that is
// misspelt and a home that was never made are each a sentence.
func TestConfigCheckLooksAround(t *testing.T) {
	quietEnvironment(t)
	dir := t.TempDir()
	home, pass := filepath.Join(dir, "home"), filepath.Join(dir, "pass")
	if err := os.WriteFile(pass, []byte("correct horse battery staple"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PASSPORT_PASSPHRASE_FILE", pass)
	t.Setenv("LANG", "en")
	t.Setenv("LC_ALL", "en")
	check := func(want ...string) {
		t.Helper()
		var errs strings.Builder
		code := run([]string{"--home", home, "config", "check"}, strings.NewReader(""), &strings.Builder{}, &errs)
		for _, one := range want {
			if code != exitInvalid || !strings.Contains(errs.String(), one) {
				t.Errorf("%d %s, want %s", code, errs.String(), one)
			}
		}
		if n := strings.Count(errs.String(), "passport: error: "); n != len(want) {
			t.Errorf("%d faults: %s", n, errs.String())
		}
	}
	check("The folder " + home + " is not there.")
	for _, args := range [][]string{{"init", "--work-factor", "1"}, {"issuer", "add", "ente", "--did", "web", "--domain", "ente.example", "--country", "IT"}} {
		desk(t, append([]string{"--home", home}, args...)...)
	}
	settings := func(text string) {
		if err := os.WriteFile(filepath.Join(home, configName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	settings("vcApi: {issuer: ente}\n")
	check()
	settings("vcApi: {issuer: nobody}\n")
	t.Setenv("PASSPORT_LISSTEN", "127.0.0.1:9")
	t.Setenv("PASSPORT_SERVICE_HOST", "10.0.0.1")
	check("vcApi.issuer: there is no issuer named nobody here.", "The variable PASSPORT_LISSTEN is none of this program’s.")
}

// quietEnvironment empties the variables that tests and CI are run with.
func quietEnvironment(t *testing.T) {
	t.Helper()
	for _, one := range os.Environ() {
		if name, _, _ := strings.Cut(one, "="); strings.HasPrefix(name, "PASSPORT_") {
			t.Setenv(name, "")
		}
	}
}
