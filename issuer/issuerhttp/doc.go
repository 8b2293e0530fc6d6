// Package issuerhttp is the issuer's door for programs: the REST API below
// /api/v1 and the issuing half of the VC API, with the OpenAPI document that
// says what they do.
//
// It decides nothing that the issuer or access decides: a handler reads a
// request, asks access whether its principal may, calls one method of the
// issuer and writes the answer. It promises, against a client with a key of
// another body, one with too small a role, one that repeats itself, and one
// that sends what was never asked for:
//
//   - what belongs to a body that the principal has nothing to do with is
//     answered as what does not exist, word for word;
//   - a body is read strictly (no unknown and no repeated member, 1 MiB), so
//     that nobody sets what only the issuer may set;
//   - a request with an Idempotency-Key happens once, through crashes and
//     restarts, because its key is stored in the transaction of the act;
//   - every refusal is a problem+json (RFC 9457) with a stable code and words
//     in the reader's language, and says nothing of a fault of our own;
//   - no answer and no log holds a secret.
package issuerhttp
