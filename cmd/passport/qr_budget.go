package main

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/schema"
)

// templateBudget tells how large a code the credentials of a template will
// need, before anybody is issued one: a specimen is composed and packed as if
// it were signed with ES256.
func templateBudget(t *schema.Template) (qr.Budget, error) {
	p := schema.Specimen(t)
	payload, err := t.Compose(p)
	if err != nil {
		return qr.Budget{}, err
	}
	part := base64.RawURLEncoding.EncodeToString
	header := fmt.Sprintf(`{"alg":"ES256","kid":"%s#key-1","typ":"vc+jwt"}`, p.Issuer.ID)
	token := strings.Join([]string{part([]byte(header)), part(payload), part(make([]byte, 64))}, ".")
	frame, err := qr.EncodeFrame([]string{token})
	if err != nil {
		return qr.Budget{}, err
	}
	return qr.BudgetOf(len(frame)), nil
}
