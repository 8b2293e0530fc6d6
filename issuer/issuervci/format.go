package issuervci

import (
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// format is one kind of token in which a template's credential can be had. A
// second one (SD-JWT VC) is a second value beside vc, with an ending of its own
// for the ids of its configurations.
type format struct {
	id      string // Credential Format Identifier
	profile issuer.Profile
	binding []string // how the holder's key is named
}

// vc is the data model 2.0 as vc+jwt of VC-JOSE-COSE. The configuration of a
// template bears the template's name.
var vc = format{id: oid4vci.FormatVC, profile: issuer.ProfileVC, binding: []string{"did:key", "did:jwk", "jwk"}}

func (f format) configuration(t issuer.TemplateRecord) oid4vci.Configuration {
	title := oid4vci.Display{Name: t.Title}
	if parsed, err := schema.ParseTemplate(t.Body); err == nil {
		title.Locale = parsed.Language()
	}
	return oid4vci.Configuration{
		Format: f.id, BindingMethods: f.binding,
		ProofTypes: map[string]oid4vci.ProofType{oid4vci.ProofJWT: {Algorithms: oid4vci.ProofAlgorithms}},
		Metadata:   &oid4vci.CredentialMetadata{Display: []oid4vci.Display{title}},
	}
}
