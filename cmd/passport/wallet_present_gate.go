package main

import (
	"github.com/employment-passport/passport/wallet"
)

// mayTravel refuses to show what exports and paper do not give away either: a
// document that is not ours, or breaks its rules, may hold what belongs in the
// record of a service only, and a code gives back all of it. What the wallet
// does not hold is for Present to tell.
func mayTravel(w *wallet.Wallet, refs []string) error {
	for _, ref := range refs {
		h, err := w.Find(ref)
		if err == nil && !h.Credential().Travels() {
			return fail(exitInvalid, "present_foreign", "title", walletRowOf(w, h).Title)
		}
	}
	return nil
}
