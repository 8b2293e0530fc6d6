package export

import (
	"encoding/base64"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// labels of terms that stand in no vocabulary of ours.
var termLabels = map[string]string{
	snb + "credential/e34929035b":                                    "Generic",
	snb + "education-credit/6fcec5c5af":                              "European Credit Transfer System",
	snb + "encoding/6146cde7dd":                                      "base64",
	"http://publications.europa.eu/resource/authority/file-type/PNG": "PNG",
}

const authorityTables = "http://publications.europa.eu/resource/authority/"

// concept is a term of a European vocabulary, with the scheme that it stands in
// and its words; nothing for no term.
func (e *elm) concept(uri string) object {
	if uri == "" {
		return nil
	}
	slash := strings.LastIndexByte(uri, '/')
	if slash < 0 {
		return nil // a word and no term of a list: nothing to point at
	}
	scheme := uri[:slash]
	o := object{"id": uri, "type": "Concept"}
	switch table, ok := strings.CutPrefix(scheme, authorityTables); {
	case ok:
		o["notation"] = table
	case strings.HasPrefix(uri, "http://data.europa.eu/esco/"):
		scheme, o["notation"] = "http://data.europa.eu/esco/concept-scheme/skills", "Skill"
	default:
		scheme += "/25831c2"
	}
	o["inScheme"] = object{"id": scheme, "type": "ConceptScheme"}
	words := object{"en": firstOf(termLabels[uri], schema.Label(uri, "en"), uri[strings.LastIndexByte(uri, '/')+1:])}
	if own := schema.Label(uri, e.lang); own != "" {
		words[e.lang] = own
	}
	o["prefLabel"] = words
	return o
}

// skill of any framework. One outside the European tables stands in a scheme
// named after its framework.
func (e *elm) skill(s schema.Skill) object {
	if strings.HasPrefix(s.URI, "http://data.europa.eu/esco/") {
		o := e.concept(s.URI)
		if words, ok := o["prefLabel"].(object); ok && schema.Label(s.URI, "en") == "" {
			words["en"] = s.Name
		}
		return o
	}
	return object{
		"id": firstOf(s.URI, "urn:epass:concept:"+stableUUID("skill", s.Framework, s.Name)), "type": "Concept",
		"inScheme":  object{"id": "urn:epass:conceptScheme:" + stableUUID("framework", s.Framework), "type": "ConceptScheme"},
		"prefLabel": object{e.lang: s.Name},
	}
}

// display says how the credential is shown: a picture of its page for each
// language, which the shapes want.
func (e *elm) display() object {
	languages := []string{e.lang}
	if e.lang != "en" {
		languages = append(languages, "en")
	}
	var pages, spoken []object
	for _, lang := range languages {
		tongue := e.concept(schema.LanguageURI(lang))
		picture, err := pagePicture(e.c, lang)
		if err != nil {
			e.err = err
			return nil
		}
		spoken = append(spoken, tongue)
		pages = append(pages, e.node("IndividualDisplay", object{"language": tongue, "displayDetail": []object{
			e.node("DisplayDetail", object{"page": 1, "image": e.node("MediaObject", object{
				"content":         base64.StdEncoding.EncodeToString(picture),
				"contentEncoding": e.concept(snb + "encoding/6146cde7dd"), "contentType": e.concept(authorityTables + "file-type/PNG"),
			})}),
		}}))
	}
	return e.node("DisplayParameter", object{
		"title": e.own(firstOf(e.v.Title, e.c.Name)), "description": e.own(e.v.Description),
		"primaryLanguage": spoken[0], "language": spoken, "individualDisplay": pages,
	})
}
