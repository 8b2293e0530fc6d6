package statuslist

import (
	"encoding/json"
	"errors"

	"github.com/employment-passport/passport/internal/strictjson"
)

// wireCredential is a BitstringStatusListCredential as JSON.
type wireCredential struct {
	Context    wireStrings     `json:"@context"`
	ID         string          `json:"id"`
	Type       wireStrings     `json:"type"`
	Issuer     wireIssuer      `json:"issuer"`
	ValidFrom  string          `json:"validFrom,omitempty"`
	ValidUntil string          `json:"validUntil,omitempty"`
	Status     json.RawMessage `json:"credentialStatus,omitempty"`
	Subject    wireSubject     `json:"credentialSubject"`
}

type wireSubject struct {
	ID      string      `json:"id,omitempty"`
	Type    wireStrings `json:"type"`
	Purpose wireStrings `json:"statusPurpose"`
	TTL     *int64      `json:"ttl,omitempty"` // milliseconds
	Encoded string      `json:"encodedList"`
}

// wireStrings is one string or an array of them; one is written alone where the
// standard's examples do so, which is everywhere but in @context and the
// credential's type.
type wireStrings []string

func (s *wireStrings) UnmarshalJSON(data []byte) error {
	var one string
	if len(data) > 0 && data[0] == '"' && strictjson.UnmarshalChecked(data, &one) == nil {
		*s = wireStrings{one}
		return nil
	}
	// Contexts may hold objects, which say nothing that we use.
	var many []json.RawMessage
	if err := strictjson.UnmarshalChecked(data, &many); err != nil {
		return errors.New("neither a string nor an array of strings")
	}
	out := make(wireStrings, 0, len(many))
	for _, m := range many {
		if err := strictjson.UnmarshalChecked(m, &one); err != nil || m[0] != '"' {
			one = ""
		}
		out = append(out, one)
	}
	*s = out
	return nil
}

func (s wireStrings) MarshalJSON() ([]byte, error) {
	if len(s) == 1 && s[0] != contextV2 {
		return json.Marshal(s[0])
	}
	return json.Marshal([]string(s))
}

// wireIssuer is a URL, or an object with one as id.
type wireIssuer string

func (i *wireIssuer) UnmarshalJSON(data []byte) error {
	var object struct {
		ID string `json:"id"`
	}
	if len(data) > 0 && data[0] == '{' {
		err := strictjson.UnmarshalChecked(data, &object)
		*i = wireIssuer(object.ID)
		return err
	}
	var url string
	err := strictjson.UnmarshalChecked(data, &url)
	*i = wireIssuer(url)
	return err
}
