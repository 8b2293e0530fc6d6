package issuerhttp

import "net/http"

// statuses gives a refusal its HTTP status; what is not named is 422: a request
// that was understood and that the rules do not allow.
var statuses = map[string]int{
	// what a name leads to is not there
	"issuer_unknown": http.StatusNotFound, "template_unknown": http.StatusNotFound, "credential_unknown": http.StatusNotFound,
	"key_unknown": http.StatusNotFound, "list_unknown": http.StatusNotFound, "person_unknown": http.StatusNotFound, "proposal_unknown": http.StatusNotFound,

	// the thing is not in the state that the act needs
	"already_revoked": http.StatusConflict, "already_superseded": http.StatusConflict, "never_issued": http.StatusConflict, "erased": http.StatusConflict,
	"not_issued": http.StatusConflict, "not_suspended": http.StatusConflict, "not_suspendable": http.StatusConflict,
	"status_elsewhere": http.StatusConflict, "reissue_raw": http.StatusConflict, "ended_while_pending": http.StatusConflict,
	"key_not_active": http.StatusConflict, "key_is_identity": http.StatusConflict, "key_lost_meanwhile": http.StatusConflict,
	"no_active_key": http.StatusConflict, "issuer_exists": http.StatusConflict, "issuer_address_taken": http.StatusConflict,
	"id_taken": http.StatusConflict, "number_differs": http.StatusConflict, "number_taken": http.StatusConflict, "number_ended": http.StatusConflict,
	"profile_differs": http.StatusConflict, "credential_ambiguous": http.StatusConflict, "template_taken": http.StatusConflict,
	"needs_approval": http.StatusConflict, "print_state": http.StatusConflict, "print_ended": http.StatusConflict, "proposal_closed": http.StatusConflict, "proposal_taken": http.StatusConflict, "template_changed": http.StatusConflict,

	// the principal, or whoever sends feedback, may do so, but not this
	"proposal_own": http.StatusForbidden, "feedback_full": http.StatusInsufficientStorage,
	"erase_rewrite": http.StatusInsufficientStorage,
	"offer_unknown": http.StatusNotFound, "offer_ended": http.StatusConflict, "offer_taken": http.StatusConflict, "offer_not_held": http.StatusConflict, "offer_own": http.StatusConflict,

	// sheets
	"sheets_busy": http.StatusServiceUnavailable, "sheet_ended": http.StatusConflict, "sheet_files_gone": http.StatusGone,
	"sheet_nothing": http.StatusConflict, "sheet_no_base": http.StatusConflict, "erase_sheet_running": http.StatusConflict,

	// the server must be put right first
	"clock_back": http.StatusServiceUnavailable, "clock_jump": http.StatusServiceUnavailable,
	"self_check": http.StatusInternalServerError,
}

func statusOf(code string) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusUnprocessableEntity
}
