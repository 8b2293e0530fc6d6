package schema

// timeClaim reads exp, nbf and iat.
func (r *reading) timeClaim(c *Claims, v value) {
	t, ok := numericDate(v)
	switch v.key() {
	case "exp":
		c.Expires, c.expires = t, v.text()
	case "nbf":
		c.NotBefore, c.notBefore = t, v.text()
	case "iat":
		// Others write it as text; it bounds nothing, so it is let pass.
		c.IssuedAt, c.IssuedAtUnreadable = t, !ok
		return
	}
	if !ok {
		r.fault("claim_form", v)
	}
}

// claimsAgree is VC-JOSE-COSE section 3.1.3 and 4.1.2: a claim that repeats a
// member of the credential must say the same.
func (r *reading) claimsAgree(root value, c *Credential) {
	for _, pair := range [...]struct{ claim, want string }{
		{"iss", c.Issuer.ID}, {"jti", c.ID}, {"sub", firstSubject(c)},
	} {
		if v := root.get(pair.claim); v.exists() && (v.kind() != isString || pair.want != "" && v.text() != pair.want) {
			r.fault("claim_contradicts", v, "claim", pair.claim)
		}
	}
	c.Claims.Issuer, c.Claims.ID, c.Claims.Subject = root.get("iss").text(), root.get("jti").text(), root.get("sub").text()
}

func firstSubject(c *Credential) string {
	id, _ := c.Holder()
	return id
}
