package export

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// Namespaces of the Europass Candidate document, version 4.0. Its XSD is not at
// the place that it declares; the order of elements follows the documentation
// of Europass XML and documents that the portal wrote.
const (
	nsEuropass = "http://www.europass.eu/1.0"
	nsHR       = "http://www.hr-xml.org/3"
	nsOA       = "http://www.openapplications.org/oagis/9"
	nsEURES    = "http://www.europass_eures.eu/1.0"
	nsXSI      = "http://www.w3.org/2001/XMLSchema-instance"
)

// Europass writes the curriculum as one Candidate (BR-CV-02), to be imported as
// it is. It holds no nationality and no gender, though the format has room for
// both. The document's id depends on the person and the credentials alone: the
// same curriculum tomorrow is the same document.
func Europass(w io.Writer, cv CV, _ Options) error {
	c := sorted(cv)
	given, family := cv.Person.parts()
	name := personName{given, family}
	doc := candidate{
		NS: nsEuropass, HR: nsHR, OA: nsOA, EURES: nsEURES, XSI: nsXSI, Location: nsEuropass + " Candidate.xsd",
		ID: identifier{Value: documentID(cv), Scheme: "Passport", Name: "DocumentIdentifier", Agency: "EUROPASS", Version: "4.0"},
		Supplier: supplier{
			ID:   identifier{Value: stableUUID("supplier", cv.Person.Full()), Scheme: "Passport", Name: "PartyID", Agency: "EUROPASS", Version: "1.0"},
			Name: "Owner", Contact: personContact{name, c.channels()}, Precedence: 1,
		},
		Person: candidatePerson{Name: name, Channels: c.channels(), Born: cv.Person.BirthDate, Mother: c.motherTongue()},
		Profile: profile{
			Language: cv.Language, ID: identifier{Value: stableUUID("profile", documentID(cv), cv.Language), Scheme: "Passport", Name: "CandidateProfileID", Agency: "EUROPASS", Version: "1.0"},
			Summary: c.ownText(cv.Own.Summary), Work: c.employment(), Education: c.attended(), Certifications: c.certified(),
			Qualifications: c.qualifications(), Seminars: c.events(), Others: c.others(),
		},
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write Europass: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write Europass: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// documentID is a UUID, as BR-COM-4 asks.
func documentID(cv CV) string {
	parts := []string{"candidate", cv.Person.Full(), cv.Person.BirthDate}
	for _, l := range cv.Lines {
		parts = append(parts, l.Credential.ID)
	}
	return stableUUID(parts...)
}

// stableUUID is of version 8 (RFC 9562, 5.8): a hash of the parts.
func stableUUID(parts ...string) string {
	h := sha256.Sum256([]byte("https://w3id.org/employment-passport/\x00" + strings.Join(parts, "\x00")))
	h[6] = h[6]&0x0f | 0x80
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// channels are those that the holder wrote down, and no others.
func (c *curriculum) channels() []channel {
	k := c.Own.Contact
	var all []channel
	if k.Email != "" {
		all = append(all, channel{Code: "Email", URI: k.Email})
	}
	if k.Phone != "" {
		all = append(all, channel{Code: "Telephone", Dial: k.Phone})
	}
	if k.City != "" || k.Country != "" {
		all = append(all, channel{Use: "home", Address: &address{City: k.City, Country: strings.ToLower(k.Country)}})
	}
	return all
}

// motherTongue is the first that somebody named, as ISO 639-2 code.
func (c *curriculum) motherTongue() *coded {
	for _, l := range c.languages {
		if l.Mother && iso639(l.Language) != "" {
			return &coded{Name: "NORMAL", Value: iso639(l.Language)}
		}
	}
	return nil
}

// iso639 is the three-letter code of a language that the tables know.
func iso639(tag string) string {
	uri := schema.LanguageURI(tag)
	return strings.ToLower(uri[strings.LastIndexByte(uri, '/')+1:])
}

// ownText marks the holder's words inside a field of free text.
func (c *curriculum) ownText(text string) string {
	if text == "" {
		return ""
	}
	return text + "\n(" + c.t("export.own") + ")"
}

// describe is a record's free text: what it says, then what it rests on.
func (c *curriculum) describe(r record) string {
	var lines []string
	if r.text != "" {
		lines = append(lines, r.text)
	}
	for _, o := range r.outcomes {
		lines = append(lines, "• "+o)
	}
	if hours := c.hours(r.view); hours != "" {
		lines = append(lines, hours)
	}
	mark := c.standing(r.line)
	if r.line != nil {
		mark += " · " + c.reference(r)
	}
	return strings.Join(append(lines, "("+mark+")"), "\n")
}

// reference says which document it is and who signed it.
func (c *curriculum) reference(r record) string {
	number := r.view.DocumentNumber
	if number == "" {
		number = r.line.Credential.ID
	}
	return c.t("export.reference", "number", number, "issuer", issuerName(r.line.Credential))
}

func issuerName(c *schema.Credential) string {
	if c.Issuer.Name != "" {
		return c.Issuer.Name
	}
	return c.Issuer.ID
}

// hours says how long it took, in the words of the kind.
func (c *curriculum) hours(v schema.View) string {
	switch {
	case v.Attendance != nil:
		return c.t("export.attended", "hours", i18n.Number(c.Language, v.Attendance.HoursAttended), "planned", i18n.Number(c.Language, v.Attendance.HoursPlanned))
	case v.Internship != nil:
		return c.t("export.attended", "hours", i18n.Number(c.Language, v.Internship.HoursAttended), "planned", i18n.Number(c.Language, v.Internship.HoursPlanned))
	case v.Workload.Unit == "hours" && v.Workload.Value > 0:
		return c.t("export.workload", "hours", i18n.Number(c.Language, v.Workload.Value))
	}
	return ""
}
