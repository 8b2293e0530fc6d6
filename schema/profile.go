package schema

import (
	"embed"
	"maps"
	"slices"
	"strings"
	"sync"
)

// RegionProfile is what a country or a region asks of documents and their
// paper. It is data (profiles/*.json), not law: the body that uses it checks
// it. What a profile does not know is absent; no rule is guessed.
type RegionProfile struct {
	Country string // ISO 3166-1 alpha-2; empty is the neutral profile
	Region  string // NUTS-2; empty is the whole country
	Example bool   // not checked by the body that uses it
	Notice  map[string]string

	Internship    InternshipRule
	Allowance     *AllowanceRule // nil: nothing known
	Legal         []LegalNotice
	PublicBody    map[string]string // what paper of a public administration says
	Levels        LevelFramework
	Repertories   []string // of competences: QRSP
	ProviderScope []string // in which bodies are accredited: FC, FS, IeFP
	Sources       []string // where the values come from, in words

	// Assumed names the values that come from the neutral profile because
	// nobody told the rule of the country, by JSON Pointer into the file.
	Assumed []string
}

// InternshipRule is what an internship and its papers must keep. A zero is a
// value that the profile does not know.
type InternshipRule struct {
	MinimumPercent  int      // of the planned hours, for an attestation
	MaximumMonths   int      // of an internship
	AgreementMonths int      // of an agreement between promoter and host
	Types           []string // that an attestation may name
	Signers         []string // promoter, host, promoterTutor, hostTutor
	Events          []string // that the dossier has forms for
}

// LegalNotice is what paper says of a kind of document, of a legal value, or
// of both together. Empty means any.
type LegalNotice struct {
	Kind, LegalValue string
	Text             map[string]string
}

// In gives the notice in a language.
func (n LegalNotice) In(lang string) string { return inWords(n.Text, lang) }

// LevelFramework names the levels of learning in a country. EQF levels are
// understood everywhere.
type LevelFramework struct {
	Name  string            // of the national framework: QNQ; empty when not known
	Title map[string]string // in words
	Base  string            // URI before the codes
	Codes []string          // of levels 1 to 8
}

// URI of an EQF level in the national framework, empty where there is none.
func (l LevelFramework) URI(level int) string {
	if level < 1 || level > len(l.Codes) {
		return ""
	}
	return l.Base + l.Codes[level-1]
}

// LegalNotices is what paper of such a document must say here, a sentence or
// two each. It is empty where the profile knows of nothing.
func (p RegionProfile) LegalNotices(kind, legalValue, lang string) (lines []string) {
	for _, n := range p.Legal {
		if (n.Kind == "" || n.Kind == kind) && (n.LegalValue == "" || n.LegalValue == legalValue) {
			lines = append(lines, n.In(lang))
		}
	}
	return lines
}

// PublicBodyNotice is what paper of a public administration must say here.
func (p RegionProfile) PublicBodyNotice(lang string) string { return inWords(p.PublicBody, lang) }

// NoticeIn says that the profile is to be checked.
func (p RegionProfile) NoticeIn(lang string) string { return inWords(p.Notice, lang) }

// Code names a profile: IT, IT-ITI3, or XX for the neutral one.
func (p RegionProfile) Code() string {
	switch {
	case p.Country == "":
		return neutralCode
	case p.Region == "":
		return p.Country
	}
	return p.Country + "-" + p.Region
}

// neutralCode is of the range that ISO 3166-1 leaves to its users.
const neutralCode = "XX"

func inWords(words map[string]string, lang string) string {
	if s := words[lang]; s != "" {
		return s
	}
	return words["en"]
}

//go:embed profiles/*.json
var profileFiles embed.FS

// regionProfiles are those of the program by code, each complete: a region has
// its country's values where it has none of its own.
var regionProfiles = sync.OnceValue(func() map[string]RegionProfile {
	entries, err := profileFiles.ReadDir("profiles")
	if err != nil {
		panic(err) // the files are part of the program
	}
	all := map[string]RegionProfile{}
	for _, entry := range entries {
		data, err := profileFiles.ReadFile("profiles/" + entry.Name())
		if err != nil {
			panic(err)
		}
		p, err := ParseRegionProfile(data)
		if err != nil {
			panic("schema: " + entry.Name() + ": " + err.Error())
		}
		all[p.Code()] = p
	}
	neutral := all[neutralCode]
	all[neutralCode] = RegionProfile{Example: true, Notice: neutral.Notice, Sources: neutral.Sources}.assuming(neutral)
	for _, code := range slices.Sorted(maps.Keys(all)) { // a country stands before its regions
		p := all[code]
		switch {
		case code == neutralCode:
		case p.Region == "":
			all[code] = p.assuming(neutral)
		default:
			all[code] = p.inheriting(all[p.Country])
		}
	}
	return all
})

// ProfileFor gives the profile of a region, else that of its country, else a
// neutral one. country is ISO 3166-1 alpha-2 (EL is read as GR), region NUTS-2
// or empty.
func ProfileFor(country, region string) RegionProfile {
	if country == "EL" {
		country = "GR"
	}
	all := regionProfiles()
	for _, code := range []string{country + "-" + region, country} {
		if p, ok := all[code]; ok {
			return p
		}
	}
	return all[neutralCode]
}

// RegionProfiles are those that the program brings, by code.
func RegionProfiles() []RegionProfile {
	all := regionProfiles()
	list := make([]RegionProfile, 0, len(all))
	for _, code := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[code])
	}
	return list
}

// RegionProfileByCode gives the profile that a person named: IT, IT-ITI3, XX.
// A region without rules of its own has its country's.
func RegionProfileByCode(code string) (RegionProfile, bool) {
	country, region, _ := strings.Cut(strings.ToUpper(code), "-")
	if country == "EL" {
		country = "GR"
	}
	if _, ok := regionProfiles()[country]; !ok || region != "" && !regionOf(region, country) {
		return RegionProfile{}, false
	}
	return ProfileFor(country, region), true
}
