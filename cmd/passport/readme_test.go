package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestREADME runs the shell blocks of the README as a newcomer would: in their
// order, in one shell that stops at the first failure, in a copy of the parts
// of the project that they name. The first block, with the two commands of
// make, has no language: CI runs it as it stands.
func TestREADME(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 4 {
		t.Fatalf("%d shell blocks; one for each of the four users is the least", len(blocks))
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "bin", "passport"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var script strings.Builder
	script.WriteString("set -eux\n")
	for _, b := range blocks {
		script.WriteString(b[1])
	}
	shell := exec.Command("sh", "-c", script.String())
	shell.Dir = dir
	shell.Env = append(os.Environ(), "LANG=en", "PASSPORT_HOME=", "PASSPORT_WALLET=")
	if out, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestREADMENamesTheVerbs: all that the Makefile has.
func TestREADMENamesTheVerbs(t *testing.T) {
	find := func(file, pattern string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		if found := regexp.MustCompile(pattern).FindSubmatch(text); err == nil && found != nil {
			return string(found[1])
		}
		t.Fatalf("%s has no %s: %v", file, pattern, err)
		return ""
	}
	verbs, says := find("Makefile", `(?m)^\.PHONY: (.*)$`), find("README.md", "Verbs of the Makefile: `(.*)`")
	if verbs != says {
		t.Errorf("the README says %s, the Makefile %s", says, verbs)
	}
}
