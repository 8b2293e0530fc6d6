package schema

import "slices"

// documentKind is all in which one kind of document differs from the others.
// The frame (context, issuer, dates, status, who holds it) is the same for all
// of them; a kind adds members of its own to achievement (what was learned and
// how it was assessed) and to credentialSubject (what this holder did).
//
// A new kind is a file kind_NAME.go with such a value, a line in kinds, a JSON
// Schema in data/ that says the same, and its terms in the context.
type documentKind struct {
	name            string // third entry of type
	achievementType string // of Open Badges 3.0
	schemaURL       string
	schemaFile      string // the JSON Schema that we publish
	prefix          string // of the document numbers that we make
	organisation    bool   // held by an organisation and not by a person
	results         bool   // credentialSubject may hold result
	level           bool   // says an EQF level, or that there is none

	// shared are the members of achievement that all kinds know and this kind
	// may have; nil is all of them. needs are those that it must have besides
	// what every document needs, its own ones included.
	shared map[string]bool
	needs  []string

	// begin makes room for the content of the kind, before anything is read.
	begin func(d *Document)

	// onAchievement and onSubject read one member of the kind's own, and tell
	// whether it is one. The writers write them, always in the same order.
	onAchievement, onSubject           func(r *reading, d *Document, c value) bool
	appendAchievement, appendOnSubject func(b []byte, d *Document) []byte

	// refused gives the code for a member that documents of another kind have
	// and this one must not have for a reason that is worth telling; "" for
	// any other, which is an unknown member.
	refused func(member string) string

	// rules judges the content, after the rules that all kinds share. What
	// credentialSubject must hold is asked here (judge.wants), because a
	// template leaves it out and a learner fills it in.
	rules func(j *judge, d *Document)

	// fill puts the learner's part into the content, beside details. part is a
	// copy that may be changed.
	fill func(d *Document, l Learner)

	// specimen adds to the learner of a specimen what the template leaves out.
	specimen func(part *Document, l *Learner)
}

// kinds are the documents that this program makes and reads.
var kinds = [...]*documentKind{
	&microKind,
	&attendanceKind,
	&internshipKind,
	&passportKind,
	&skillsKind,
	&operatorKind,
	&membershipKind,
	&accreditationKind,
}

// kindNamed finds a kind by its name, nil when there is none.
func kindNamed(name string) *documentKind {
	for _, k := range kinds {
		if k.name == name {
			return k
		}
	}
	return nil
}

// kindOf finds the kind of a credential by its types.
func kindOf(types []string) *documentKind {
	for _, t := range types {
		if k := kindNamed(t); k != nil {
			return k
		}
	}
	return nil
}

// IsKind tells whether name is a document that this program makes and reads.
func IsKind(name string) bool { return kindNamed(name) != nil }

// Kinds are the names of the documents that this program makes and reads.
func Kinds() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

// HeldByOrganisation tells whether documents of that kind speak of an
// organisation and not of a person.
func HeldByOrganisation(kind string) bool {
	k := kindNamed(kind)
	return k != nil && k.organisation
}

// notPersonal are kinds that speak of organisations or of rules.
var notPersonal = []string{KindNetworkMembership, KindTrainingProviderAccreditation, KindPassportDefinition}

// IsPersonal tells whether a kind of document speaks of what a person did. A
// foreign credential, whose kind is empty, may.
func IsPersonal(kind string) bool { return !slices.Contains(notPersonal, kind) }

// may tells whether achievement may hold a member that all kinds know.
func (k *documentKind) may(member string) bool { return k.shared == nil || k.shared[member] }

// schemaRefs is what a document of the kind names in credentialSchema. A second
// status entry breaks the schema of Open Badges, so such a document must not
// name it.
func (k *documentKind) schemaRefs(twoStatuses bool) []SchemaRef {
	ours := SchemaRef{k.schemaURL, typeJSONSchema}
	if twoStatuses {
		return []SchemaRef{ours}
	}
	return []SchemaRef{ours, {schemaOB, typeOBSchema}}
}

// set makes a set of members.
func set(members ...string) map[string]bool {
	s := make(map[string]bool, len(members))
	for _, m := range members {
		s[m] = true
	}
	return s
}
