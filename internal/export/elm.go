package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/employment-passport/passport/schema"
)

// Errors of ELM.
var (
	// ErrKind: the model has no claim of a person for this kind of document.
	ErrKind = errors.New("no place for this kind of document")
	// ErrCountry: the country of a body is missing, or is none that the
	// European tables know. The model wants it.
	ErrCountry = errors.New("the body's country is missing")
)

// Contexts and shapes of the European Learning Model, application profile for
// European Digital Credentials.
var elmContexts = []string{"https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"}

const elmSchema = "http://data.europa.eu/snb/model/ap/edc-generic-full"

const snb = "http://data.europa.eu/snb/"

// object is a JSON object; encoding/json writes its members sorted.
type object map[string]any

// elm composes one document. Nodes that have no name of their own are numbered
// by their type, as the European tools do it.
type elm struct {
	c     *schema.Credential
	v     schema.View
	lang  string // of the document's own words
	nodes map[string]int
	err   error
}

// ELM writes the credential in the European Learning Model 3, not signed: what
// the European Digital Credentials issuer takes, completes and seals. With
// Options.Upload it stands in the envelope that the upload form wants. A page
// picture is drawn for the document's language and for English.
func ELM(w io.Writer, l Line, o Options) error {
	v := l.Credential.View()
	e := &elm{c: l.Credential, v: v, lang: firstOf(primary(v.Language), "en"), nodes: map[string]int{}}
	doc := e.document()
	if e.err != nil {
		return e.err
	}
	if o.Upload {
		doc = object{"credential": doc}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write ELM: %w", err)
	}
	return nil
}

func primary(tag string) string {
	p, _, _ := strings.Cut(tag, "-")
	return p
}

func (e *elm) document() object {
	from := e.c.ValidFrom.UTC().Format(time.RFC3339)
	doc := object{
		"@context": elmContexts, "id": "urn:credential:" + strings.TrimPrefix(e.c.ID, "urn:uuid:"),
		"type":               []string{"VerifiableCredential", "EuropeanDigitalCredential"},
		"credentialProfiles": e.concept(snb + "credential/e34929035b"),
		"credentialSchema":   object{"id": elmSchema, "type": "ShaclValidator2017"},
		"issued":             from, "issuanceDate": from, "validFrom": from,
		"issuer":            e.issuer(),
		"credentialSubject": e.person(),
		"displayParameter":  e.display(),
	}
	if !e.c.ValidUntil.IsZero() {
		until := e.c.ValidUntil.UTC().Format(time.RFC3339)
		doc["expirationDate"], doc["validUntil"] = until, until
	}
	return doc
}

// node starts an object of a type.
func (e *elm) node(kind string, members object) object {
	e.nodes[kind]++
	o := object{"id": fmt.Sprintf("urn:epass:%s:%d", strings.ToLower(kind[:1])+kind[1:], e.nodes[kind]), "type": kind}
	for name, value := range members {
		if !isNothing(value) {
			o[name] = value
		}
	}
	return o
}

func isNothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case object:
		return len(v) == 0
	case []object:
		return len(v) == 0
	}
	return false
}

// own is text of the document in its language; nothing for no text.
func (e *elm) own(text string) object {
	if text == "" {
		return nil
	}
	return object{e.lang: text}
}

// both says a fixed word in the document's language and in English.
func (e *elm) both(key string) object {
	return object{e.lang: say(e.lang, key), "en": say("en", key)}
}

func (e *elm) note(text object) object {
	if len(text) == 0 {
		return nil
	}
	return e.node("Note", object{"noteLiteral": text})
}

func (e *elm) issuer() object {
	return e.organisation(e.c.Issuer.ID, issuerName(e.c), e.c.Issuer.Country)
}

// organisation has its location and country always: the shapes want both.
func (e *elm) organisation(id, name, country string) object {
	uri := schema.CountryURI(country)
	if uri == "" {
		e.err = ErrCountry
	}
	o := e.node("Organisation", object{
		"legalName": e.own(name),
		"location":  e.node("Location", object{"address": e.node("Address", object{"countryCode": e.concept(uri)})}),
	})
	if id != "" {
		o["id"] = id
	}
	return o
}

// awardedBy is the body that awards, and when.
func (e *elm) awardedBy() object {
	body := e.issuer()
	if name := e.v.AwardingBody; name != "" && name != issuerName(e.c) {
		country := ""
		if d, ok := e.c.Document(); ok && d.Subject.Achievement.AwardingBody != nil {
			country = d.Subject.Achievement.AwardingBody.Country
		}
		body = e.organisation("", name, firstOf(country, e.c.Issuer.Country))
	}
	return e.node("AwardingProcess", object{
		"awardingBody": []object{body}, "awardingDate": e.c.ValidFrom.UTC().Format(time.RFC3339),
	})
}

func (e *elm) person() object {
	p := PersonOf(e.c)
	given, family := p.parts()
	o := e.node("Person", object{
		"givenName": e.own(given), "familyName": e.own(family), "fullName": e.own(p.Full()), "hasClaim": []object{e.claim()},
	})
	if len(p.BirthDate) == len(time.DateOnly) { // the model has no partial dates
		o["dateOfBirth"] = p.BirthDate
	}
	if id, _ := e.c.Holder(); id != "" {
		o["id"] = id
	}
	return o
}

// claim is what the document says of the person, by its kind.
func (e *elm) claim() object {
	switch {
	case !schema.IsPersonal(e.v.Kind):
		e.err = fmt.Errorf("%w: %s", ErrKind, e.v.Kind)
		return nil
	case e.v.Attendance != nil || e.v.Internship != nil:
		return e.activity(true)
	case e.v.Assessed != nil:
		return e.assessment()
	}
	return e.achievement()
}
