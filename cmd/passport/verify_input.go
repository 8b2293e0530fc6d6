package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/pdf"
	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/verifier"
)

// verifyInput is one thing to judge: a file, standard input, or a token that
// was given on the command line itself.
type verifyInput struct {
	name string
	text string // when it is no file
	many bool   // one of a folder, in which other things may lie too
}

// verifyInputs spreads folders out. many is set where the results need names.
func (a *app) verifyInputs(args []string) (inputs []verifyInput, many bool, err error) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case arg == "-":
			inputs = append(inputs, verifyInput{name: arg})
		case err == nil && info.IsDir():
			many = true
			found, err := filesBelow(arg)
			if err != nil {
				return nil, false, fail(exitUsage, "verify_folder", "path", arg).wrap(err)
			}
			inputs = append(inputs, found...)
		case err != nil && looksLikeText(arg):
			inputs = append(inputs, verifyInput{name: firstRunes(arg, 24), text: arg})
		default: // a missing file is told when it is read
			inputs = append(inputs, verifyInput{name: arg})
		}
	}
	if len(inputs) == 0 {
		return nil, false, fail(exitUsage, "verify_empty_folder", "path", strings.Join(args, " "))
	}
	return inputs, many || len(inputs) > 1, nil
}

func filesBelow(dir string) (found []verifyInput, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
			found = append(found, verifyInput{name: path, many: true})
		}
		return err
	})
	return found, err
}

// spread puts the files of a folder in its place.
func spread(args []string) (all []string, err error) {
	for _, arg := range args {
		if info, err := os.Stat(arg); err != nil || !info.IsDir() {
			all = append(all, arg)
			continue
		}
		found, err := filesBelow(arg)
		if err != nil {
			return nil, fail(exitUsage, "verify_folder", "path", arg).wrap(err)
		}
		if len(found) == 0 {
			return nil, fail(exitUsage, "verify_empty_folder", "path", arg)
		}
		for _, f := range found {
			all = append(all, f.name)
		}
	}
	return all, nil
}

// looksLikeText tells a token or the text of a code from the name of a file.
func looksLikeText(arg string) bool {
	return isTokenLike(arg) || isQRText(arg) || isShortCode(arg)
}

// shortCode is what stands under a printed code for typing: a document number,
// capitals and digits in groups.
var shortCode = regexp.MustCompile(`^[\p{Lu}0-9]{1,24}([-/][\p{Lu}0-9]{1,24}){1,5}$`)

// isShortCode: a name without a digit is no number of a document.
func isShortCode(s string) bool {
	return shortCode.MatchString(s) && strings.ContainsAny(s, "0123456789")
}

// isTokenLike: a compact token begins with {" in base64url and has dots.
// Whether it is a good one is the verifier's to say.
func isTokenLike(s string) bool { return strings.HasPrefix(s, "ey") && strings.Contains(s, ".") }

// isQRText: anything, "#", a kind, digits.
func isQRText(s string) bool {
	_, body, ok := strings.Cut(s, "#")
	return ok && len(body) > 1 && strings.Trim(body, "0123456789") == ""
}

// readVerifyInput takes an input apart. A problem is about reading; it says
// nothing of a document.
func (a *app) readVerifyInput(ctx context.Context, s *verifySetup, in verifyInput) (read taken, problem *failure) {
	data := []byte(in.text)
	if in.text == "" {
		var err error
		if data, err = a.readQRInput(in.name); err != nil {
			return taken{}, asFailure(err)
		}
	}
	if isTwoKinds(data) {
		return taken{}, fail(exitUsage, "file_two_kinds", "file", in.name)
	}
	if token, problem := badgeToken(in.name, data); problem != nil {
		return taken{}, problem
	} else if token != "" {
		return a.badgeTokens(ctx, s, in.name, data, token), nil
	}
	if scan.IsPicture(data) {
		sight, err := scan.Read(ctx, data, s.dictionaries...)
		if err != nil {
			return taken{}, asFailure(qrFailure(in.name, err))
		}
		return s.sightTokens(in.name, sight)
	}
	if pdf.IsPDF(data) {
		return a.pdfTokens(ctx, s, in.name, data)
	}
	if isGzip(data) {
		return taken{}, fail(exitUsage, "verify_is_bundle", "file", in.name)
	}
	if tokens := tokensInJSON(data); len(tokens) > 0 {
		return taken{tokens: tokens}, nil
	}
	var texts, tokens []string
	fields := strings.Fields(string(data))
	switch {
	case len(fields) == 0:
		return taken{}, nothingIn(in.name)
	case len(fields) == 1 && isShortCode(fields[0]):
		return taken{}, fail(exitUnknown, "short_code", "code", fields[0]) // only its issuer knows what it stands for
	case isBroken(fields):
		return taken{}, fail(exitUsage, "text_broken", "file", in.name)
	}
	for _, field := range fields {
		switch {
		case isQRText(field):
			texts = append(texts, field)
		case isTokenLike(field):
			tokens = append(tokens, field)
		default:
			return taken{}, fail(exitUsage, "verify_unreadable", "file", in.name)
		}
	}
	if len(texts) > 0 {
		read, problem := s.codeTokens(in.name, texts)
		read.tokens = append(tokens, read.tokens...)
		return read, problem
	}
	if problem := notCredential(in.name, tokens); problem != nil {
		return taken{}, problem
	}
	if in.many && !slices.ContainsFunc(tokens, func(t string) bool { return !saysStatusList(t) }) {
		return taken{}, fail(exitUsage, "verify_is_list", "file", in.name)
	}
	if slices.ContainsFunc(tokens, saysStatusList) {
		a.remark("verify.status_list", map[string]string{"file": in.name})
	}
	return taken{tokens: tokens}, nil
}

// tokensInJSON takes what "issue --json", "qr decode --json" and "wallet present
// --json" print: every token that such an object holds, so that none hides
// behind another. Names keep their case.
func tokensInJSON(data []byte) []string {
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return nil
	}
	var printed struct {
		Token  string   `json:"token"`
		Tokens []string `json:"tokens"`
	}
	if strictjson.Unmarshal(data, &printed) != nil {
		return nil
	}
	all := printed.Tokens
	if printed.Token != "" {
		all = append([]string{printed.Token}, all...)
	}
	if !slices.ContainsFunc(all, isTokenLike) {
		return nil
	}
	return all
}

// sightTokens takes the codes of one picture, each by itself: a code of somebody
// else beside ours is no matter, one that cannot be read takes a VALID away.
func (s *verifySetup) sightTokens(name string, sight scan.Sight) (read taken, problem *failure) {
	var shown pictured
	shown.decode(sight.Texts, s.dictionaries)
	if len(shown.tokens) == 0 {
		return s.codeTokens(name, sight.Texts) // which says why
	}
	read.tokens, read.bases = inOrder(shown.tokens), shown.bases
	read.unread(verifier.CodeCodeUnread, shown.broken+sight.Unread)
	return read, nil
}

// codeTokens joins the tokens of all codes of one picture or text: the second
// code of a paper bears the status of what stands in the first.
func (s *verifySetup) codeTokens(name string, texts []string) (read taken, problem *failure) {
	messages, err := qrMessages(texts, s.dictionaries...)
	if err != nil {
		return taken{}, asFailure(qrFailure(name, err))
	}
	for _, m := range messages {
		read.tokens = append(read.tokens, m.Tokens...)
		read.bases = append(read.bases, m.Base)
	}
	return read, nil
}

// asFailure keeps the words that an error has, or gives it general ones.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return fail(exitUsage, "verify_unreadable", "detail", err.Error()).wrap(err)
}
