// Package paper lays documents out for people: A4 certificates, the A5
// booklet, the wallet card, letters and receipts, as PDF. It judges nothing:
// callers bring verified credentials and the words of a verdict. It reaches no
// network and keeps no clock.
package paper
