package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/qr/scan"
)

// forger signs documents under a name of its own, so that nothing is wrong with
// their signature: what is refused is refused for what it holds.
type forger struct {
	*street
	id  string
	key *ecdsa.PrivateKey
}

func (s *street) forger() *forger {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	id, err := did.NewKey(&key.PublicKey)
	if err != nil {
		s.t.Fatal(err)
	}
	return &forger{s, id, key}
}

// altered signs a document of ours again, with something changed in it.
func (f *forger) altered(name, original string, change func(doc, subject object)) (file string) {
	f.t.Helper()
	data, err := os.ReadFile(original)
	if err != nil {
		f.t.Fatal(err)
	}
	_, payload, err := jose.ParseUnverified(strings.TrimSpace(string(data)))
	if err != nil {
		f.t.Fatal(err)
	}
	var doc object
	if err := json.Unmarshal(payload, &doc); err != nil {
		f.t.Fatal(err)
	}
	doc["id"], doc["issuer"].(object)["id"] = randomUUID(f.t), f.id
	change(doc, doc["credentialSubject"].(object))
	if payload, err = json.Marshal(doc); err != nil {
		f.t.Fatal(err)
	}
	token, err := jose.Sign(context.Background(), jose.TypeVC, f.id+"#"+strings.TrimPrefix(f.id, "did:key:"), f.key, payload)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.write(name+".jwt", token+"\n")
}

func identified(subject object, kind, value string) {
	subject["identifier"] = append(subject["identifier"].([]any), object{
		"type": "IdentityObject", "identityType": kind, "identityHash": value, "hashed": false,
	})
}

// laden are documents that hold what no paper may bear, each in its own way: a
// foreign one with every private name on every object, and some of our kinds.
func (f *forger) laden(micro, internship, assessment string) map[string]string {
	everywhere := func(doc, subject object) {
		for _, o := range []object{doc, subject, subject["achievement"].(object), doc["issuer"].(object)} {
			for _, field := range privateFields {
				if o[field] == nil {
					o[field] = canary
				}
			}
		}
	}
	files := map[string]string{
		"foreign": f.altered("foreign", micro, func(doc, subject object) {
			doc["type"] = []string{"VerifiableCredential", "OpenBadgeCredential"}
			everywhere(doc, subject)
			identified(subject, "nationalIdentityNumber", canary)
		}),
		"members": f.altered("members", micro, everywhere),
		"health":  f.altered("health", assessment, func(_, subject object) { subject["disability"] = canary }),
	}
	for name, original := range map[string]string{"number": micro, "internship": internship, "assessment": assessment} {
		files[name] = f.altered(name, original, func(_, subject object) { identified(subject, "nationalIdentityNumber", canary) })
	}
	for _, kind := range []string{"ext:fiscalCode", "ext:citizenship", "accountId"} {
		name := strings.TrimPrefix(kind, "ext:")
		files[name] = f.altered(name, micro, func(_, subject object) { identified(subject, kind, canary) })
	}
	return files
}

// everyPaper are all layouts that the command knows.
var everyPaper = []paper.Layout{
	"", paper.LayoutMicro, paper.LayoutAttendance, paper.LayoutInternship, paper.LayoutAssessment, paper.LayoutOperator,
	paper.LayoutMembership, paper.LayoutAccreditation, paper.LayoutPassport, paper.LayoutBooklet, paper.LayoutCard,
	paper.LayoutRevocation, paper.LayoutProgramme, layoutReceipt,
}

// TestRowN8NothingPrivateOnPaper: print on every paper, and present in every
// form, refuse a document that holds such fields: a foreign one that nobody here
// has looked at, or one that says to be ours and breaks its rules. What the
// search sees it shows on an honest document, of which all is found.
func TestRowN8NothingPrivateOnPaper(t *testing.T) {
	s := newStreet(t, templates...)
	micro := s.issue("ente", "food-hygiene", examplesDir+"01-amina-diallo.json")
	internship := s.issue("ente", "kitchen-internship", examplesDir+"08-amina-diallo-internship.json")
	assessment := s.issue("ente", "bilancio-competenze", examplesDir+"10-amina-diallo-bilancio.json")
	f := s.forger()
	t.Setenv("PASSPORT_WALLET", filepath.Join(s.dir, "wallet.age"))
	s.must("wallet", "init")

	const marker = "PAPPAGALLO"
	honest := f.altered("honest", micro, func(_, subject object) { subject["identifier"].([]any)[0].(object)["identityHash"] = marker })
	for _, layout := range []string{"", "micro", "booklet", "card"} {
		f.leaves(marker, "honest.pdf", "print", honest, "--layout", layout)
	}
	id := f.kept(honest)
	for form, file := range map[string]string{"pdf": "shown.pdf", "qr": "shown.png", "jwt": "shown.jwt"} {
		f.leaves(marker, file, "wallet", "present", id, "--format", form)
	}

	laden := f.laden(micro, internship, assessment)
	for name, file := range laden {
		for _, layout := range everyPaper {
			if layout == "" || name == "foreign" || name == "number" {
				f.refused(name, "print", file, "--layout", string(layout))
			}
		}
		f.receipt(name, file)
		id := f.kept(file)
		for _, form := range []string{"pdf", "qr", "svg", "jwt"} {
			f.refused(name, "wallet", "present", id, "--format", form)
		}
	}
	out := filepath.Join(s.dir, "all.jwt")
	_, said, talk := s.run("wallet", "present", "--all", "--format", "jwt", "--out", out, "--json")
	all, err := os.ReadFile(out)
	if err != nil || !holds(all, marker) || holds(all, canary) || holds([]byte(said), canary) || strings.Count(talk, "not shown, it is not one of our") != len(laden) {
		t.Errorf("all at once: %v, %s%s", err, said, talk)
	}
}

// kept puts a document into the wallet, unchecked, and gives its id.
func (f *forger) kept(file string) (id string) {
	f.t.Helper()
	return strings.TrimSpace(f.must("wallet", "import", file))
}

// refused runs a command that must end with words and leave nothing behind,
// neither a file nor the canary on the terminal.
func (f *forger) refused(name string, args ...string) {
	f.t.Helper()
	out := filepath.Join(f.dir, "refused.pdf")
	code, said, talk := f.run(append(args, "--out", out)...)
	if (code != exitInvalid && code != exitUsage) || !strings.Contains(talk, "passport: error: ") {
		f.t.Errorf("%s, %v: exit %d, %s%s", name, args, code, said, talk)
	}
	made, err := filepath.Glob(filepath.Join(f.dir, "refused*"))
	if err != nil || len(made) > 0 {
		f.t.Errorf("%s, %v made %v, %v", name, args, made, err)
	}
	for _, file := range made {
		if err := os.Remove(file); err != nil {
			f.t.Fatal(err)
		}
	}
	if strings.Contains(said+talk, canary) || holds([]byte(said), canary) {
		f.t.Errorf("%s, %v tells %s%s", name, args, said, talk)
	}
}

// receipt is the paper that may tell of such a document, by what verify says.
func (f *forger) receipt(name, file string) {
	f.t.Helper()
	_, report, _ := f.run("verify", file, "--json")
	out := filepath.Join(f.dir, name+"-receipt.pdf")
	f.must("print", f.write("report.json", report), "--layout", layoutReceipt, "--out", out)
	data, err := os.ReadFile(out)
	if err != nil || len(data) < 400 {
		f.t.Fatalf("%d bytes, %v", len(data), err)
	}
	if holds(data, canary) {
		f.t.Errorf("the receipt of %s holds the canary", name)
	}
}

// leaves runs a command and finds in the file what the document holds.
func (f *forger) leaves(marker, file string, args ...string) {
	f.t.Helper()
	out := filepath.Join(f.dir, file)
	f.must(append(args, "--out", out)...)
	data, err := os.ReadFile(out)
	if err != nil {
		f.t.Fatal(err)
	}
	if !holds(data, marker) {
		f.t.Errorf("%v: the search does not find what is there", args)
	}
	if err := os.Remove(out); err != nil {
		f.t.Fatal(err)
	}
}

// holds searches a file as it is and all that is packed in it: streams, tokens,
// the codes of a picture.
func holds(data []byte, word string) bool {
	all := insides(data)
	if sight, err := scan.Read(context.Background(), data); err == nil {
		for _, text := range sight.Texts {
			if m, err := qr.DecodeText(text); err == nil {
				all = append(all, insides([]byte(strings.Join(m.Tokens, "\n")))...)
			}
		}
	}
	for _, line := range strings.Fields(string(data)) {
		if m, err := qr.DecodeText(line); err == nil {
			all = append(all, insides([]byte(strings.Join(m.Tokens, "\n")))...)
		}
	}
	return bytes.Contains(all, []byte(word)) || bytes.Contains(all, inUTF16(word))
}
