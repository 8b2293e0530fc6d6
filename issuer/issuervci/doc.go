// Package issuervci hands credentials to wallets: it makes credential offers and
// serves the pre-authorized code flow of OpenID for Verifiable Credential
// Issuance 1.0 for every issuer of a home.
//
// The attacker has photographed the link, guesses the code on the slip, redeems
// one code from fifty machines, replays proofs, brings a proof made for another
// issuer, and asks for what was offered to somebody else. The promise is:
//
//   - an offer is redeemed once, however many try at the same moment, and never
//     after its end; five wrong transaction codes lock it for good, also across
//     restarts;
//   - whoever gets a credential has proved the key that it is bound to, to this
//     issuer, now, and once;
//   - a wallet that lost an answer and asks again gets the same credential;
//   - the store keeps codes and tokens as hashes only, and a learner's
//     particulars no longer than the offer.
package issuervci
