package schema

import (
	"strings"
	"time"
)

// KindNetworkMembership says that an organisation belongs to a network.
const KindNetworkMembership = "NetworkMembership"

var membershipKind = documentKind{
	name:            KindNetworkMembership,
	achievementType: "Membership",
	schemaURL:       ownSchemas + "membership/1",
	schemaFile:      "data/membership-1.json",
	prefix:          "NM-",
	organisation:    true,
	shared:          frameAnd(),
	begin:           func(d *Document) { d.Membership = new(Membership) },
	onSubject:       func(r *reading, d *Document, c value) bool { return r.membershipMember(d.Membership, c) },
	appendOnSubject: func(b []byte, d *Document) []byte { return appendMembership(b, d.Membership) },
	rules: func(j *judge, d *Document) {
		j.organisationValue(d)
		j.membership(d.Membership, d.ValidFrom)
	},
	specimen: specimenMembership,
}

// organisationValue: what a document of learning can be worth in Italy says
// nothing of an organisation.
func (j *judge) organisationValue(d *Document) {
	if isPublicAct(d.Subject.Achievement.LegalValue) {
		j.fault("organisation_legal_value", atAchievement+"/legalValue")
	}
}

// membershipMember reads a member of credentialSubject that only a membership
// has.
func (r *reading) membershipMember(m *Membership, c value) bool {
	switch c.key() {
	case "network":
		m.Network = r.network(c)
	case "memberRole":
		m.Role = r.term(c, isMemberRole, "membership_role")
	case "memberSince":
		m.Since = r.term(c, isDay, "date_form")
	case "memberUntil":
		m.Until = r.term(c, isDay, "date_form")
	case "charterHash":
		m.CharterHash = r.term(c, isSHA256, "hash_form")
	case "themes":
		m.Themes = r.texts(c, maxShort)
	default:
		return false
	}
	return true
}

func (r *reading) network(v value) (n Network) {
	if !r.object(v) {
		return n
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id":
			n.ID = r.link(c)
		case "name":
			n.Name = r.text(c, maxShort)
		case "networkLevel":
			n.Level = r.term(c, isNetworkLevel, "membership_level")
		case "territory":
			n.Territory = r.term(c, isTerritory, "territory_form")
		case "coordinator":
			n.Coordinator = r.body(c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "id", "name", "networkLevel")
	return n
}

func isMemberRole(s string) bool { return s == "coordinatore" || s == "membro" || s == "associato" }

func isNetworkLevel(s string) bool {
	return s == "local" || s == "national" || s == "sectoral" || s == "international"
}

// isTerritory tells whether s has the form of a NUTS code of any depth: IT,
// ITH, ITH5, ITH55.
func isTerritory(s string) bool {
	return len(s) >= 2 && len(s) <= 5 && isUpper(s[:2]) && strings.Trim(s[2:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// membership judges a membership. Whoever leaves has it revoked; an end that
// was known beforehand stands in it.
func (j *judge) membership(m *Membership, issued time.Time) {
	j.wants(m.Network == Network{}, "credentialSubject/network")
	j.wants(m.Role == "", "credentialSubject/memberRole")
	j.wants(m.Since == "", "credentialSubject/memberSince")
	if m.Until != "" && m.Until < m.Since {
		j.fault("membership_dates", atSubject+"/memberUntil")
	}
	if after(m.Since, issued) {
		j.fault("membership_dates", atSubject+"/memberSince")
	}
}

// appendMembership writes what a membership adds to credentialSubject.
func appendMembership(b []byte, m *Membership) []byte {
	b = appendString(append(b, `,"network":{"id":`...), m.Network.ID)
	b = appendMember(b, `,"name":`, m.Network.Name)
	b = appendMember(b, `,"networkLevel":`, m.Network.Level)
	b = appendMember(b, `,"territory":`, m.Network.Territory)
	if m.Network.Coordinator != nil {
		b = appendProfile(append(b, `,"coordinator":`...), *m.Network.Coordinator)
	}
	b = append(b, '}')
	b = appendMember(b, `,"memberRole":`, m.Role)
	b = appendMember(b, `,"memberSince":`, m.Since)
	b = appendMember(b, `,"memberUntil":`, m.Until)
	b = appendMember(b, `,"charterHash":`, m.CharterHash)
	return appendTexts(b, `,"themes":`, m.Themes)
}

func specimenMembership(part *Document, l *Learner) {
	m := part.Membership
	var own specimenDetails
	own.add(m.Network == Network{}, "network", `{"id":"https://rete.example","name":"Rete Esempio","networkLevel":"local"}`)
	own.add(m.Role == "", "memberRole", `"membro"`)
	own.add(m.Since == "", "memberSince", `"2026-01-15"`)
	l.Details = own.object()
}
