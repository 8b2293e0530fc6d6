package wallet

import "github.com/employment-passport/passport/schema"

// Person is a credential of the person that the wallet belongs to: one bound to
// its key, else the one that was kept first. Nil where nothing held says.
func (w *Wallet) Person() (of *schema.Credential) {
	for _, h := range w.held {
		switch {
		case !schema.IsPersonal(h.doc.Kind()):
		case w.Owner(h) == OwnerSelf:
			return h.doc
		case of == nil && w.Owner(h) == OwnerBearer:
			of = h.doc
		}
	}
	return of
}

// OfOther tells whether a document is another person's than the wallet's: bound to
// another key or, with no key, one that differ tells apart from Person's.
func (w *Wallet) OfOther(h Held, differ func(x, y *schema.Credential) bool) bool {
	if !schema.IsPersonal(h.doc.Kind()) {
		return false
	}
	own := w.Person()
	return w.Owner(h) == OwnerOther || own != nil && w.Owner(h) == OwnerBearer && differ(own, h.doc)
}
