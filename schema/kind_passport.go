package schema

// ComposePassport writes an EmploymentPassport: d met by components, for the
// learner of p. It needs no template. Its error is Faults, as Template.Compose
// has them: pointers of the learner's part start with /learner.
func ComposePassport(d *PassportDefinition, components []Component, p Particulars) ([]byte, error) {
	return nil, Faults{{Code: "passport_components", Pointer: atSubject + "/components"}}
}
