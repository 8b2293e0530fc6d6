package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/verifierweb"
	"github.com/spf13/cobra"
)

// defaultVerifyBase stands in a printed code where the configuration names no
// other page. The name is reserved for examples: nobody can take it.
const defaultVerifyBase = "https://passport.example/v"

const (
	chunkBytes = 600 // of the frame in each of several codes on a screen
	moduleDots = 8   // pixels a module of a PNG
)

func qrCommands(a *app) []*cobra.Command {
	cmd := &cobra.Command{
		Use:   "qr",
		Short: "Turn tokens into QR codes and back",
		Long: `A QR code of Passport holds the signed token whole: what comes back is byte for
byte what went in. Reading one verifies nothing; "passport verify" does.`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newQREncodeCommand(a), newQRDecodeCommand(a))
	return []*cobra.Command{cmd}
}

type qrEncodeOptions struct {
	out, level, base string
	dots             int
	chunks, large    bool
}

func newQREncodeCommand(a *app) *cobra.Command {
	var o qrEncodeOptions
	cmd := &cobra.Command{
		Use:   "encode TOKEN|FILE|-...",
		Short: "Draw tokens as a QR code (PNG or SVG)",
		Long: `Draws credentials or presentations, then status assertions, as one QR code.
Without --out the text of the code is printed.

On paper (--ec M) a frame may take 737 bytes, on a screen (--ec L) 959. --chunks
spreads more over several codes for a screen: NAME-1.png, NAME-2.png and so on.`,
		Example: "  passport qr encode credential.jwt --out credential.png\n  passport qr encode credential.jwt assertion.jwt --out both.svg --ec M",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runQREncode(a, o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "file to write: .png or .svg")
	f.StringVar(&o.level, "ec", "M", "error correction: L for screens, M for paper, Q for rough use")
	f.StringVar(&o.base, "base", "", "link of the verify page, before the digits (default verifyBase of the configuration)")
	f.IntVar(&o.dots, "dots", moduleDots, "pixels a module of a PNG")
	f.BoolVar(&o.chunks, "chunks", false, "spread over several codes, for a screen only")
	f.BoolVar(&o.large, "allow-large", false, "draw even above the budget")
	return cmd
}

// namedBase is a base as paper names it: the example's, which leads nowhere,
// only lets the code be told for one of ours, and is never printed.
func namedBase(base string) string {
	if base == defaultVerifyBase {
		return ""
	}
	return base
}

// verifyBase is the link before the digits: the one given, else that of the
// home's configuration, else an example's.
func (a *app) verifyBase(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	settings, err := a.loadConfig()
	if err != nil {
		return "", err
	}
	return firstOf(settings.linkBase(), defaultVerifyBase), nil
}

// linkBase is the link before the digits of a printed code: the one configured,
// else the page that this service itself has, where that is short enough for a
// code and leads there from anywhere; else "".
func (c config) linkBase() string {
	if c.VerifyBase != "" || c.BaseURL == "" {
		return c.VerifyBase
	}
	for _, path := range []string{verifierweb.Path, verifierweb.Short} {
		if own := strings.TrimRight(c.BaseURL, "/") + path; qr.CheckBase(own) == nil {
			return own
		}
	}
	return ""
}

// qrDrawn is what encode prints with --json.
type qrDrawn struct {
	Files      []string `json:"files,omitempty"`
	Texts      []string `json:"texts"`
	Frame      int      `json:"frame,omitempty"` // bytes; absent for several codes
	Dictionary uint64   `json:"dictionary,omitempty"`
	Version    int      `json:"version"` // of the largest code
	Modules    int      `json:"modules"`
	PrintMM    float64  `json:"printMM"` // smallest side on paper, quiet zone not counted
}

func runQREncode(a *app, o qrEncodeOptions, args []string) error {
	level, ok := map[string]qr.Level{"L": qr.LevelL, "M": qr.LevelM, "Q": qr.LevelQ}[strings.ToUpper(o.level)]
	if !ok {
		return fail(exitUsage, "qr_level", "level", o.level)
	}
	if ext := strings.ToLower(filepath.Ext(o.out)); o.out != "" && ext != ".png" && ext != ".svg" {
		return fail(exitUsage, "qr_format", "file", o.out)
	}
	base, err := a.verifyBase(o.base)
	if err != nil {
		return err
	}
	o.base = base
	tokens, err := a.readQRTokens(args)
	if err != nil {
		return err
	}
	drawn, err := qrEncodeTexts(o, tokens, level)
	if err != nil {
		return err
	}
	for i, text := range drawn.Texts {
		version, modules, err := qr.Version(text, level)
		if err != nil {
			return qrFailure("", err)
		}
		if version > drawn.Version {
			drawn.Version, drawn.Modules, drawn.PrintMM = version, modules, qr.PrintMM(modules)
		}
		if o.out == "" {
			continue
		}
		file := numberedFile(o.out, i, len(drawn.Texts))
		if err := drawQRFile(file, text, level, o.dots); err != nil {
			return err
		}
		drawn.Files = append(drawn.Files, file)
	}
	return a.printQRDrawn(drawn)
}

func qrEncodeTexts(o qrEncodeOptions, tokens []string, level qr.Level) (*qrDrawn, error) {
	if o.chunks {
		texts, err := qr.EncodeChunks(o.base, tokens, chunkBytes)
		if err != nil {
			return nil, qrFailure("", err)
		}
		return &qrDrawn{Texts: texts}, nil
	}
	text, info, err := qr.Encode(o.base, tokens, qr.Options{})
	if err != nil {
		return nil, qrFailure("", err)
	}
	if most := qr.Cap(level); info.Frame > most && !o.large {
		return nil, fail(exitInvalid, "qr_budget", "bytes", fmt.Sprint(info.Frame), "cap", fmt.Sprint(most), "level", strings.ToUpper(o.level))
	}
	return &qrDrawn{Texts: []string{text}, Frame: info.Frame, Dictionary: info.Dictionary}, nil
}

// numberedFile puts -1, -2 and so on before the ending where there are several.
func numberedFile(file string, i, total int) string {
	if total == 1 {
		return file
	}
	ext := filepath.Ext(file)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(file, ext), i+1, ext)
}

func drawQRFile(file, text string, level qr.Level, dots int) error {
	var picture []byte
	var err error
	if strings.EqualFold(filepath.Ext(file), ".svg") {
		picture, err = qr.SVG(text, level, qr.ModuleMM)
	} else {
		picture, err = qr.PNG(text, level, dots)
	}
	if err != nil {
		return usage(err)
	}
	if err := sealed.WriteFileAtomic(file, picture, 0o600); err != nil {
		return fail(exitUsage, "qr_write", "file", file).wrap(err)
	}
	return nil
}

func (a *app) printQRDrawn(d *qrDrawn) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(d)
	}
	lines := d.Files
	if len(lines) == 0 {
		lines = d.Texts
	}
	for _, line := range lines {
		fmt.Fprintln(a.out, line)
	}
	if !a.quiet {
		fmt.Fprintf(a.err, "%s\n", i18n.T(a.lang, "qr.drawn", map[string]string{"version": fmt.Sprint(d.Version), "mm": i18n.Decimals(a.lang, fmt.Sprintf("%.1f", d.PrintMM))}))
	}
	return nil
}

func newQRDecodeCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "decode FILE|-...",
		Short: "Print the tokens of a QR code (PNG, JPEG or its text)",
		Long: `Reads pictures, or files with the text of a code, and prints the tokens, one a
line. Nothing is verified. Several parts of one passport are given together.`,
		Example: "  passport qr decode credential.png\n  passport qr decode part-1.png part-2.png",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runQRDecode(cmd.Context(), a, args) },
	}
}

func runQRDecode(ctx context.Context, a *app, args []string) error {
	var texts []string
	for _, arg := range args {
		data, err := a.readQRInput(arg)
		if err != nil {
			return err
		}
		found, err := a.qrTexts(ctx, arg, data)
		if err != nil {
			return qrFailure(arg, err)
		}
		texts = append(texts, found...)
	}
	messages, err := intake.Messages(texts)
	if err != nil {
		return qrFailure(args[0], err)
	}
	for _, m := range messages {
		if err := a.printQRMessage(m); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printQRMessage(m qr.Message) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			Base   string   `json:"base"`
			Tokens []string `json:"tokens"`
		}{m.Base, m.Tokens})
	}
	for _, token := range m.Tokens {
		fmt.Fprintln(a.out, oneLine(token))
	}
	if !a.quiet {
		fmt.Fprintf(a.err, "%s\n", oneLine(i18n.T(a.lang, "qr.decoded", map[string]string{"base": m.Base})))
	}
	return nil
}
