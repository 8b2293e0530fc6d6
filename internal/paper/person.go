package paper

import "github.com/employment-passport/passport/schema"

// particular gives the holder's particular of a type, or nothing.
func particular(c *schema.Credential, kind string) string {
	_, identity := c.Holder()
	for _, one := range identity {
		if one.Type == kind {
			return one.Value
		}
	}
	return ""
}

// nameOf is the holder's name in Latin letters.
func nameOf(c *schema.Credential) string { return particular(c, "name") }

// nameInOwnScript is the name as the person writes it, where that differs.
func nameInOwnScript(c *schema.Credential) string { return particular(c, "ext:nameOriginalScript") }
