package main

import (
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
)

// ofOther tells whether a credential is another person's than the wallet's, and
// gives that name.
func ofOther(w *wallet.Wallet, h wallet.Held) (name string, other bool) {
	return report.PersonName(h.Credential()), w.OfOther(h, report.Differ)
}
