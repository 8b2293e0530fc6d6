package export

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/employment-passport/passport/schema"
)

// What is read from a picture can be baked again and read again.
func FuzzReadPNG(f *testing.F) {
	f.Add(blankPNG(f))
	f.Add(bakedPNG(f))
	f.Add([]byte(pngSignature))
	f.Fuzz(func(t *testing.T, data []byte) {
		token, err := ReadPNG(data)
		if (token == "") != (err != nil) {
			t.Fatalf("%q with %v", token, err)
		}
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := BakePNG(&again, blankPNG(t), token); err != nil {
			t.Fatal(err)
		}
		if back, err := ReadPNG(again.Bytes()); back != token || err != nil {
			t.Fatalf("%q, %v", back, err)
		}
	})
}

func FuzzReadSVG(f *testing.F) {
	f.Add([]byte(plainSVG))
	f.Add(bakedSVG(f))
	f.Add([]byte(`<!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"></svg>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		token, err := ReadSVG(data)
		if (token == "") != (err != nil) {
			t.Fatalf("%q with %v", token, err)
		}
		var baked bytes.Buffer
		if BakeSVG(&baked, data, someToken) == nil {
			if back, err := ReadSVG(baked.Bytes()); back != someToken || err != nil {
				t.Fatalf("%q, %v from %q", back, err, baked.Bytes())
			}
		}
		if err == nil && !isCompact(token) {
			t.Fatalf("%q is no token", token)
		}
	})
}

// What the reader of the holder's file lets through is what it promises.
func FuzzParseOwn(f *testing.F) {
	f.Add([]byte(`{"summary":"Cuoca","contact":{"email":"a@b.example","country":"IT"},"skills":["x"]}`))
	f.Add([]byte(`{"experiences":[{"title":"Cuoca","from":"2019","until":"2020-05"}],"languages":[{"language":"wo","motherTongue":true}]}`))
	f.Add([]byte(`{"fiscalCode":"DLLMNA94C52Z343H"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		own, err := ParseOwn(data)
		if err != nil {
			if schema.FaultsOf(err) == nil {
				t.Fatalf("%T is not faults", err)
			}
			return
		}
		again, err := json.Marshal(own)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseOwn(again); err != nil && len(again) <= MaxOwn {
			t.Fatalf("%s: %v", again, err)
		}
	})
}
