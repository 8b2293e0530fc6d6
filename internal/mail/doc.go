// Package mail sends short letters through the one SMTP server that the
// operator configured. It is the second door to the network beside fetch: it
// connects to that host and no other, over TLS unless the host is this machine.
//
// Names and addresses come from strangers' sheets: whatever could end a header
// line or add a recipient is refused. A letter says what waits for its reader
// and where, never what a credential contains and never the code that releases
// it.
package mail
