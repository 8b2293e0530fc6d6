package main

import (
	"context"
	"errors"
	"io"

	"github.com/employment-passport/passport/issuer"
)

// print writes credentials of this home as one PDF, as "passport print" does.
func (s *service) print(ctx context.Context, w io.Writer, rows []issuer.Issuance, layout, lang string) error {
	a := *s.house.app
	a.lang, a.quiet, a.err = lang, true, io.Discard
	err := func() error {
		o := printOptions{layout: layout, base: firstOf(s.config.linkBase(), defaultVerifyBase)}
		if !o.known() {
			return fail(exitUsage, "print_layout", "layout", layout)
		}
		return a.printRows(ctx, w, s.house.issuer, rows, o)
	}()
	var f *failure
	if errors.As(err, &f) && f.exit != exitInternal {
		return &issuer.Error{Code: f.code, Args: f.args, Err: err} // as a refusal of a role, which every door can tell
	}
	return err
}

// printOne is print for one credential.
func (s *service) printOne(ctx context.Context, w io.Writer, row issuer.Issuance, layout, lang string) error {
	return s.print(ctx, w, []issuer.Issuance{row}, layout, lang)
}
