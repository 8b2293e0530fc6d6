package schema

import "time"

// CheckForIssuing judges a raw document that a client wants signed.
func CheckForIssuing(data []byte, now time.Time) Faults {
	root, err := readTree(data)
	if err != nil {
		return FaultsOf(err)
	}
	var r reading
	r.credential(root)
	return r.faults
}

// CheckPresentationForIssuing judges a raw presentation that a client wants signed.
func CheckPresentationForIssuing(data []byte) Faults {
	root, err := readTree(data)
	if err != nil {
		return FaultsOf(err)
	}
	var r reading
	r.presentation(root)
	return r.faults
}
