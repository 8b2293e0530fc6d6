package issuerpublic

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/issuer"
)

// catchUp brings back what an earlier run has told the world and the store does
// not know, because it was restored from a backup since: to sign its lists would
// take revocations back in silence (promises P5, P6). Lists that were opened
// after the backup are taken over. Where that cannot be, as with a key that the
// store does not know either, nothing may be published.
func (p *Public) catchUp(ctx context.Context, w *world) error {
	known, others, err := p.keptLists(w)
	if err != nil {
		return err
	}
	switch err := p.c.Issuer.HoldPublished(ctx, known); {
	case refusedWith(err, "published_ahead"):
		others = append(others, known...)
	case err != nil:
		return err
	}
	if len(others) == 0 {
		return nil
	}
	m, err := p.c.Issuer.MergeLists(ctx, publisher, others)
	if refusedWith(err, "merge_nothing") {
		return nil // lists of nobody here
	}
	if err != nil {
		return err
	}
	p.c.Log.Warn("brought back what was published before a restore", "lists", m.Lists,
		"revoked", len(m.Revoked), "suspended", len(m.Suspended), "unknown", m.Unknown, "opened", len(m.Opened))
	return nil
}

// keptLists are the signed lists of the folder: those that the store knows, and
// others.
func (p *Public) keptLists(w *world) (known, others []string, err error) {
	in := map[string]bool{}
	for _, b := range w.bodies {
		for _, l := range b.lists {
			in[l.URL] = true
		}
	}
	err = p.kept.each(func(data []byte) {
		if _, says, err := readList(string(data)); err != nil {
			return // no list, or half of one
		} else if in[says.ID] {
			known = append(known, string(data))
		} else {
			others = append(others, string(data))
		}
	})
	return known, others, err
}

// each yields the kept files that can be read.
func (f *folder) each(yield func(data []byte)) error {
	if f == nil {
		return nil
	}
	dir, err := f.root.Open(".")
	if err != nil {
		return err
	}
	names, err := dir.Readdirnames(-1)
	if err = errors.Join(err, dir.Close()); err != nil {
		return err
	}
	for _, name := range names {
		if data, err := f.readFile(name); err == nil {
			yield(data)
		}
	}
	return nil
}

func refusedWith(err error, code string) bool {
	var refused *issuer.Error
	return errors.As(err, &refused) && refused.Code == code
}
