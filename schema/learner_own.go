package schema

import "math"

// hoursAttended reads the hours of a learner file.
func (r *reading) hoursAttended(v value) float64 {
	h := r.number(v)
	if v.kind() == isNumber && !isWorkload(h) {
		r.fault("attendance_hours", v)
	}
	return h
}

// details keeps the object as text. What its members must be is a question for
// the kind of document; private members are refused whatever the document, and
// Learner.Check judges the texts.
func (r *reading) details(v value) Details {
	if !r.object(v) {
		return ""
	}
	r.noPrivate(v)
	return Details(appendValue(nil, v))
}

func (r *reading) noPrivate(v value) {
	for c := v.first(); c.exists(); c = c.next() {
		if isPrivate(c.key()) {
			r.unknown(c)
			continue
		}
		r.noPrivate(c)
	}
}

// noPersonalNumbers judges the texts of a raw document, or of what a template
// says of all its documents, as details judges a learner file. Who the holder
// is, the document's number and the result have rules of their own.
func (r *reading) noPersonalNumbers(document value) {
	r.noNumbersIn(document.get("name"))
	r.noNumbersIn(document.get("evidence"))
	for c := document.get("credentialSubject").first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id", "type", "identifier", "licenseNumber", "result", "activityStartDate", "activityEndDate":
		default:
			r.noNumbersIn(c)
		}
	}
}

// noNumbersIn judges every text of v, and what stands inside it. A public key
// is no text.
func (r *reading) noNumbersIn(v value) {
	switch {
	case v.key() == "publicKeyJwk":
		return
	case v.kind() == isString && IsPersonalNumber(v.text()):
		r.fault("number_personal", v)
	case v.kind() == isString && HoldsPersonal(v.text()):
		r.fault("text_personal", v)
	}
	for c := v.first(); c.exists(); c = c.next() {
		r.noNumbersIn(c)
	}
}

// checkOwn judges the members that only some kinds of documents use.
func (l Learner) checkOwn(f Faults) Faults {
	if h := l.HoursAttended; h != 0 && !isWorkload(h) || math.IsNaN(h) {
		f = f.with("attendance_hours", "/hoursAttended")
	}
	if l.Organisation != "" && (l.Name != "" || l.GivenName != "" || l.FamilyName != "" || l.BirthDate != "" || l.BirthPlace != "" || l.NameOriginalScript != "") {
		f = f.with("organisation_or_person", "/organisation")
	}
	if l.Details != "" {
		root, err := readTree([]byte(l.Details))
		if err != nil {
			f = append(f, FaultsOf(err).under("/details")...)
		} else {
			var r reading
			r.noNumbersIn(root)
			f = append(f, r.faults.under("/details")...)
		}
	}
	return f
}

// ownMembers reads the learner's details into the document. Faults point into
// the learner: /details/planRef.
func (d *Document) ownMembers(l Learner) (f Faults) {
	if (l.Organisation != "") != d.kind.organisation {
		f = f.with("organisation_or_person", "/organisation")
	}
	if l.HoursAttended != 0 && !d.statesHours() {
		f = f.with("unknown_member", "/hoursAttended", "member", "hoursAttended")
	}
	if d.kind.fill != nil {
		d.kind.fill(d, l)
	}
	if l.Details == "" {
		return f
	}
	root, err := readTree([]byte(l.Details))
	if err != nil {
		return f // Learner.Check says it
	}
	var r reading
	for c := root.first(); c.exists(); c = c.next() {
		if c.key() == "hoursAttended" || d.kind.onSubject == nil || !d.kind.onSubject(&r, d, c) {
			r.unknown(c)
		}
	}
	return append(f, r.faults.under("/details")...)
}
