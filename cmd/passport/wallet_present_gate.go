package main

import (
	"github.com/employment-passport/passport/wallet"
)

// mayTravel refuses to show a document of ours that breaks its rules, and a
// foreign one that says of a person what belongs in the record of a service
// only: a code gives back all of it. What the wallet does not hold is for
// Present to tell.
func mayTravel(w *wallet.Wallet, refs []string) error {
	for _, ref := range refs {
		h, err := w.Find(ref)
		if err == nil && !h.Credential().MayBeShown() {
			return fail(exitInvalid, "present_foreign", "title", walletRowOf(w, h).Title)
		}
	}
	return nil
}
