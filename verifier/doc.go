// Package verifier judges employment credentials with no network: is the
// signature genuine, does an authority that the verifier chose recognise the
// issuer for this document on that day, what is the dated status, and who is
// showing it.
//
// It promises an employer that nothing is green by default. A verdict is
// VALID only when every check passed; what cannot be decided is UNKNOWN, and
// a Report, a Verdict or an Answer that nobody filled in says unknown too.
// The fields of a credential leave this package only in a report, and only
// when the signature over them was good.
//
// The attackers are whoever made the token (a forger, a thief of a key, an
// issuer who wants to hurt its reader), whoever shows it, and whoever handed
// over an old bundle or set back the clock. The package opens no connection,
// reads no file and keeps no clock: keys, status lists, recognition, memory
// and time come through the small interfaces of Config.
package verifier
