package did_test

import (
	"fmt"

	"github.com/employment-passport/passport/internal/did"
)

func ExampleResolve() {
	doc, err := did.Resolve("did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")
	if err != nil {
		panic(err)
	}
	key, err := doc.AssertionKey(doc.Assertion[0])
	fmt.Println(key.Thumbprint(), err)
	_, err = doc.AssertionKey("did:web:ente.example#key-1")
	fmt.Println(err)
	// Output:
	// G_96kD3GBXg7fuqEEJsKY1YHracLxBDq7pdwv2DgxdM <nil>
	// did: kid: the key id is not one of did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169
}

func ExampleWebURL() {
	id, err := did.NewWeb("regione.example:8443", "enti/uno")
	if err != nil {
		panic(err)
	}
	url, err := did.WebURL(id)
	fmt.Println(id, url, err)
	// Output:
	// did:web:regione.example%3A8443:enti:uno https://regione.example:8443/enti/uno/did.json <nil>
}
