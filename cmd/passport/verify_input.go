package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/reading"
	"github.com/employment-passport/passport/verifier/intake"
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
			inputs = append(inputs, verifyInput{name: intake.FirstRunes(arg, 24), text: arg})
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
	return intake.IsToken(arg) || intake.IsCode(arg) || intake.IsShortCode(arg)
}

// readVerifyInput takes an input apart. A problem is about reading; it says
// nothing of a document.
func (a *app) readVerifyInput(ctx context.Context, s *verifySetup, in verifyInput) (read intake.Taken, problem *failure) {
	data := []byte(in.text)
	if in.text == "" {
		var err error
		if data, err = a.readQRInput(in.name); err != nil {
			return intake.Taken{}, asFailure(err)
		}
	}
	found, unreadable := reading.Look(ctx, in.name, data, s.dictionaries...)
	if unreadable != nil {
		return intake.Taken{}, problemFailure(unreadable)
	}
	read, remark, unreadable := found.Take(s.source(in))
	if remark != "" {
		a.remark(remark, map[string]string{"file": in.name})
	}
	if unreadable != nil {
		return intake.Taken{}, problemFailure(unreadable)
	}
	if found.Kind == reading.Text && slices.ContainsFunc(read.Tokens, intake.IsStatusList) && len(intake.TokensInJSON(data)) == 0 && len(read.Bases) == 0 {
		a.remark("verify.status_list", map[string]string{"file": in.name})
	}
	return read, nil
}

// source is what the sentences about an input and its codes need.
func (s *verifySetup) source(in verifyInput) intake.Source {
	return intake.Source{Name: in.name, Folder: in.many, Dictionaries: s.dictionaries}
}

// asFailure keeps the words that an error has, or gives it general ones.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return fail(exitUsage, "verify_unreadable", "detail", err.Error()).wrap(err)
}

// problemFailure gives what could not be read its exit code: UNKNOWN where that
// is no fault of the input.
func problemFailure(p *intake.Problem) *failure {
	if p == nil {
		return nil
	}
	exit := exitUsage
	if p.Unknown {
		exit = exitUnknown
	}
	return &failure{exit: exit, code: p.Code, args: p.Args, cause: p.Err}
}

// remarkUnread tells on stderr what the reading could not take in, for commands
// whose result is no verdict.
func (a *app) remarkUnread(read intake.Taken) {
	for _, told := range read.Told {
		a.remark("check."+told.Code, told.Args)
	}
}
