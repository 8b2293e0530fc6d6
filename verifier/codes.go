package verifier

// Codes of checks. The codes of the strict gate (size, structure, encoding,
// alg, header, kid, crit, type, json, json_duplicate, depth, number, key,
// claim) come from internal/jose unchanged.
const (
	// Questions of the device and the bundle.
	CodeBundle         = "bundle"
	CodeNoAnchor       = "no_anchor"
	CodeBundleRefused  = "bundle_refused"
	CodeBundleRollback = "bundle_rollback"
	CodeBundleExpired  = "bundle_expired"
	CodeBundleOld      = "bundle_old"
	CodeClock          = "clock"
	CodeMemory         = "memory"

	// Genuine?
	CodeSignature        = "signature"
	CodeSignatureInvalid = "signature_invalid"
	CodeType             = "type"
	CodeKid              = "kid"
	CodeDID              = "did"
	CodePurpose          = "purpose"
	CodeKey              = "key"
	CodeKeyUnknown       = "key_unknown"
	CodeIssuer           = "issuer"
	CodeClaim            = "claim"
	CodeShape            = "shape"
	CodeContext          = "context"
	CodeRules            = "rules"
	CodeRule             = "rule"
	CodeIatIgnored       = "iat_ignored"
	CodeSchemaUnchecked  = "schema_unchecked"
	CodeOpenBadge        = "open_badge"

	// Recognised?
	CodeRecognised           = "recognised"
	CodeNotRecognised        = "issuer_not_recognised"
	CodeRecognitionUnknown   = "recognition_unknown"
	CodeRecognitionWithdrawn = "recognition_withdrawn"
	CodeIssuerClosed         = "issuer_closed"
	CodeKeyUnlisted          = "key_unlisted"
	CodeKeyTime              = "key_time"
	CodeKeyCompromised       = "key_compromised"
	CodeDenied               = "denied"
	CodeReaffirmed           = "reaffirmed"

	// Dates.
	CodeDates       = "dates"
	CodeNotYetValid = "not_yet_valid"
	CodeExpired     = "expired"
	CodeSupersedes  = "supersedes"

	// Status.
	CodeStatus            = "status"
	CodeStatusOld         = "status_old"
	CodeStatusStale       = "status_stale"
	CodeStatusMissing     = "status_missing"
	CodeStatusUnsupported = "status_unsupported"
	CodeStatusOffline     = "status_offline"
	CodeStatusInvalid     = "status_invalid"
	CodeStatusIssuer      = "status_issuer"
	CodeStatusLength      = "status_length"
	CodeStatusIndex       = "status_index"
	CodeStatusRollback    = "status_rollback"
	CodeRevoked           = "revoked"
	CodeSuspended         = "suspended"
	CodeAssertion         = "assertion"
	CodeAssertionExpired  = "assertion_expired"
	CodeAssertionIgnored  = "assertion_ignored"

	// Holder.
	CodeHolderProven        = "holder_proven"
	CodeHolderLive          = "holder_live"
	CodeHolderCompare       = "holder_compare"
	CodeHolderMismatch      = "holder_mismatch"
	CodeAudience            = "audience"
	CodeNonce               = "nonce"
	CodePresentationExpired = "presentation_expired"
	CodePresentationMissing = "presentation_missing"
	CodePresentationEmpty   = "presentation_empty"
	CodeMemberUnsupported   = "member_unsupported"
	CodeTooMany             = "too_many"
	CodeNothing             = "nothing"

	// Composite.
	CodeComponents        = "components"
	CodeComponentRevoked  = "component_revoked"
	CodeComponentReplaced = "component_replaced"
	CodeComponentOther    = "component_other"
	CodeComponentOpen     = "component_open"
	CodeBelowDefinition   = "below_definition"
)

// rank orders the reasons of a verdict: of several, the one with the highest
// rank leads. trust.md's precedence in one place: bad signature or broken rule,
// denied or compromised, revoked, holder mismatch, dates, suspended, not
// recognised, unknown, amber, valid.
type rank int

const (
	rankValid rank = iota
	rankAmber
	rankUnknown
	rankNotRecognised
	rankSuspended
	rankDates
	rankHolder
	rankRevoked
	rankDenied
	rankBroken
)

var failedRanks = map[string]rank{
	CodeDenied:              rankDenied,
	CodeKeyCompromised:      rankDenied,
	CodeKeyTime:             rankDenied,
	CodeRevoked:             rankRevoked,
	CodeComponentRevoked:    rankRevoked,
	CodeHolderMismatch:      rankHolder,
	CodeAudience:            rankHolder,
	CodeNonce:               rankHolder,
	CodePresentationExpired: rankHolder,
	CodeNotYetValid:         rankDates,
	CodeExpired:             rankDates,
	CodeSuspended:           rankSuspended,
}

var undecidedRanks = map[string]rank{
	CodeNotRecognised:        rankNotRecognised,
	CodeRecognitionWithdrawn: rankNotRecognised,
	CodeKeyUnlisted:          rankNotRecognised,
	CodeNoAnchor:             rankNotRecognised,
	CodeBundleRefused:        rankNotRecognised,
}

func (c Check) rank() rank {
	switch c.Outcome {
	case Failed:
		if r, ok := failedRanks[c.Code]; ok {
			return r
		}
		return rankBroken
	case Undecided:
		if r, ok := undecidedRanks[c.Code]; ok {
			return r
		}
		return rankUnknown
	case Aged:
		return rankAmber
	}
	return rankValid
}

// verdict of a rank: everything from suspended up is INVALID.
func (r rank) verdict() Verdict {
	switch {
	case r >= rankSuspended:
		return Invalid
	case r >= rankUnknown:
		return Unknown
	}
	return Valid
}
