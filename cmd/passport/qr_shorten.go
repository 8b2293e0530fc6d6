package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// roomyText is a text of a template that takes room in the printed code.
type roomyText struct {
	Pointer string `json:"pointer"`
	Bytes   int    `json:"bytes"`
}

// Texts shorter than worthShortening gain nothing; more than a few are noise.
const (
	worthShortening = 30
	longTexts       = 3
)

// toShorten finds the longest texts of a template, which are what its author
// can do something about. Addresses are left out: the dictionary knows them.
func toShorten(template []byte) []roomyText {
	var file struct {
		Credential any `json:"credential"`
	}
	if json.Unmarshal(template, &file) != nil {
		return nil // it was read before
	}
	var all []roomyText
	var walk func(v any, at string)
	walk = func(v any, at string) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				walk(member, at+"/"+name)
			}
		case []any:
			for i, item := range v {
				walk(item, at+"/"+strconv.Itoa(i))
			}
		case string:
			if len(v) >= worthShortening && strings.Contains(v, " ") {
				all = append(all, roomyText{at, len(v)})
			}
		}
	}
	walk(file.Credential, "/credential")
	slices.SortFunc(all, func(a, b roomyText) int { return cmp.Or(b.Bytes-a.Bytes, strings.Compare(a.Pointer, b.Pointer)) })
	return all[:min(len(all), longTexts)]
}

// roomyList says them in one line, longest first.
func roomyList(all []roomyText) string {
	parts := make([]string, len(all))
	for i, one := range all {
		parts[i] = fmt.Sprintf("%s (%d)", one.Pointer, one.Bytes)
	}
	return strings.Join(parts, ", ")
}
