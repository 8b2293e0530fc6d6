package trust

import (
	"bytes"
	"crypto"
	"encoding/json"
	"errors"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/schema"
)

// marshal writes compact JSON without HTML escapes, members in the order of
// the struct.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// mustMarshal writes a value of ours that always has a JSON form.
func mustMarshal(v any) json.RawMessage {
	data, err := marshal(v)
	if err != nil {
		panic("trust: " + err.Error())
	}
	return data
}

// publicJWK gives the bare JWK of a key: no name, no use, nothing private.
func publicJWK(key crypto.PublicKey) (jose.JWK, error) {
	jwk, err := jose.NewJWK(key)
	if err != nil {
		return jose.JWK{}, refuse(CodeKey, "not a key that signs").because(err)
	}
	return jwk, nil
}

// unix reads a NumericDate (RFC 7519 section 2); zero or less is no date.
func unix(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// day writes a UTC day; no day is the empty string.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return schema.DateOf(t).String()
}

func parseDay(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, err := schema.ParseDate(s)
	if err != nil {
		return time.Time{}, refuse(CodeDates, "%q is not a day", s)
	}
	return d.Time(), nil
}

// signatureError gives a refusal of the gate this package's carrier; our own
// come out as they are.
func signatureError(err error) error {
	var own *Error
	if errors.Is(err, errForeignRoot) || errors.As(err, &own) {
		return err
	}
	var gate *jose.Error
	if errors.As(err, &gate) && gate.Code == jose.CodeSize {
		return refuse(CodeSize, "token").because(err)
	}
	return refuse(CodeSignature, "token").because(err)
}

// oneOrMany is a member that VCDM 2.0 allows as one text or an array of them.
type oneOrMany []string

// UnmarshalJSON reads either form.
func (m *oneOrMany) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) {
		*m = make([]string, 1)
		return strictjson.UnmarshalChecked(data, &(*m)[0])
	}
	return strictjson.UnmarshalChecked(data, (*[]string)(m))
}

// issuerName is an issuer that VCDM 2.0 allows as a URL or an object with one.
type issuerName string

// UnmarshalJSON reads either form.
func (n *issuerName) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) {
		return strictjson.UnmarshalChecked(data, (*string)(n))
	}
	var object struct {
		ID string `json:"id"`
	}
	err := strictjson.UnmarshalChecked(data, &object)
	*n = issuerName(object.ID)
	return err
}

// dateOfIssue is an XML dateTimeStamp; without a zone it is none.
type dateOfIssue time.Time

// UnmarshalJSON refuses everything but RFC 3339.
func (d *dateOfIssue) UnmarshalJSON(data []byte) error {
	var s string
	if err := strictjson.UnmarshalChecked(data, &s); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339, s)
	*d = dateOfIssue(t)
	return err
}
