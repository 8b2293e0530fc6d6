package schema

import (
	"maps"
	"slices"
	"strconv"
)

// Compose writes the definition as a credential that its owner, the issuer of
// p, is to sign: types VerifiableCredential and PassportDefinition. Of p it
// takes ID, Issuer, ValidFrom, ValidUntil, Supersedes and, unless StatusListURL
// is empty, the place in the status list; an empty ID is left out as well, for
// an issuer that gives both. It refuses, with Faults, a definition whose file
// names another owner.
func (d *PassportDefinition) Compose(p Particulars) ([]byte, error) {
	var f Faults
	if p.ID != "" && !isUUIDURN(p.ID) {
		f = f.with("not_uuid", "/id")
	}
	if !isDID(p.Issuer.ID) {
		f = f.with("not_did", "/issuer/id")
	}
	if d.Owner.ID != "" && d.Owner.ID != p.Issuer.ID {
		f = f.with("definition_owner", "/owner/id")
	}
	if p.ValidFrom.IsZero() {
		f = f.with("annex_issue_date", "/validFrom")
	}
	b := d.appendJSON(make([]byte, 0, 8192), p)
	if len(b) > maxDefinition {
		f = f.with("definition_size", "")
	}
	if len(f) > 0 {
		return nil, f
	}
	return b, nil
}

func (d *PassportDefinition) appendJSON(b []byte, p Particulars) []byte {
	b = append(b, `{"@context":["`+contextVC+`","`+ContextURL+`"]`...)
	b = appendMember(b, `,"id":`, p.ID)
	b = append(b, `,"type":["VerifiableCredential","`+KindPassportDefinition+`"],"name":`...)
	b = appendString(b, d.In(d.Title, d.Language))
	b = appendString(append(b, `,"issuer":{"id":`...), p.Issuer.ID)
	b = append(appendMember(b, `,"name":`, p.Issuer.Name), '}')
	b = appendTime(b, `,"validFrom":`, p.ValidFrom)
	b = appendTime(b, `,"validUntil":`, p.ValidUntil)
	b = d.appendSubject(append(b, `,"credentialSubject":`...))
	if p.StatusListURL != "" {
		b = appendStatus(append(b, `,"credentialStatus":`...), statusEntry(p.StatusListURL, p.StatusIndex, purposeRevoke))
	}
	b = appendSchemaRef(append(b, `,"credentialSchema":`...), SchemaRef{DefinitionSchemaURL, typeJSONSchema})
	b = appendMember(b, `,"supersedes":`, p.Supersedes)
	return append(b, '}')
}

func (d *PassportDefinition) appendSubject(b []byte) []byte {
	b = appendString(append(b, `{"id":`...), d.ID)
	b = appendMember(b, `,"version":`, d.Version)
	b = appendMember(b, `,"language":`, d.Language)
	b = d.appendWordings(append(b, `,"title":`...), d.Title)
	if len(d.Notice) > 0 {
		b = d.appendWordings(append(b, `,"notice":`...), d.Notice)
	}
	if d.Example {
		b = append(b, `,"example":true`...)
	}
	b = appendMember(b, `,"appliesFrom":`, d.ValidFrom.String())
	b = strconv.AppendInt(append(b, `,"minimum":`...), int64(d.Minimum), 10)
	if len(d.EQFLevels) > 0 {
		b = appendList(append(b, `,"eqfLevels":`...), d.EQFLevels, appendInt)
	}
	b = appendList(append(b, `,"requirements":`...), d.Requirements, d.appendRequirement)
	return append(b, '}')
}

func (d *PassportDefinition) appendRequirement(b []byte, q Requirement) []byte {
	b = appendString(append(b, `{"ref":`...), q.Ref)
	b = appendMember(b, `,"framework":`, q.Framework)
	b = appendMember(b, `,"code":`, q.Code)
	b = appendMember(b, `,"uri":`, q.URI)
	b = d.appendWordings(append(b, `,"label":`...), q.Label)
	if q.MinLevel > 0 {
		b = appendInt(append(b, `,"minLevel":`...), q.MinLevel)
	}
	b = appendTexts(b, `,"acceptedBodies":`, q.AcceptedBodies)
	if len(q.Offers) > 0 {
		b = appendList(append(b, `,"offers":`...), q.Offers, appendOffer)
	}
	return append(b, '}')
}

func appendOffer(b []byte, o Offer) []byte {
	b = appendString(append(b, `{"name":`...), o.Name)
	return append(appendMember(b, `,"url":`, o.URL), '}')
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// appendWordings writes texts by language, the definition's own first.
func (d *PassportDefinition) appendWordings(b []byte, texts map[string]string) []byte {
	langs := slices.SortedFunc(maps.Keys(texts), func(a, c string) int {
		switch {
		case a == d.Language:
			return -1
		case c == d.Language:
			return 1
		case a < c:
			return -1
		}
		return 1
	})
	b = append(b, '{')
	for _, lang := range langs {
		b = appendString(appendKey(b, lang), texts[lang])
	}
	return append(b, '}')
}
