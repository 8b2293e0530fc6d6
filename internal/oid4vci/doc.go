// Package oid4vci reads and writes the messages of OpenID for Verifiable
// Credential Issuance 1.0 (OpenID Foundation, 2025), as far as the
// pre-authorized code flow goes: offers, metadata, tokens, proofs, credentials,
// deferred ones and notifications. Both sides stand on it, the issuer's server
// and the wallet.
//
// The attacker writes the other side's messages. The promise is that each is
// read in one way (names are unique, sizes bounded, what is exclusive is
// exclusive), that a proof is only taken for the issuer, the moment and the key
// that it names, and that nothing is fetched: URLs are returned, not followed.
package oid4vci

import (
	"fmt"

	"github.com/employment-passport/passport/internal/strictjson"
)

// Names of the protocol.
const (
	Scheme     = "openid-credential-offer"                              // section 4.1
	GrantType  = "urn:ietf:params:oauth:grant-type:pre-authorized_code" //nolint:gosec // section 4.1.1; a name
	ProofJWT   = "jwt"                                                  // appendix F.1
	WellKnown  = "/.well-known/openid-credential-issuer"                // section 12.2.2
	WellKnownA = "/.well-known/oauth-authorization-server"              // RFC 8414 section 3

	// FormatVC is a W3C credential of the data model 2.0 as a vc+jwt of
	// VC-JOSE-COSE. The standard has no identifier for it: its jwt_vc_json is the
	// data model 1.1 (appendix A.1.1).
	FormatVC = "vc+jwt"
)

// Bounds of what is read. Honest messages stay far below.
const (
	MaxMessage        = 1 << 20 // bytes of a response
	MaxOffer          = 64 << 10
	MaxLink           = 96 << 10 // an offer with every byte escaped would not fit a link anyway
	MaxURL            = 2 << 10
	MaxText           = 1 << 10 // of a code, a token, an id
	MaxConfigurations = 100     // in an offer
	MaxSupported      = 10_000  // in metadata
	MaxProofs         = 100
	MaxProof          = 16 << 10 // bytes of one proof
	MaxDescription    = 300      // characters of a tx_code's description, section 4.1.1
)

// read decodes a message that must be a JSON object within max bytes. Members
// that v does not know are ignored, as the standard asks everywhere.
func read(what string, data []byte, max int, v any) error {
	if len(data) > max {
		return fmt.Errorf("%s: longer than %d bytes", what, max)
	}
	if err := strictjson.CheckObject(data, nil); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := strictjson.UnmarshalChecked(data, v); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// short tells whether s says something and not too much.
func short(s string) bool { return s != "" && len(s) <= MaxText }
