package main

import (
	"strings"
	"testing"
	"time"
)

const (
	someKey  = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"`
	otherKey = `{"kty":"OKP","crv":"Ed25519","x":"O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"`
)

// accrediting is a street in which regione may accredit, since 2024.
func accrediting(t *testing.T) *street {
	s := newStreet(t, "16-accreditation-it.json", "01-food-hygiene-it.json")
	s.must("trust", "recognise", "did:web:regione.example", "--schema", "TrainingProviderAccreditation", "--from", "2024-06-01")
	return s
}

// accredited signs an accreditation after changes, as pairs of old and new.
func (s *street) accredited(by, did string, scopes []string, changes ...string) (token string) {
	text := strings.NewReplacer(changes...).Replace(accreditation(did, "2098-12-31", scopes...))
	return s.issue(by, "accreditamento-regionale", s.write("accreditation.json", text))
}

func withKey(key, did, name, window string) []string {
	return []string{`"accreditedUntil"`, `"keys":[{"publicKeyJwk":` + key + `,"kid":"` + did + "#" + name + `"},"keyUse":"credential"` + window + `}],"accreditedUntil"`}
}

// refuses fails unless the command ends with that code and says all the texts.
func (s *street) refuses(code int, texts []string, args ...string) {
	s.t.Helper()
	got, _, talk := s.run(args...)
	if got != code {
		s.t.Errorf("%v: exit %d, want %d", args, got, code)
	}
	says(s.t, talk, texts...)
}

// told runs a command that must do, and gives what it said beside its result.
func (s *street) told(args ...string) string {
	s.t.Helper()
	code, _, talk := s.run(args...)
	if code != exitOK {
		s.t.Fatalf("%v: exit %d, %s", args, code, talk)
	}
	return talk
}

// TestAccreditationMakesNoAccrediter: who may accredit others, and who may say
// what a passport is, the authority says and not whoever it lets accredit.
func TestAccreditationMakesNoAccrediter(t *testing.T) {
	s := accrediting(t)
	token := s.accredited("regione", "did:web:ente.example", []string{"issue:TrainingProviderAccreditation", "issue:MicroCredential"})
	s.refuses(exitInvalid, []string{"lets did:web:ente.example accredit other bodies", "--allow-accrediting"}, "trust", "recognise", token)
	s.refuses(exitInvalid, []string{"--allow-accrediting"}, "trust", "recognise", token, "--allow-passports")
	if strings.Contains(s.must("trust", "list", "--json"), "did:web:ente.example") {
		t.Error("the half of it was recognised")
	}
	s.must("trust", "recognise", token, "--allow-accrediting")
	says(t, s.must("trust", "list", "--json"), `"did:web:ente.example"`, `"schema":"TrainingProviderAccreditation","from":"2024-06-01"`)

	token = s.accredited("regione", "did:web:altro.example", []string{"issue:EmploymentPassport"}, withKey(someKey, "did:web:altro.example", "key-1", "")...)
	s.refuses(exitInvalid, []string{"define employment passports", "--allow-passports"}, "trust", "recognise", token, "--allow-accrediting")
	s.must("trust", "recognise", token, "--allow-passports")
}

// TestAccreditationTakesNoKeysOver: whoever accredits pins no key of a body
// that is known, and none of its own for a body of this home.
func TestAccreditationTakesNoKeysOver(t *testing.T) {
	s := accrediting(t)
	const victim = "did:web:vittima.example"
	history := `{"id":"` + victim + `","keys":[{"kid":"` + victim + `#key-1","jwk":` + someKey + `},"use":"credential","from":"2026-01-01","state":"active"}]}`
	s.must("trust", "recognise", s.write("did.json", history), "--schema", "MicroCredential")
	micro := []string{"issue:MicroCredential"}

	token := s.accredited("regione", victim, micro, withKey(otherKey, victim, "key-9", `,"from":"2024-07-01"`)...)
	says(t, s.told("trust", "recognise", token), "not pinned: "+victim+"#key-9", "--replace-keys")
	if list := s.must("trust", "list", "--json"); strings.Contains(list, "key-9") {
		t.Error(list)
	}
	// When somebody says so, it counts from today, and the old one until today.
	if talk := s.told("trust", "recognise", token, "--replace-keys"); strings.Contains(talk, "not pinned") {
		t.Error(talk)
	}
	day := time.Now().UTC().Format(time.DateOnly)
	says(t, s.must("trust", "list", "--json"), `#key-9"`, `"from":"`+day+`"`,
		`"state":"retired","from":"2026-01-01","until":"`+day+`"`)

	token = s.accredited("regione", "did:web:ente.example", micro, withKey(otherKey, "did:web:ente.example", "key-9", "")...)
	says(t, s.told("trust", "recognise", token), "not pinned: did:web:ente.example#key-9")
	says(t, s.told("trust", "recognise", token, "--replace-keys"), "did:web:ente.example#key-9. The body has others of its own")
	if list := s.must("trust", "list", "--json"); strings.Contains(list, "ente.example#key-9") {
		t.Error(list)
	}
}

// TestFirstKeysReachNoFurtherBack: the keys of a body that is recognised for
// the first time count from the accreditation on, and that from the day on
// which whoever gives it might accredit.
func TestFirstKeysReachNoFurtherBack(t *testing.T) {
	s := accrediting(t)
	for name, row := range map[string]struct{ window, from, said string }{
		"uno": {"", "2024-06-01", "It counts from 2024-06-01"},
		"due": {`,"from":"2020-01-01"`, "2024-06-01", "It counts from"},
		"tre": {`,"from":"2025-02-01","until":"2026-02-01"`, `2025-02-01","until":"2026-02-01`, "It counts from"},
	} {
		did := "did:web:" + name + ".example"
		token := s.accredited("regione", did, []string{"issue:MicroCredential"}, withKey(someKey, did, "key-1", row.window)...)
		says(t, s.told("trust", "recognise", token), row.said)
		list := s.must("trust", "list", "--json")
		_, key, _ := strings.Cut(list, did+"#key-1")
		if key, _, _ = strings.Cut(key, "}"); !strings.Contains(key, `"from":"`+row.from+`"`) {
			t.Errorf("%s: no window from %s in %s", did, row.from, list)
		}
	}
	late := s.accredited("regione", "did:web:ente.example", []string{"issue:MicroCredential"}, "2098-12-31", "2024-05-31")
	s.refuses(exitInvalid, []string{"ends on 2024-05-31", "from 2024-06-01 on"}, "trust", "recognise", late)
}

// TestAccreditationTakesNoNameOver: a body stays called as it is known, until a
// person says otherwise.
func TestAccreditationTakesNoNameOver(t *testing.T) {
	s := accrediting(t)
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "MicroCredential", "--name", "Ente vero")
	token := s.accredited("regione", "did:web:ente.example", []string{"issue:TrainingAttendance"}, "Ente Formazione Lucania (esempio)", "Regione Lombardia")
	says(t, s.told("trust", "recognise", token), "calls it “Regione Lombardia”", "the known name stays: Ente vero")
	micro := s.issue("ente", "food-hygiene", "../../examples/learners/01-amina-diallo.json")
	if _, said := s.verify(micro, "en"); strings.Contains(said, "Regione Lombardia") || !strings.Contains(said, "Ente vero") {
		t.Error(said)
	}
	if talk := s.told("trust", "recognise", token, "--name", "Ente nuovo"); strings.Contains(talk, "known name") {
		t.Error(talk)
	}
	says(t, s.must("trust", "list"), "Ente nuovo")
}

// TestAccreditationReopensNothing: an old file brings no body back, and cuts
// none off.
func TestAccreditationReopensNothing(t *testing.T) {
	s := accrediting(t)
	const body = "did:web:ente.example"
	token := s.accredited("regione", body, []string{"issue:MicroCredential"})
	s.must("trust", "recognise", token)
	short := s.accredited("regione", body, []string{"issue:MicroCredential"}, "2098-12-31", "2025-01-31")
	says(t, s.told("trust", "recognise", short), "that end stays")
	says(t, s.must("trust", "list", "--json"), `"until":"2098-12-31"`)

	for _, end := range []string{"lapse", "close"} {
		s.must("trust", end, body, "--reason", "ended")
		s.refuses(exitInvalid, []string{"does not reopen it", "trust recognise DID --schema"}, "trust", "recognise", token)
		s.must("trust", "recognise", body, "--schema", "MicroCredential")
		s.must("trust", "recognise", token)
	}
	s.must("trust", "withdraw", body, "--reason", "sold")
	s.refuses(exitInvalid, []string{"withdrawn for cause"}, "trust", "recognise", token)
}

// TestLimitsAreSaidAloud: what an accreditation narrows and this program does
// not hold is told, whatever is printed.
func TestLimitsAreSaidAloud(t *testing.T) {
	s := accrediting(t)
	token := s.accredited("regione", "did:web:ente.example", []string{"issue:MicroCredential"},
		`"accreditedUntil"`, `"limitEQF":[3,4],"limitFields":["1013"],"limitRegions":["ITF5"],"accreditedUntil"`)
	says(t, s.told("trust", "recognise", token, "--json"), "not enforced by this program: EQF 3, EQF 4, ISCED-F 1013, ITF5")
}

// TestStaleAccreditationIsRefused: a bundle that says nothing of the last days
// is no ground to recognise anybody on.
func TestStaleAccreditationIsRefused(t *testing.T) {
	s := accrediting(t)
	token := s.accredited("regione", "did:web:altro.example", []string{"issue:MicroCredential"}, withKey(someKey, "did:web:altro.example", "key-1", "")...)
	bundle := s.dir + "/bundle"
	s.must("trust", "bundle", "--out", bundle)
	s.must("trust", "recognise", token, "--bundle", bundle, "--anchor", s.anchor)
	s.write("home/config.yaml", "freshStatus: 1ns\n")
	s.refuses(exitUnknown, []string{"too old to rely on"}, "trust", "recognise", token, "--bundle", bundle, "--anchor", s.anchor)
}
