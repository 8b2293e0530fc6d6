package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// slimSheet names the worksheet of the workbook that excelize gets.
const slimSheet = "Sheet1"

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	docRels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	pkgRels = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// slim makes a workbook of the one worksheet, the strings and the number
// formats: whatever else a stranger has put in is not even opened.
func (a *archive) slim(b *book) (*bytes.Reader, error) {
	formats, err := a.formats(b.styles)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	date1904 := ""
	if b.date1904 {
		date1904 = ` date1904="1"`
	}
	links := `<Relationship Id="rId1" Type="` + docRels + `/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + docRels + `/styles" Target="styles.xml"/>`
	if b.strings != "" {
		links += `<Relationship Id="rId3" Type="` + docRels + `/sharedStrings" Target="/xl/sharedStrings.xml"/>`
	}
	for _, p := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + pkgRels + `"><Relationship Id="rId1" Type="` + docRels + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + mainNS + `" xmlns:r="` + docRels + `"><workbookPr` + date1904 + `/><sheets><sheet name="` + slimSheet + `" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + pkgRels + `">` + links + `</Relationships>`},
		{"xl/styles.xml", formats},
	} {
		w, err := z.Create(p[0])
		if err != nil {
			return nil, fmt.Errorf("copy workbook: %w", err)
		}
		if _, err := io.WriteString(w, xmlHead+p[1]); err != nil {
			return nil, fmt.Errorf("copy workbook: %w", err)
		}
	}
	err = errors.Join(a.copy(z, b.sheet, "xl/worksheets/sheet1.xml"), a.copy(z, b.strings, "xl/sharedStrings.xml"), z.Close())
	return bytes.NewReader(out.Bytes()), err
}

// copy takes a part over as it is packed.
func (a *archive) copy(z *zip.Writer, from, to string) error {
	if from == "" {
		return nil
	}
	f := a.parts[from]
	packed, err := f.OpenRaw()
	if err != nil {
		return damaged(err)
	}
	w, err := z.CreateRaw(&zip.FileHeader{Name: to, Method: f.Method, CRC32: f.CRC32, CompressedSize64: f.CompressedSize64, UncompressedSize64: f.UncompressedSize64})
	if err != nil {
		return fmt.Errorf("copy workbook: %w", err)
	}
	if _, err := io.Copy(w, packed); err != nil {
		return damaged(err)
	}
	return nil
}

// maxFormats bounds the styles of cells; Excel itself takes 65 490.
const maxFormats = 65_490

// formats writes the number formats anew, by the number of the style. A date
// gets the one form in which it cannot be misread, with as much of it as the
// spreadsheet shows: what is shown as 04/1996 was typed as that, and the first
// of the month is the program's own invention.
func (a *archive) formats(styles string) (string, error) {
	custom, ids := map[string]string{}, []string{}
	if styles != "" {
		err := a.walk(styles, smallPart, func(e element) error {
			switch e.path {
			case "styleSheet/numFmts/numFmt":
				custom[e.attr("numFmtId")] = e.attr("formatCode")
			case "styleSheet/cellXfs/xf":
				ids = append(ids, e.attr("numFmtId"))
			}
			if len(ids) > maxFormats || len(custom) > maxFormats {
				return refuse("sheet_too_many_cells", "max", strconv.Itoa(MaxCells))
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	numbers := map[string]int{} // of the formats that are written
	var fmts, xfs strings.Builder
	for _, id := range ids {
		code, isCustom := custom[id]
		code, known := dateFormat(id, code)
		if !isCustom && !known {
			fmt.Fprintf(&xfs, `<xf numFmtId="%d"/>`, builtIn(id))
			continue
		}
		if numbers[code] == 0 {
			numbers[code] = 164 + len(numbers)
			fmt.Fprintf(&fmts, `<numFmt numFmtId="%d" formatCode="%s"/>`, numbers[code], escape(code))
		}
		fmt.Fprintf(&xfs, `<xf numFmtId="%d"/>`, numbers[code])
	}
	return `<styleSheet xmlns="` + mainNS + `"><numFmts>` + fmts.String() + `</numFmts><cellXfs>` + xfs.String() + `</cellXfs></styleSheet>`, nil
}
