package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/employment-passport/passport/examples"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/spf13/cobra"
)

func newDemoCommand(a *app) *cobra.Command {
	dir := "demo"
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Play the whole story on the embedded examples and keep every file",
		Long: `Plays the whole story: an authority, two training bodies, a class of learners, a
wallet, a printed passport, verification with no network, a revocation, and
verification again. Every file stays in the folder to look at. The people in it
are invented and its keys are for showing only.`,
		Example: "  passport demo --dir demo",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return playDemo(a, dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", dir, "folder for the files; an earlier demo in it is replaced")
	return cmd
}

// demo tells the story through the same command lines that a person would
// type; each line that it runs is shown, so that the reader can run it too.
type demo struct {
	a     *app
	dir   string
	amina string // id of the credential that the story follows
}

// demoMark is a file that only a demo writes: a folder without it is never
// cleared away.
const demoMark = ".passport-demo"

func playDemo(a *app, dir string) error {
	d := &demo{a: a, dir: dir}
	chapters := []struct {
		title string
		play  func() error
	}{
		{"demo.prepare", d.prepare},
		{"demo.bodies", d.bodies},
		{"demo.issue", d.issue},
		{"demo.trust", d.trust},
		{"demo.wallet", d.wallet},
		{"demo.before", func() error { return d.verify("before", exitOK) }},
		{"demo.revoke", d.revoke},
		{"demo.after", func() error { return d.verify("after", exitInvalid) }},
	}
	for i, c := range chapters {
		d.tell(fmt.Sprintf("%d. %s", i+1, i18n.T(a.lang, c.title, nil)))
		if err := c.play(); err != nil {
			return fmt.Errorf("demo, %s: %w", strings.TrimPrefix(c.title, "demo."), err)
		}
	}
	d.tell(i18n.T(a.lang, "demo.end", map[string]string{"dir": dir}))
	return nil
}

// prepare makes the folder and lays out the examples and a passphrase.
func (d *demo) prepare() error {
	if entries, err := os.ReadDir(d.dir); err == nil && len(entries) > 0 {
		if _, err := os.Stat(d.path(demoMark)); err != nil {
			return fail(exitUsage, "demo_folder", "dir", d.dir)
		}
		if err := os.RemoveAll(d.dir); err != nil {
			return fail(exitUsage, "demo_folder", "dir", d.dir).wrap(err)
		}
	}
	for _, folder := range []string{"issued", "jobseeker"} {
		if err := os.MkdirAll(d.path(folder), 0o755); err != nil { //nolint:gosec // files to look at
			return fail(exitUsage, "demo_folder", "dir", d.dir).wrap(err)
		}
	}
	for name, text := range map[string]string{
		demoMark:                "made by passport demo\n",
		"passphrase":            "una frase solo per la dimostrazione\n",
		"jobseeker/config.yaml": "workFactor: 10 # quick to open, for a demonstration only\n",
	} {
		if err := os.WriteFile(d.path(name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return os.CopyFS(d.path("examples"), examples.Files)
}

// bodies makes two homes: the region's, with the authority, and the one of two
// training bodies with their course templates.
func (d *demo) bodies() error {
	if _, err := d.run("--home", d.path("region"), "init", "--work-factor", "10"); err != nil {
		return err
	}
	if _, err := d.run("--home", d.path("bodies"), "init", "--work-factor", "10"); err != nil {
		return err
	}
	if _, err := d.run("--home", d.path("region"), "trust", "init", "Regione Esempio", "--did", "key"); err != nil {
		return err
	}
	for _, b := range demoBodies() {
		args := []string{"--home", d.path("bodies"), "issuer", "add", b.short(), "--title", b.Name, "--did", "web", "--domain", b.Domain, "--country", b.Country}
		if b.Region != "" {
			args = append(args, "--region", b.Region)
		}
		if _, err := d.run(args...); err != nil {
			return err
		}
	}
	templates, err := fs.Glob(examples.Files, "templates/*.json")
	if err != nil {
		return err
	}
	for _, t := range templates {
		if _, err := d.run("--home", d.path("bodies"), "template", "add", d.path("examples", filepath.FromSlash(t))); err != nil {
			return err
		}
	}
	return nil
}

// demoBody is one entry of examples/bodies.json that has a domain.
type demoBody struct{ Name, Domain, Country, Region string }

// short is the name that commands call the body by.
func (b demoBody) short() string {
	name, _, _ := strings.Cut(path.Base(b.Domain), ".")
	return name
}

func demoBodies() []demoBody {
	var all []demoBody
	data, err := examples.Files.ReadFile("bodies.json")
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		panic(err) // embedded, and read by a test
	}
	with := all[:0]
	for _, b := range all {
		if b.Domain != "" {
			with = append(with, b)
		}
	}
	return with
}

func (d *demo) path(parts ...string) string {
	return filepath.Join(append([]string{d.dir}, parts...)...)
}

func (d *demo) tell(words string) {
	if !d.a.quiet {
		fmt.Fprintln(d.a.err, words)
	}
}

// run executes one command line of ours and returns what it printed. A code
// other than 0 is an error that carries its words.
func (d *demo) run(args ...string) (string, error) {
	out, code, err := d.try(args...)
	if err == nil && code != exitOK {
		err = fmt.Errorf("%s ended with %d", strings.Join(args, " "), code)
	}
	return out, err
}

func (d *demo) try(args ...string) (string, int, error) {
	if !d.a.quiet {
		fmt.Fprintln(d.a.err, "   passport", shellWords(args))
	}
	var out, talk bytes.Buffer
	line := append([]string{"--lang", d.a.lang, "--passphrase-file", d.path("passphrase"), "--wallet", d.path("jobseeker", "wallet.age")}, args...)
	code := run(line, strings.NewReader(""), &out, &talk)
	if code == exitUsage || code == exitInternal {
		return "", code, fmt.Errorf("%s: %s", strings.Join(args, " "), oneLine(talk.String()))
	}
	return out.String(), code, nil
}

func shellWords(args []string) string {
	words := make([]string, len(args))
	for i, w := range args {
		words[i] = w
		if strings.ContainsAny(w, " '\"") {
			words[i] = `"` + w + `"`
		}
	}
	return strings.Join(words, " ")
}

// zbarimg reads the printed code with an independent program where one is
// installed.
func (d *demo) zbarimg(picture string) {
	program, err := exec.LookPath("zbarimg")
	if err != nil {
		return
	}
	out, err := exec.Command(program, "--quiet", "--raw", picture).Output() //nolint:gosec,noctx // the demo's own picture, a program that ends by itself
	words := "demo.zbarimg_failed"
	if err == nil && strings.Contains(string(out), "#1") {
		words = "demo.zbarimg"
	}
	d.tell("   " + i18n.T(d.a.lang, words, map[string]string{"size": fmt.Sprint(len(strings.TrimSpace(string(out))))}))
}

func (d *demo) write(name, text string) error {
	return os.WriteFile(d.path(name), []byte(text), 0o644) //nolint:gosec // files to look at
}

func demoCommands(a *app) []*cobra.Command { return []*cobra.Command{newDemoCommand(a)} }
