package strictjson

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestAccepts: what has one reading is taken.
func TestAccepts(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `false`, `0`, `1`, `-1`, `""`, `[]`, `{}`, ` {} `, "\t\r\n{ \"a\" : [ 1 , 2 ] }\n",
		`9007199254740991`, `-9007199254740991`, `0.5`, `-0.5`, `1e10`, `1E+2`, `1e-2`, `1.5e300`, `-1e-300`, `1e22`,
		`"\"\\\/\b\f\n\r\t\u0041\u00e9"`, `"\ud83d\ude00"`, `"\uD83D\uDE00"`, `"😀"`, `"Ελένη"`, "\"\u2028\"", `"\u0000"`, "\"\x7f\"", "\"\ufeff\"",
		`{"a":1,"A":2,"":3,"a ":4}`, `{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}`,
		strings.Repeat("[", 64) + strings.Repeat("]", 64),
	} {
		if err := Check([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// refusals are families of texts by the code with which each must end. They
// follow the families of the JSON parsing test suite (n_array, n_number,
// n_object, n_string, n_structure), made anew.
var refusals = map[string]map[string][]string{
	CodeJSON: {
		"array": {
			`[`, `]`, `[1`, `[1,`, `[1,]`, `[,]`, `[,1]`, `[1,,2]`, `[1 2]`, `[1;2]`, `[1:2]`, `[""`, `["a"`, `["a",`, `[]]`, `[[]`, `[}`, `[1}`, `[a]`,
			"[\x00]", "[\xff]", "[\x0b]", "[\u00a0]", "[\u2060]", `[*]`, `["a" "b"]`, `[1,` + "\n", "[\"\n\"]", `["": 1]`, `[<null>]`, `[⍂]`,
		},
		"object": {
			`{`, `}`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{"a"}`, `{"a" 1}`, `{"a",1}`, `{"a"::1}`, `{"a":1 "b":2}`, `{"a":1,,"b":2}`,
			`{a:1}`, `{'a':1}`, `{1:1}`, `{null:1}`, `{"a":1]`, `{[:1}`, `{"a":"a" 1}`, `{"a":1}}`, `{"a":/*x*/1}`, `{"a":1}//`, `{"a":1}#`, `{"a":}`, `{"a":b}`,
			`{"a":1;"b":2}`, "{\"\xff\":1}", `{"\ud800":1}`, "{\"a\":1\x00}", `{💩:1}`, `{"a":"b"}/**/`, `{"a":"b",#`,
		},
		"string": {
			`"`, `"a`, `'a'`, `a`, `"\`, `"\"`, `"\x41"`, `"\a"`, `"\0"`, `"\'"`, `"\ "`, `"\U0041"`, `"\u"`, `"\u0"`, `"\u00"`, `"\u004"`, `"\u004g"`, `"\u 041"`,
			"\"\n\"", "\"\t\"", "\"\x00\"", "\"\x1f\"", `"\` + "\n" + `"`, `"\` + "\u00e9" + `"`, `"a"b`, `"a" "b"`, `“a”`, `"\u00e9`,
		},
		"characters": { // C04
			"\"\xff\"", "\"\xc0\xaf\"", "\"\xe0\x80\x80\"", "\"\xf0\x80\x80\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xf8\x88\x80\x80\x80\"", "\"\xc3\"", "\"\xe2\x82\"", "\"\x80\"",
			"\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"", "\"\xed\xa0\xbd\xed\xb8\x80\"", "\"\xc3", "\"aaaaaaaa\xff\"", "\"aaaaaaa\xc3\"",
			`"\ud800"`, `"\udbff"`, `"\udc00"`, `"\udfff"`, `"\ud800a"`, `"\ud800\n"`, `"\ud800\u0041"`, `"\ud800\ud800"`, `"\ude00\ud83d"`, `"\ud83d\ude0"`, `"\ud83d\`, `"\ud83d\u`,
			`"\ud83d\x64e00"`, `"\ud83dude00"`,
		},
		"structure": {
			``, ` `, "\n", "\ufeff{}", "\ufeff", "\xfe\xff\x00{\x00}", "\xff\xfe{\x00}\x00", "{\x00}\x00", "\x00", "{}\x00", `{}{}`, `{} x`, `{}x`, `[][]`, `1 2`, `null null`, `nul`, `nulll`, `Null`, `NULL`, `True`,
			`tru`, `fals`, `truefalse`, `undefined`, `<null>`, `()`, `,`, `:`, `/**/{}`, "\u00a0{}", "\u2028{}", "\x0c{}", `*`, `\u007b}`, `{}é`, `%`, `abc`, "\xe2\x80\x8b{}",
		},
	},
	CodeNumber: {
		"grammar": { // C09
			`+1`, `.5`, `-.5`, `1.`, `-1.`, `1.e1`, `1e`, `1e+`, `1E-`, `1e1.5`, `01`, `-01`, `00`, `-00`, `0x10`, `0b1`, `0o7`, `1_000`, `1f`, `1L`, `NaN`, `-NaN`, `Infinity`, `-Infinity`, `Inf`, `-`, `--1`, `+-1`, `-a`,
			`1a`, `1e1e1`, `1..2`, `1.2.3`, `1+1`, `1-1`, `0e`, `0e+-1`, `-foo`, `1e`, `[1.]`, `[-]`, `{"a":+1}`, `[0x1]`, `[.1]`,
		},
		"value": {
			`9007199254740992`, `-9007199254740992`, `9007199254740993`, `9223372036854775807`, `-9223372036854775808`, `18446744073709551616`, `10000000000000000`,
			`1e400`, `-1e400`, `1e309`, `-0`, `-0.0`, `-0e1`, `-1e-400`, `1` + strings.Repeat("0", 2000), `0.` + strings.Repeat("1", 2000), `1e` + strings.Repeat("9", 2000),
		},
	},
	CodeDuplicate: {
		"names": { // C01
			`{"a":1,"a":1}`, `{"a":1,"b":2,"a":3}`, `{"":1,"":2}`, `{"x":{"a":1,"a":2}}`, `[{"a":1,"a":2}]`, `{"a":1,"\u0061":2}`, `{"\u0061":1,"a":2}`, `{"é":1,"\u00e9":2}`,
			`{"😀":1,"\ud83d\ude00":2}`, `{"a":{"b":1},"c":1,"a":2}`, `{"a\/b":1,"a/b":2}`,
		},
		"many names": {`{` + manyNames(40) + `,"n7":0}`, `{` + manyNames(40) + `,"n39":0}`, `{` + manyNames(24) + `,"n23":0}`, `{` + manyNames(25) + `,"n24":0}`, `{` + manyNames(23) + `,"n0":0}`},
	},
	CodeDepth: {
		"depth": { // C07
			strings.Repeat("[", 65) + strings.Repeat("]", 65), strings.Repeat("[", 10_001), strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65), strings.Repeat(`[{"a":`, 50_000),
		},
	},
}

func TestRefuses(t *testing.T) {
	for code, families := range refusals {
		for family, texts := range families {
			t.Run(code+" "+family, func(t *testing.T) {
				for _, text := range texts {
					err := Check([]byte(text))
					var refused *Error
					if !errors.As(err, &refused) || refused.Code != code {
						t.Errorf("%.60q: got %v, want the code %s", text, err, code)
						continue
					}
					if refused.Offset < 0 || refused.Offset > int64(len(text)) {
						t.Errorf("%.60q: offset %d", text, refused.Offset)
					}
					var v any
					if Unmarshal([]byte(text), &v) == nil || UnmarshalKnown([]byte(text), &v) == nil {
						t.Errorf("%.60q: decoded all the same", text)
					}
				}
			})
		}
	}
}

// TestSize: the bound holds before anything is read.
func TestSize(t *testing.T) {
	err := Check(make([]byte, MaxSize+1))
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != CodeSize {
		t.Fatal(err)
	}
}

func TestPlace(t *testing.T) {
	for text, want := range map[string]Error{
		`{"a":[1,{"b":-0}]}`:        {Code: CodeNumber, Pointer: "/a/1/b", Offset: 13},
		`{"a/b":{"~":{"x":1,"x":}}`: {Code: CodeDuplicate, Pointer: "/a~1b/~0/x", Offset: 19},
		`{"a":tru}`:                 {Code: CodeJSON, Pointer: "/a", Offset: 5},
		`[0,1,[2,nil]]`:             {Code: CodeJSON, Pointer: "/2/1", Offset: 8},
		`{}x`:                       {Code: CodeJSON, Pointer: "", Offset: 2},
	} {
		var got *Error
		if !errors.As(Check([]byte(text)), &got) || *got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}

func TestCheckObject(t *testing.T) {
	var seen []string
	err := CheckObject([]byte(` { "a" : [1, {"b":2}] , "\u0063" : "x" , "d":null } `), func(name, value []byte) {
		seen = append(seen, string(name)+"="+string(value))
	})
	if want := `a=[1, {"b":2}] c="x" d=null`; err != nil || strings.Join(seen, " ") != want {
		t.Fatalf("%q, %v", seen, err)
	}
	for _, text := range []string{`null`, `[]`, `"x"`, `1`, ``, ` `} { // C06
		var refused *Error
		if err := CheckObject([]byte(text), nil); !errors.As(err, &refused) || refused.Code != CodeJSON {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A hostile object of a megabyte costs no square of its names.
func TestManyNamesAreNotSlow(t *testing.T) {
	text := []byte(`{` + manyNames(100_000) + `}`)
	start := time.Now()
	if err := Check(text); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 20*time.Second { // some ms; the square would take a minute
		t.Errorf("took %v", took)
	}
}
