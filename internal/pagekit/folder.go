package pagekit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Index is the page's own file in a folder.
const Index = "index.html"

// Write puts the page and its files into dir, for any web server: the same bytes
// as on ours, but the page, which names its files beside itself and carries its
// policy within. lang is the language that it starts in; a reader's own choice
// and browser come before it. Lists are the names of the bundle's list files.
func (s *Site) Write(dir, lang string, lists ...string) error {
	start, ok := tongue(lang)
	if !ok {
		return fmt.Errorf("pagekit: no page in language %q", lang)
	}
	index, err := s.shell(start, "", Policy(s.page.Reach...))
	if err != nil {
		return err
	}
	if err := put(dir, Index, index); err != nil {
		return err
	}
	names := make([]string, 0, len(s.order)+len(lists))
	for _, name := range s.order {
		if name != listFolder {
			names = append(names, name)
		}
	}
	for _, name := range lists {
		names = append(names, listFolder+name)
	}
	for _, name := range names {
		_, body, err := s.read(name)
		if errors.Is(err, ErrAbsent) {
			continue
		}
		if err != nil {
			return fmt.Errorf("pagekit: %s: %w", name, err)
		}
		if err := put(dir, name, body); err != nil {
			return err
		}
	}
	return nil
}

// put writes a file of the page. Its names are ours, yet held to the folder.
func put(dir, name string, body []byte) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) || strings.HasSuffix(name, "/") {
		return fmt.Errorf("pagekit: %q is no name of a file", name)
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a web server of another user reads it
		return fmt.Errorf("pagekit: %w", err)
	}
	if err := os.WriteFile(path, body, 0o644); err != nil { //nolint:gosec // likewise
		return fmt.Errorf("pagekit: %w", err)
	}
	return nil
}
