// Package strictjson reads JSON in one way only, so that two readers can never
// see two documents in the same bytes.
package strictjson

import (
	"fmt"

	"github.com/go-json-experiment/json"
)

// Error says why a text is refused.
type Error struct {
	Code    string // json | json_duplicate | depth | number | size
	Pointer string // RFC 6901
	Offset  int64
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s at %q (byte %d)", e.Code, e.Pointer, e.Offset)
}

// Check accepts exactly one strict JSON value.
func Check(data []byte) error {
	var v any
	return json.Unmarshal(data, &v)
}

// Unmarshal checks data and decodes it into v; unknown members are ignored.
func Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }

// UnmarshalChecked decodes data that Check has passed already.
func UnmarshalChecked(data []byte, v any) error { return json.Unmarshal(data, v) }

// UnmarshalKnown is Unmarshal that refuses unknown members.
func UnmarshalKnown(data []byte, v any) error {
	return json.Unmarshal(data, v, json.RejectUnknownMembers(true))
}

// Object reads a JSON object with numbers as float64.
func Object(data []byte) (map[string]any, error) {
	var m map[string]any
	err := json.Unmarshal(data, &m)
	return m, err
}
