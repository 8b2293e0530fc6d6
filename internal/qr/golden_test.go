package qr

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Paper cannot be updated. The texts of testdata/golden.json were printed once
// and every later program reads them; new ones are added, none is changed.
var addGolden = flag.Bool("add-golden", false, "append the texts of today's encoder to testdata/golden.json")

const goldenFile = "testdata/golden.json"

type golden struct {
	Name   string   `json:"name"`
	Texts  []string `json:"texts"` // several for chunks
	Tokens []string `json:"tokens"`
}

func TestPrintedTextsStayReadable(t *testing.T) {
	if *addGolden {
		appendGolden(t)
	}
	for _, g := range readGolden(t) {
		var m Message
		var err error
		if len(g.Texts) == 1 {
			m, err = DecodeText(g.Texts[0])
		} else {
			m, err = Collect(g.Texts)
		}
		if err != nil || !slices.Equal(m.Tokens, g.Tokens) {
			t.Errorf("%s: got %.200q, %v", g.Name, m.Tokens, err)
		}
	}
}

func readGolden(t testing.TB) (all []golden) {
	t.Helper()
	data, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// appendGolden adds the texts whose names are not there yet.
func appendGolden(t *testing.T) {
	all := readGolden(t)
	vc, kid := credential(t), "did:web:formazione-lavoro.example#key-1"
	candidates := map[string][]string{
		"credential":                  {vc},
		"credential and assertion":    {vc, assertion(vc)},
		"presentation and assertion":  {presentation(vc), assertion(vc)},
		"a stranger's token and text": {"eyJ0eXAiOiJ4In0.eyJhIjoiOWEzZjZiMmUtMWM0NC00YjhhLTllMjEtNmYwYTJkN2M1YjMxIn0.", "not a JWS, 2020-02-30"},
		"a passport of twenty":        {sign("vc+jwt", kid, passportOf20(t, amina))},
		"a strict Open Badges token":  {openBadge(t, passportOf20(t, amina))},
	}
	for _, pair := range pairs(t) {
		candidates[filepath.Base(pair[0])] = []string{sign("vc+jwt", kid, issued(t, pair[0], pair[1]))}
	}
	for _, name := range slices.Sorted(maps.Keys(candidates)) {
		if slices.ContainsFunc(all, func(g golden) bool { return g.Name == name }) {
			continue
		}
		text, _, err := Encode("https://verify.example/v", candidates[name], Options{})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, golden{name, []string{text}, candidates[name]})
	}
	writeGolden(t, all)
}

func writeGolden(t *testing.T, all []golden) {
	t.Helper()
	data, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(goldenFile, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestDictionariesNeverChange pins each released number. A test that fails
// here means paper that nobody can read: restore the dictionary, and give the
// new one a new number.
func TestDictionariesNeverChange(t *testing.T) {
	want := map[uint64]string{
		0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		1: "54d207f7111d90e2c975279faa8cfce2b27298fe450d661be4b8c0664a063a77",
		2: "1731131cfd9659b9de5b30fc9ba20d2446d9d9beac703770d49884e109181f5c",
	}
	for _, d := range released {
		hash := d.Hash()
		if got := hex.EncodeToString(hash[:]); got != want[d.Number] {
			t.Errorf("dictionary %d: %s, want %s", d.Number, got, want[d.Number])
		}
		if d.Number >= firstTest && d.Number <= lastTest {
			t.Errorf("dictionary %d is a number of tests", d.Number)
		}
		delete(want, d.Number)
	}
	for number := range want {
		t.Errorf("dictionary %d is gone", number)
	}
}
