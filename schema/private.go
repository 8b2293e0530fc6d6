package schema

import "strings"

// privateNames are members that someone may try to put on a diploma and that
// must never stand there (class C of the documents' data model: record only).
// They would be refused anyhow, as all members that we do not define; here
// they are named so that the refusal can say why.
var privateNames = map[string]bool{
	"nationalidentitynumber": true, "fiscalcode": true, "codicefiscale": true, "taxcode": true, "taxid": true,
	"citizenship": true, "nationality": true, "residencepermit": true, "permit": true, "asylum": true,
	"disability": true, "health": true, "condition": true, "vulnerability": true, "targetgroup": true,
	"gender": true, "sex": true, "religion": true, "ethnicity": true, "ethnicorigin": true,
	"address": true, "residence": true, "domicile": true, "phone": true, "telephone": true, "mobile": true,
	"email": true, "emailaddress": true, "iban": true, "allowance": true, "allowancepaid": true, "income": true,
	"maritalstatus": true, "photo": true, "image": true,
}

// isPrivate knows a member or an identity type by its last part, whatever its
// case: fiscalCode, ext:FiscalCode, fiscal_code.
func isPrivate(name string) bool {
	if i := strings.LastIndexAny(name, ":/#"); i >= 0 {
		name = name[i+1:]
	}
	return privateNames[strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))]
}

// publicOfBodies are private of a person and public of an organisation, or of
// what it teaches.
var publicOfBodies = map[string]bool{
	"address": true, "email": true, "emailaddress": true, "phone": true, "telephone": true, "photo": true, "image": true,
}

// MayBeShown tells whether the holder's wallet gives the document out. One of
// our own must keep its rules (see Travels). A foreign one is its holder's to
// show, unless it plainly says of a person what belongs in a record only:
// whoever scans a code gets all of it.
func (c *Credential) MayBeShown() bool {
	if c.Kind() != "" {
		return c.Travels()
	}
	root, err := readTree(c.Raw)
	return err == nil && !holdsPrivate(root, false)
}

func holdsPrivate(v value, ofBody bool) bool {
	for c := v.first(); c.exists(); c = c.next() {
		name := c.key()
		switch {
		case name == "@context":
			continue
		case name == "identityType" && isPrivate(c.text()) && c.text() != "emailAddress": // by which most badges know their holder
			return true
		case isPrivate(name) && !(ofBody && publicOfBodies[strings.ToLower(name)]):
			return true
		}
		if holdsPrivate(c, ofBody || name == "issuer" || name == "achievement" || name == "source" || name == "creator") {
			return true
		}
	}
	return false
}
