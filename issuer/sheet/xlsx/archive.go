package xlsx

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// freeRatio is the size below which a part may shrink as it will: a small
// worksheet of equal rows shrinks a lot and does no harm.
const freeRatio = 4 << 20

// smallPart bounds the parts that say where the others are and how numbers look.
const smallPart = 4 << 20

// archive is the file with its parts by name.
type archive struct{ parts map[string]*zip.File }

// openArchive judges the directory of the archive and unpacks nothing. The
// sizes in it bind: archive/zip gives an error for a part that is longer.
func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged(err)
	}
	if len(z.File) > MaxParts {
		return nil, refuse("sheet_unpacked", "max", strconv.Itoa(MaxUnpacked>>20))
	}
	a := &archive{parts: map[string]*zip.File{}}
	var all uint64
	for _, f := range z.File {
		n := f.UncompressedSize64
		all += min(n, MaxUnpacked+1)
		if all > MaxUnpacked || n > freeRatio && n/MaxRatio > f.CompressedSize64 {
			return nil, refuse("sheet_unpacked", "max", strconv.Itoa(MaxUnpacked>>20))
		}
		if f.Flags&1 != 0 {
			return nil, refuse("sheet_workbook") // locked with a password
		}
		if _, twice := a.parts[f.Name]; twice {
			return nil, damaged(errors.New("two parts of one name"))
		}
		a.parts[f.Name] = f
	}
	return a, nil
}

// open gives a part, which has at most that many bytes.
func (a *archive) open(name string, most uint64) (io.ReadCloser, error) {
	f, ok := a.parts[name]
	if !ok {
		return nil, damaged(errors.New("a part is missing"))
	}
	if f.UncompressedSize64 > most {
		return nil, refuse("sheet_unpacked", "max", strconv.Itoa(MaxUnpacked>>20))
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged(err)
	}
	return r, nil
}

// book is what the workbook says of itself.
type book struct {
	name     string   // of the worksheet that is read
	others   []string // further ones that are not hidden
	sheet    string   // parts by name; empty where there is none
	strings  string
	styles   string
	date1904 bool
}

// book finds the worksheet of that name, or the first that is not hidden.
func (a *archive) book(want string) (*book, error) {
	if _, ok := a.parts["_rels/.rels"]; !ok {
		return nil, refuse("sheet_workbook") // an archive of another kind
	}
	top, err := a.relations("")
	if err != nil {
		return nil, err
	}
	main := top.of("officeDocument")
	if _, ok := a.parts[main]; !ok {
		return nil, refuse("sheet_workbook")
	}
	rels, err := a.relations(main)
	if err != nil {
		return nil, err
	}
	b := &book{strings: rels.of("sharedStrings"), styles: rels.of("styles")}
	ids, err := a.worksheets(main, b, want)
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		if r.id == ids && r.kind == "worksheet" {
			b.sheet = r.target
		}
	}
	if b.sheet == "" {
		return nil, refuse("sheet_workbook") // a chart, or text with no table
	}
	return b, nil
}

// worksheets reads the list of worksheets and gives the relation's id of the
// one to read.
func (a *archive) worksheets(main string, b *book, want string) (id string, err error) {
	err = a.walk(main, smallPart, func(e element) error {
		switch e.path {
		case "workbook/workbookPr":
			b.date1904 = e.isTrue("date1904")
		case "workbook/sheets/sheet":
			name, hidden := e.attr("name"), e.attr("state") != "" && e.attr("state") != "visible"
			switch {
			case id == "" && (want == "" && !hidden || want != "" && strings.EqualFold(name, want)):
				id, b.name = e.attr("id"), name
			case !hidden:
				b.others = append(b.others, name)
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return "", err
	case id == "" && want != "":
		return "", refuse("sheet_no_worksheet", "name", want, "names", strings.Join(b.others, ", "))
	case id == "":
		return "", refuse("sheet_empty")
	}
	return id, nil
}

// relation leads from one part to another.
type relation struct{ id, kind, target string }

type relations []relation

// relations reads where a part leads to; the empty part is the archive itself.
// Those that lead out of the archive are left out.
func (a *archive) relations(part string) (relations, error) {
	folder, file := path.Split(part)
	var all relations
	return all, a.walk(folder+"_rels/"+file+".rels", smallPart, func(e element) error {
		if e.path != "Relationships/Relationship" || e.attr("TargetMode") == "External" {
			return nil
		}
		target := e.attr("Target")
		if !strings.HasPrefix(target, "/") {
			target = "/" + folder + target
		}
		all = append(all, relation{e.attr("Id"), path.Base(e.attr("Type")), strings.TrimPrefix(path.Clean(target), "/")})
		return nil
	})
}

// of gives the first part of a kind.
func (all relations) of(kind string) string {
	for _, r := range all {
		if r.kind == kind {
			return r.target
		}
	}
	return ""
}
