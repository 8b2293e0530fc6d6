// Package schema is the ground of Passport: the documents as types, the rules
// they obey, and the public data (contexts, JSON Schemas, vocabularies) that
// give their words a meaning.
//
// It promises its callers three things. Whatever ParseCredential returns was
// read strictly (W3C Verifiable Credentials Data Model 2.0, REC 2025-05-15):
// no duplicate names, no guessing, bounded. Whatever Template.Compose returns
// obeys every rule that Rules knows, and 1EdTech's own schema for Open Badges
// 3.0. And nothing that people must not find on a diploma (health, gender,
// residence, tax code, …) can be put in: a member that our documents do not
// define is refused at every depth.
//
// The attacker is whoever wrote the bytes. The package does no I/O, keeps no
// clock and panics on no input.
package schema
