package strictjson

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Unmarshal checks data and decodes it into v. Member names are compared with
// regard to case; members that v does not know are ignored.
func Unmarshal(data []byte, v any) error {
	if err := Check(data); err != nil {
		return err
	}
	return UnmarshalChecked(data, v)
}

// UnmarshalKnown is Unmarshal that refuses members v does not know: for our
// own files, where a misspelt name must not pass in silence.
func UnmarshalKnown(data []byte, v any) error {
	if err := Check(data); err != nil {
		return err
	}
	return decode(data, v, json.RejectUnknownMembers(true))
}

// UnmarshalChecked is Unmarshal for data that has passed Check already, such
// as the payload that jose.Verify returns; it saves reading it twice.
func UnmarshalChecked(data []byte, v any) error { return decode(data, v) }

// Object reads a JSON object; its numbers are float64, which hold every number
// that Check lets through.
func Object(data []byte) (map[string]any, error) {
	if err := CheckObject(data, nil); err != nil {
		return nil, err
	}
	var m map[string]any
	if err := UnmarshalChecked(data, &m); err != nil {
		return nil, err
	}
	return m, nil
}

// decode lets the decoder skip what Check has done: names are unique and text
// is UTF-8 by then.
func decode(data []byte, v any, more ...json.Options) error {
	opts := append(more, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	err := json.Unmarshal(data, v, opts...)
	if err == nil {
		return nil
	}
	failed := &Error{Code: CodeJSON, Err: err}
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		failed.Pointer, failed.Offset = string(semantic.JSONPointer), semantic.ByteOffset
	}
	return failed
}
