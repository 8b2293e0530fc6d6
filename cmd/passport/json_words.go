package main

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/strictjson"
)

// readJSON reads a small document that a person may have written by hand, or
// standard input for "-". What is not strict JSON is refused with the file and
// the place, before anything else looks at it.
func (a *app) readJSON(name string) ([]byte, error) {
	data, err := a.readDocument(name)
	if err != nil {
		return nil, err
	}
	var e *strictjson.Error
	if err := strictjson.Check(data); errors.As(err, &e) {
		lang := i18n.Match(a.lang)
		line, column := placeOf(data, e.Offset)
		return nil, fail(exitUsage, "json_place",
			"file", name, "line", strconv.Itoa(line), "column", strconv.Itoa(column),
			"fault", i18n.T(lang, "error."+e.Code, nil), "advice", i18n.T(lang, "hint."+e.Code, nil)).wrap(err)
	}
	return data, nil
}

// placeOf tells line and character of a byte, both from 1, as editors do.
func placeOf(data []byte, offset int64) (line, column int) {
	before := data[:min(max(offset, 0), int64(len(data)))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}
