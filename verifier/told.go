package verifier

// What is known of an input as a whole beside the tokens that were taken out of
// it. The verifier never sees the file; whoever read it tells with Tell.
const (
	// CodeCodeUnread: a code of ours was seen and could not be read.
	CodeCodeUnread = "code_unread"
	// CodePartUnread: a part of the file that may hold a document was not read.
	CodePartUnread = "part_unread"
	// CodeShownOther: the file shows another document than the one inside it.
	CodeShownOther = "shown_other"
)

// Tell adds checks of the input as a whole and draws every verdict again: what
// was not read may be what speaks against the rest, so an Undecided check takes
// a VALID away. An INVALID stays.
func (r *Report) Tell(checks ...Check) {
	if len(checks) == 0 {
		return
	}
	r.Checks = append(r.Checks, checks...)
	r.decideAgain()
}
