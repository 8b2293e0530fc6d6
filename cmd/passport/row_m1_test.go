package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRowM1ElevenElements: a document with the eleven mandatory elements of
// Annex I of the Council Recommendation is signed by "passport issue"; without
// any one of them it is not, and the answer names the one.
func TestRowM1ElevenElements(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PASSPORT_HOME", filepath.Join(dir, "home"))
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(dir, "passphrase"))
	if err := os.WriteFile(filepath.Join(dir, "passphrase"), []byte("a passphrase of this test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command := func(args ...string) (int, string) {
		var out, talk bytes.Buffer
		code := run(append(args, "--lang", "en"), strings.NewReader(""), &out, &talk)
		return code, out.String() + talk.String()
	}
	for _, args := range [][]string{
		{"init", "--work-factor", "1"},
		{"issuer", "add", "ente", "--did", "web", "--domain", "ente.example", "--country", "IT", "--region", "ITF5"},
	} {
		if code, said := command(args...); code != exitOK {
			t.Fatalf("%v: %s", args, said)
		}
	}
	issue := func(doc map[string]any) (int, string) {
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "document.json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return command("issue", "--issuer", "ente", "--document", file)
	}

	for _, element := range annexElements {
		doc := annexDocument(t)
		element.remove(doc, at(doc, "credentialSubject"), at(doc, "credentialSubject", "achievement"))
		code, said := issue(doc)
		if code != exitInvalid || !strings.Contains(said, element.says) {
			t.Errorf("without element %s: exit %d, %s", element.name, code, said)
		}
	}
	if len(annexElements) != 11 {
		t.Errorf("%d elements", len(annexElements))
	}
	if code, said := issue(annexDocument(t)); code != exitOK {
		t.Errorf("with all of them: exit %d, %s", code, said)
	}
	if _, listed := command("list", "--json"); strings.Count(listed, `"id"`) != 1 {
		t.Errorf("the register holds more than the complete one: %s", listed)
	}
}

type object = map[string]any

// annexElements take one element out each and tell what the answer says.
var annexElements = []struct {
	name   string
	remove func(doc, subject, achievement object)
	says   string
}{
	{"1, learner", func(_, s, _ object) { delete(s, "identifier") }, "the person’s name is missing"},
	{"2, title", func(d, _, a object) { delete(d, "name"); delete(a, "name") }, "the title is missing"},
	{"3, country", func(d, _, _ object) { delete(at(d, "issuer"), "address") }, "the issuer’s country is missing"},
	{"4, awarding body", func(d, _, _ object) { delete(at(d, "issuer"), "name") }, "the name of the awarding body is missing"},
	{"5, date of issuing", func(d, _, _ object) { delete(d, "validFrom") }, "the date of issuing is missing"},
	{"6, outcomes", func(_, _, a object) { delete(a, "learningOutcomes") }, "what the person can do is missing"},
	{"7, workload", func(_, _, a object) { delete(a, "notionalWorkload") }, "the workload is missing"},
	{"8, level", func(_, _, a object) {
		a["alignment"] = slices.DeleteFunc(a["alignment"].([]any), func(one any) bool { return one.(object)["targetFramework"] == "EQF" })
	}, "the level is missing"},
	{"9, assessment", func(_, _, a object) { delete(a, "typeOfAssessment") }, "the type of assessment is missing"},
	{"10, participation", func(_, _, a object) { delete(a, "formOfParticipation") }, "the form of participation is missing"},
	{"11, quality", func(_, _, a object) { delete(a, "qualityAssurance") }, "the quality assurance is missing"},
}

// annexDocument is the example credential before it has a place in a list.
func annexDocument(t *testing.T) object {
	t.Helper()
	data, err := os.ReadFile("../../internal/qr/testdata/microcredential.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc object
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "credentialStatus")
	return doc
}

// at is the object found by member names.
func at(doc object, names ...string) object {
	for _, name := range names {
		doc = doc[name].(object)
	}
	return doc
}
