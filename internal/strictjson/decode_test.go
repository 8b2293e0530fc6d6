package strictjson

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// manyNames is the inside of an object with n members.
func manyNames(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = fmt.Sprintf(`"n%d":%d`, i, i)
	}
	return strings.Join(members, ",")
}

// C02: names that differ in case are different names, in Go as elsewhere.
func TestNamesAreCaseSensitive(t *testing.T) {
	var v struct {
		Issuer string `json:"issuer"`
	}
	text := []byte(`{"ISSUER":"a","Issuer":"b","iſsuer":"c"}`)
	if err := Unmarshal(text, &v); err != nil || v.Issuer != "" {
		t.Fatalf("%+v, %v", v, err)
	}
	var refused *Error
	if err := UnmarshalKnown(text, &v); !errors.As(err, &refused) || refused.Code != CodeJSON || refused.Pointer != "/ISSUER" {
		t.Fatalf("%+v", err)
	}
	if err := UnmarshalKnown([]byte(`{"issuer":"d"}`), &v); err != nil || v.Issuer != "d" {
		t.Fatalf("%+v, %v", v, err)
	}
}

func TestWrongKind(t *testing.T) {
	var v struct {
		A struct {
			B []int `json:"b"`
		} `json:"a"`
	}
	var refused *Error
	if err := Unmarshal([]byte(`{"a":{"b":[1,"2"]}}`), &v); !errors.As(err, &refused) || refused.Pointer != "/a/b/1" {
		t.Fatalf("%+v", err)
	}
}

func TestObject(t *testing.T) {
	m, err := Object([]byte(`{"a":1.5,"b":[true,null,"x"],"c":{"d":9007199254740991}}`))
	want := map[string]any{"a": 1.5, "b": []any{true, nil, "x"}, "c": map[string]any{"d": 9007199254740991.0}}
	if err != nil || !reflect.DeepEqual(m, want) {
		t.Fatalf("%v, %v", m, err)
	}
	for _, text := range []string{`[]`, `null`, `{"a":1,"a":2}`} {
		if m, err := Object([]byte(text)); err == nil || m != nil {
			t.Errorf("%s: %v", text, m)
		}
	}
}
