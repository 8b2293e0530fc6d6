package schema_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jsonschema"
	"github.com/employment-passport/passport/schema"
)

// Every profile that we ship reads, obeys the schema of its file, bears the
// name of its file, and says that it is an example.
func TestShippedProfiles(t *testing.T) {
	files, err := filepath.Glob("profiles/*.json")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d profiles, %v", len(files), err)
	}
	engine := jsonschema.New(schema.Schemas())
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := schema.ParseRegionProfile(data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if err := engine.Validate(schema.ProfileSchemaURL, data); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		want := strings.ToUpper(strings.TrimSuffix(filepath.Base(file), ".json"))
		if want == "EL" {
			want = "GR"
		}
		if p.Code() != want || !p.Example {
			t.Errorf("%s holds %s, example %v", file, p.Code(), p.Example)
		}
	}
	if got := len(schema.RegionProfiles()); got != len(files) {
		t.Errorf("%d profiles of %d files", got, len(files))
	}
}

func TestProfileForFallsBack(t *testing.T) {
	for _, c := range []struct {
		country, region, code string
		percent, assumed      int
	}{
		{"IT", "ITI3", "IT-ITI3", 70, 0},
		{"IT", "ITF5", "IT", 70, 0}, // Basilicata has no rule of its own here
		{"IT", "", "IT", 70, 0},
		{"PL", "PL21", "PL", 70, 2},
		{"GR", "EL30", "GR", 70, 2},
		{"EL", "", "GR", 70, 2},
		{"FR", "", "XX", 70, 2},
		{"", "", "XX", 70, 2},
	} {
		p := schema.ProfileFor(c.country, c.region)
		if p.Code() != c.code || p.Internship.MinimumPercent != c.percent || len(p.Assumed) != c.assumed {
			t.Errorf("%s %s: %s, %d %%, assumed %v", c.country, c.region, p.Code(), p.Internship.MinimumPercent, p.Assumed)
		}
	}
}

func TestRegionInheritsItsCountry(t *testing.T) {
	veneto := schema.ProfileFor("IT", "ITH3")
	if veneto.Internship.AgreementMonths != 24 || len(veneto.Internship.Signers) != 2 {
		t.Errorf("its own: %+v", veneto.Internship)
	}
	if veneto.Internship.MinimumPercent != 70 || veneto.Allowance == nil || veneto.Levels.Name != "QNQ" || veneto.PublicBodyNotice("it") == "" {
		t.Errorf("its country's: %+v", veneto)
	}
	if uri := veneto.Levels.URI(4); uri != "http://data.europa.eu/snb/qdr/c_7d534b92" || veneto.Levels.URI(9) != "" {
		t.Errorf("QNQ 4 is %q", uri)
	}
	if it := schema.ProfileFor("IT", ""); it.Internship.AgreementMonths != 0 {
		t.Errorf("Italy took a region's value: %+v", it.Internship)
	}
}

// Italian legal text is Italy's alone.
func TestRowM10CountriesDiffer(t *testing.T) {
	for _, p := range schema.RegionProfiles() {
		var notices []string
		for _, kind := range schema.Documents {
			for _, value := range []string{"none", "atto-privato", "parte-prima", "parte-seconda", "parte-terza"} {
				notices = append(notices, p.LegalNotices(kind, value, "pl")...)
			}
		}
		italian := p.Country == "IT"
		if (len(notices) > 0) != italian || (p.PublicBodyNotice("pl") != "") != italian || (p.Levels.Name != "") != italian {
			t.Errorf("%s: %d notices, public bodies %q, levels %q", p.Code(), len(notices), p.PublicBodyNotice("pl"), p.Levels.Name)
		}
		for _, lang := range []string{"it", "en", "es", "el", "pl"} {
			if p.NoticeIn(lang) == "" {
				t.Errorf("%s does not say in %s that it must be checked", p.Code(), lang)
			}
		}
	}
	if got := schema.ProfileFor("IT", "").LegalNotices("MicroCredential", "atto-privato", "it"); len(got) != 1 || !strings.Contains(got[0], "messa in trasparenza") {
		t.Errorf("Italy says %q", got)
	}
	if got := schema.ProfileFor("IT", "").LegalNotices("TrainingAttendance", "atto-privato", "it"); len(got) != 0 {
		t.Errorf("of an attendance Italy says %q", got)
	}
}

// The rule of 500 euro, full from 80 %, in proportion below, never under 300.
func TestRowI5RulePaysByTheHour(t *testing.T) {
	rule := *schema.ProfileFor("IT", "").Allowance
	if rule != (schema.AllowanceRule{Cents: 50000, FullPercent: 80, FloorCents: 30000}) {
		t.Fatalf("the rule is %+v", rule)
	}
	for _, c := range []struct{ attended, planned, want int64 }{ // minutes, cents
		{80, 100, 50000}, {70, 100, 35000}, {50, 100, 30000},
		{80 * 60, 80 * 60, 50000}, {90 * 60, 80 * 60, 50000}, {0, 4800, 30000},
		{3839, 4800, 39990},   // a minute below 80 %: 399.8958…
		{3840, 4800, 50000},   // 80 % to the minute
		{2881, 4800, 30010},   // 300.1041…
		{12345, 17000, 36309}, // 363.0882…
	} {
		if got, ok := rule.Month(c.attended, c.planned); !ok || got != c.want {
			t.Errorf("%d of %d minutes: %d cents, %v; want %d", c.attended, c.planned, got, ok, c.want)
		}
	}
	for _, c := range []struct{ attended, planned int64 }{{1, 0}, {-1, 10}, {1, -1}, {1, 1 << 40}, {1 << 40, 10}} {
		if got, ok := rule.Month(c.attended, c.planned); ok {
			t.Errorf("%d of %d minutes is paid %d", c.attended, c.planned, got)
		}
	}
	if _, ok := (schema.AllowanceRule{FloorCents: 30000}).Month(1, 2); ok {
		t.Error("a floor alone pays")
	}
}

// A profile that is wrong is refused at its place, and the schema of the file
// refuses it too.
func TestWrongProfilesAreRefused(t *testing.T) {
	const words = `{"it":"a","en":"a","es":"a","el":"a","pl":"a"}`
	engine := jsonschema.New(schema.Schemas())
	for _, c := range []struct{ members, code, pointer string }{
		{`"region":"ITI3"`, "", ""},
		{`"internship":{"minimumPercent":0}`, "number_range", "/internship/minimumPercent"},
		{`"internship":{"minimumPercent":70.5}`, "number_range", "/internship/minimumPercent"},
		{`"internship":{"maximumMonths":"six"}`, "want_number", "/internship/maximumMonths"},
		{`"internship":{"hours":1}`, "unknown_member", "/internship/hours"},
		{`"internship":{"types":["A B"]}`, "profile_word", "/internship/types/0"},
		{`"allowance":{"monthCents":50000}`, "missing", "/allowance/fullFromPercent"},
		{`"levelFramework":{"name":"X","title":` + words + `,"base":"http://x.example/","codes":["1"]}`, "number_range", "/levelFramework/codes"},
		{`"legalNotices":[{"kind":"Diploma","text":` + words + `}]`, "template_type", "/legalNotices/0/kind"},
		{`"legalNotices":[{"text":{"it":"a"}}]`, "missing", "/legalNotices/0/text/en"},
		{`"law":"L. 1"`, "unknown_member", "/law"},
	} {
		data := []byte(`{"country":"IT","example":true,"notice":` + words + `,` + c.members + `}`)
		_, err := schema.ParseRegionProfile(data)
		faults := schema.FaultsOf(err)
		if c.code == "" && err != nil || c.code != "" && (len(faults) == 0 || faults[0].Code != c.code || faults[0].Pointer != c.pointer) {
			t.Errorf("%s: %v", c.members, err)
		}
		if bad := engine.Validate(schema.ProfileSchemaURL, data); (bad != nil) != (c.code != "") {
			t.Errorf("%s: the schema says %v", c.members, bad)
		}
	}
	_, err := schema.ParseRegionProfile([]byte(`{"country":"PL","region":"ITI3","example":true,"notice":` + words + `}`))
	if !schema.FaultsOf(err).Has("region_elsewhere") {
		t.Errorf("a region of another country: %v", err)
	}
}

func FuzzParseRegionProfile(f *testing.F) {
	for _, file := range []string{"it", "it-iti3", "pl"} {
		data, err := os.ReadFile("profiles/" + file + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := schema.ParseRegionProfile(data)
		var faults schema.Faults
		if err != nil && !errors.As(err, &faults) {
			t.Fatalf("not Faults: %v", err)
		}
		if err == nil && p.Internship.MinimumPercent > 100 {
			t.Fatalf("%+v", p.Internship)
		}
	})
}
