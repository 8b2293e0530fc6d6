// Package access says who works with a home and what they may do: people, who
// sign in to the console, and programs, which bear an API key. It decides; the
// doors (issuerhttp, issuerweb, the command line) ask it before they act.
//
// It promises, against a stranger, a program that was given too much, a stolen
// laptop and an insider who issues for himself:
//
//   - a role and an issuer are given together, and a grant for one issuer says
//     nothing of another: its things are not even there (ErrNotHere);
//   - a secret is shown once and kept only as its hash, so that a copy of the
//     store signs nobody in;
//   - what is revoked, disabled or expired is refused at the very next request;
//   - what may be taken once (an invitation, a proposal) is taken once, however
//     many ask at the same moment;
//   - every sign-in and every change of who may do what is in the audit log, in
//     the transaction that makes it true, and without a secret.
package access
