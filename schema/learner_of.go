package schema

// Learner reads the person's part back out of a document of ours: what a
// learner file would have to hold for the same template to make it again. Of a
// foreign credential it is what identifies the first subject.
func (c *Credential) Learner() Learner {
	var l Learner
	var identity []Identity
	l.Holder, identity = c.Holder()
	for _, id := range identity {
		if field := l.identityField(id.Type); field != nil {
			*field = id.Value
		}
	}
	d, ok := c.Document()
	if !ok {
		return l
	}
	if d.kind.organisation {
		l.Organisation, l.Name = l.Name, ""
	}
	l.DocumentNumber = d.Subject.DocumentNumber
	l.StartedOn, l.CompletedOn = DateOf(d.Subject.Started).String(), DateOf(d.Subject.Completed).String()
	for _, r := range d.Subject.Results {
		l.Result = r.Value
	}
	switch {
	case d.Attendance != nil:
		l.HoursAttended = d.Attendance.HoursAttended
	case d.Internship != nil:
		l.HoursAttended = d.Internship.HoursAttended
	}
	l.Details = c.ownDetails()
	return l
}

func (l *Learner) identityField(identityType string) *string {
	switch identityType {
	case IdentityName:
		return &l.Name
	case IdentityGivenName:
		return &l.GivenName
	case IdentityFamilyName:
		return &l.FamilyName
	case IdentityNameOriginalScript:
		return &l.NameOriginalScript
	case IdentityBirthDate:
		return &l.BirthDate
	case IdentityBirthPlace:
		return &l.BirthPlace
	}
	return nil
}

// ownDetails are the members of credentialSubject that only this kind of
// document has, in the order of the document.
func (c *Credential) ownDetails() Details {
	root, err := readTree(c.Raw)
	if err != nil {
		return ""
	}
	b := []byte{'{'}
	for m := root.get("credentialSubject").first(); m.exists(); m = m.next() {
		if !isFrameMember(m.key()) && m.key() != "hoursAttended" {
			b = appendValue(appendKey(b, m.key()), m)
		}
	}
	if len(b) == 1 {
		return ""
	}
	return Details(append(b, '}'))
}

// isFrameMember knows the members of credentialSubject of every document.
func isFrameMember(name string) bool {
	switch name {
	case "id", "type", "identifier", "licenseNumber", "activityStartDate", "activityEndDate", "narrative", "source", "result", "achievement":
		return true
	}
	return false
}
