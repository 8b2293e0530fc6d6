package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"

	"github.com/employment-passport/passport/issuer/issuerhttp"
)

// ownOpenAPI describes what the service says of itself.
//
//go:embed serve_openapi.json
var ownOpenAPI []byte

// describe puts the description of the service together (OpenAPI 3.1).
func (s *service) describe() (err error) {
	s.document, err = issuerhttp.Document(s.base.String(), append([][]byte{ownOpenAPI}, s.openAPI...)...)
	return err
}

// etagOf is a strong validator of a text.
func etagOf(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}
