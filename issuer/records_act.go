package issuer

import "time"

// Act is one act of an actor, for packages that keep records of their own beside
// the register, see (*Issuer).Act. It is dead once its function has returned.
type Act struct{ a *act }

// Tx is the transaction of the act.
func (a *Act) Tx() Tx { return a.a.Tx }

// At is the time of the act, never before the log's last entry.
func (a *Act) At() time.Time { return a.a.at }

// By is who acts.
func (a *Act) By() Actor { return a.a.by }

// Log adds an entry to the audit log: what was done to which subject. Subject
// and details name nobody: they are ids, codes and numbers, and stay for ever.
// When Log fails the act must.
func (a *Act) Log(what, subject, details string) error { return a.a.log(what, subject, details) }
