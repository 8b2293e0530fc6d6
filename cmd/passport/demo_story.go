package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/employment-passport/passport/examples"
	"github.com/employment-passport/passport/internal/i18n"
)

// issue signs one credential for a person with a wallet and a sheet of twelve
// for people with nothing but paper.
func (d *demo) issue() error {
	holder, err := d.wallets("init")
	if err != nil {
		return err
	}
	learner, err := d.learner(lastLine(holder))
	if err != nil {
		return err
	}
	first, body := d.firstTemplate(), demoBodies()[0].short()
	id, err := d.run("--home", d.path("bodies"), "issue", "--issuer", body, "--template", first,
		"--learner", learner, "--out", d.path("issued", "amina.jwt"))
	if err != nil {
		return err
	}
	d.amina = strings.TrimSpace(id)
	out, err := d.run("--home", d.path("bodies"), "issue", "--issuer", body, "--template", first,
		"--sheet", d.path("examples", "learners", "class-12.csv"), "--out", d.path("issued"), "--report", d.path("issued", "report.csv"))
	if err != nil {
		return err
	}
	d.tell("   " + i18n.T(d.a.lang, "demo.issued", map[string]string{"count": fmt.Sprint(len(strings.Fields(out)))}))
	return nil
}

// learner writes the learner file of the one who holds a key.
func (d *demo) learner(did string) (string, error) {
	data, err := examples.Files.ReadFile("learners/01-amina-diallo.json")
	if err != nil {
		return "", err
	}
	var learner map[string]string
	if err := json.Unmarshal(data, &learner); err != nil {
		return "", err
	}
	learner["holder"] = did
	if data, err = json.MarshalIndent(learner, "", "  "); err != nil {
		return "", err
	}
	return d.path("amina.json"), d.write("amina.json", string(data)+"\n")
}

func (d *demo) firstTemplate() string {
	names, err := fs.Glob(examples.Files, "templates/*.json")
	if err != nil || len(names) == 0 {
		panic("no template embedded") // a test reads them
	}
	data, _ := examples.Files.ReadFile(names[0])
	var t struct{ Name string }
	_ = json.Unmarshal(data, &t)
	return t.Name
}

// trust publishes what the bodies publish, lets the region recognise them and
// makes the bundle that an employer carries.
func (d *demo) trust() error {
	if _, err := d.run("--home", d.path("bodies"), "status", "publish", "--out", d.path("public")); err != nil {
		return err
	}
	for _, b := range demoBodies() {
		if _, err := d.run("--home", d.path("region"), "trust", "recognise", d.path("public", didDocumentPath(b.Domain)),
			"--name", b.Name, "--country", b.Country, "--schema", "MicroCredential"); err != nil {
			return err
		}
	}
	return d.bundle()
}

func (d *demo) bundle() error {
	_, err := d.run("--home", d.path("region"), "trust", "bundle", "--out", d.path("bundle"), "--lists", d.path("public"))
	return err
}

// didDocumentPath is where "status publish" lays a did:web document out.
func didDocumentPath(domain string) string {
	host, path, deep := strings.Cut(domain, "/")
	if !deep {
		path = ".well-known"
	}
	return filepath.Join(host, filepath.FromSlash(path), "did.json")
}

// wallet keeps Amina's credential and prints her passport.
func (d *demo) wallet() error {
	if _, err := d.wallets("import", d.path("issued", "amina.jwt")); err != nil {
		return err
	}
	for _, format := range []string{"qr", "svg"} {
		file := "passport.png"
		if format == "svg" {
			file = "passport.svg"
		}
		if _, err := d.wallets("present", "--all", "--format", format, "--out", d.path(file)); err != nil {
			return err
		}
	}
	if _, err := d.run("--home", d.path("jobseeker"), "qr", "encode", d.path("issued", "amina.jwt"), "--out", d.path("paper.png")); err != nil {
		return err
	}
	if _, err := d.run("--home", d.path("jobseeker"), "qr", "encode", d.path("issued", "amina.jwt"), "--out", d.path("paper.svg")); err != nil {
		return err
	}
	if err := d.papers(); err != nil {
		return err
	}
	text, err := d.run("qr", "decode", d.path("paper.png"))
	if err != nil {
		return err
	}
	token, err := os.ReadFile(d.path("issued", "amina.jwt"))
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) != strings.TrimSpace(string(token)) {
		return fmt.Errorf("the printed code does not give the token back")
	}
	d.tell("   " + i18n.T(d.a.lang, "demo.scanned", map[string]string{"size": fmt.Sprint(len(strings.TrimSpace(text)))}))
	d.zbarimg(d.path("paper.png"))
	return nil
}

// papers prints what a desk would hand over: the booklet that folds, the
// certificate and the card; and the curriculum that her wallet writes.
func (d *demo) papers() error {
	second := d.a.lang
	if second == "it" {
		second = "en"
	}
	for _, paper := range [][2]string{{"booklet", "passport.pdf"}, {"micro", "certificate.pdf"}, {"card", "card.pdf"}} {
		if _, err := d.run("--home", d.path("bodies"), "print", d.amina, "--layout", paper[0], "--lang-holder", second, "--out", d.path(paper[1])); err != nil {
			return err
		}
	}
	anchor, err := d.anchor()
	if err != nil {
		return err
	}
	_, err = d.wallets("cv", "--format", "pdf", "--bundle", d.path("bundle"), "--anchor", anchor, "--out", d.path("cv.pdf"))
	return err
}

// verify judges the printed passport with the bundle alone and keeps both the
// words and the data.
func (d *demo) verify(when string, want int) error {
	anchor, err := d.anchor()
	if err != nil {
		return err
	}
	args := []string{"--home", d.path("employer"), "verify", d.path("paper.png"), "--bundle", d.path("bundle"), "--anchor", anchor}
	words, code, err := d.try(args...)
	if err != nil {
		return err
	}
	if code != want {
		return fmt.Errorf("the verdict's exit code is %d and should be %d:\n%s", code, want, words)
	}
	quiet := d.a.quiet
	d.a.quiet = true // the same line again, for its data
	data, _, err := d.try(append(args, "--json")...)
	d.a.quiet = quiet
	if err != nil {
		return err
	}
	if err := d.write("verdict-"+when+".json", data); err != nil {
		return err
	}
	fmt.Fprint(d.a.out, words)
	return d.write("verdict-"+when+".txt", words)
}

func (d *demo) anchor() (string, error) {
	out, err := d.run("--home", d.path("region"), "trust", "list", "--json")
	if err != nil {
		return "", err
	}
	var authority struct{ Anchor string }
	if err := json.Unmarshal([]byte(out), &authority); err != nil {
		return "", err
	}
	return authority.Anchor, nil
}

// revoke takes Amina's credential back and brings the news into the bundle.
func (d *demo) revoke() error {
	if _, err := d.run("--home", d.path("bodies"), "revoke", d.amina, "--reason", "issued-in-error"); err != nil {
		return err
	}
	row, err := d.run("--home", d.path("bodies"), "show", d.amina, "--json")
	if err != nil {
		return err
	}
	if err := d.write("revoked.json", row); err != nil {
		return err
	}
	if _, err := d.run("--home", d.path("bodies"), "status", "publish", "--out", d.path("public")); err != nil {
		return err
	}
	return d.bundle()
}

func (d *demo) wallets(args ...string) (string, error) {
	return d.run(append([]string{"--home", d.path("jobseeker"), "wallet"}, args...)...)
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
