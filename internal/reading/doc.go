// Package reading takes files apart into what a verifier judges: pictures with
// QR codes, PDFs, badges with a credential baked in, texts. The command line and
// the page of an employer read by it, so that one file never means two things.
//
// Files come from strangers. What one shows and what it holds within are both
// judged, so that a good document cannot stand for the code of another; what is
// there and cannot be read is told, and takes a VALID away.
package reading
