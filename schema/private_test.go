package schema

import "testing"

// TestForeignBadgeMayBeShown: a badge of another platform is its holder's to
// show, with the address of the body and the picture of the badge in it; one
// that tells of the person what belongs in a record only is not.
func TestForeignBadgeMayBeShown(t *testing.T) {
	frame := func(member, subject, achievement string) string {
		return `{"@context":["https://www.w3.org/ns/credentials/v2","` + contextOB + `"],"type":["VerifiableCredential","OpenBadgeCredential"],` + member +
			`"issuer":{"id":"did:web:badge.example","type":["Profile"],"name":"Badge","email":"info@badge.example","address":{"type":["Address"],"addressCountryCode":"IT"}},` +
			`"credentialSubject":{"type":["AchievementSubject"],"id":"did:web:person.example"` + subject + `,"achievement":{"id":"https://badge.example/1","type":["Achievement"],"name":"Forklift","image":{"id":"https://badge.example/1.png","type":"Image"}` + achievement + `}}}`
	}
	for document, want := range map[string]bool{
		frame("", "", ""): true,
		frame("", `,"identifier":[{"type":"IdentityObject","hashed":true,"identityHash":"sha256$x","identityType":"emailAddress"}]`, ""):    true,
		frame("", `,"identifier":[{"type":"IdentityObject","hashed":true,"identityHash":"x","identityType":"nationalIdentityNumber"}]`, ""): false,
		frame("", `,"identifier":[{"type":"IdentityObject","hashed":false,"identityHash":"Amina","identityType":"name"}]`, ""):              true,
		frame("", `,"residencePermit":"x"`, ""):         false,
		frame("", `,"image":"https://x.example/p"`, ""): false,
		frame(`"fiscalCode":"x",`, "", ""):              false,
		frame("", "", `,"ext":{"disability":"x"}`):      false,
	} {
		c, err := ParseCredential([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		if c.MayBeShown() != want {
			t.Errorf("%v for %s", !want, document)
		}
	}
}
