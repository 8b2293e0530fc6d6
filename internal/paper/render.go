package paper

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/employment-passport/passport/schema"
)

// Sheet is what a layout gets. Callers fill it; paper judges nothing.
type Sheet struct {
	Credential *schema.Credential // verified, or just issued
	Token      string             // attached to the PDF as credential.jwt
	Assertions []string           // of its status, attached as well
	QR         []QR               // one or more codes

	ShortCode            string    // to type where no code can be scanned
	VerifyBase           string    // link of the verify page; empty names none
	KeyFingerprint       string    // of the issuer's key
	StatusAsOf           time.Time // what the status is as of; zero: not stated
	PublicAdministration bool      // prints the notice for Italian bodies
	Languages            [2]string // issuer's, then holder's; empty: one language only
}

// QR is a code to draw: the whole text, and what it is.
type QR struct {
	Text, Caption string
	// Large lets the code be above the version that every camera reads, because
	// one document alone is: whoever sets it has told the person.
	Large bool
}

// Layout names a paper.
type Layout string

// Layouts of this package.
const (
	LayoutMicro         Layout = "micro"
	LayoutAttendance    Layout = "attendance"
	LayoutInternship    Layout = "internship"
	LayoutAssessment    Layout = "assessment"
	LayoutOperator      Layout = "operator"
	LayoutMembership    Layout = "membership"
	LayoutAccreditation Layout = "accreditation"
	LayoutPassport      Layout = "passport" // the composite on one A4
	LayoutBooklet       Layout = "booklet"
	LayoutCard          Layout = "card"
	LayoutRevocation    Layout = "revocation"
	LayoutProgramme     Layout = "programme" // PrintProgramme
)

// Options of Render. Now stands in the PDF as its date.
type Options struct {
	Now  time.Time
	Logo []byte // PNG or JPEG, may be empty

	Contact        string // where a person may ask or object, on the booklet; empty gives the issuer's name
	InReadingOrder bool   // the booklet's pages one by one, not laid out for folding
	// Progress counts what a booklet's credentials meet of a definition, and how
	// many it asks. It gets those with a dated status only. It may be nil.
	Progress func(held []*schema.Credential) (have, need int)
	// Definition finds the definition by which a passport was awarded, nil where
	// nobody has it. It may be nil itself.
	Definition func(schema.DefinitionRef) *schema.PassportDefinition

	measured bool // see page
}

// Errors to act on.
var (
	ErrLayout = errors.New("no such layout")
	// ErrKind: the layout is for another kind of document.
	ErrKind = errors.New("layout of another document")
	// ErrLogo: a picture that cannot be drawn.
	ErrLogo = errors.New("unreadable logo")
	// ErrNothing: no sheet to print.
	ErrNothing = errors.New("nothing to print")
)

// layouts draw all sheets of a call into one PDF. An entry may look at them
// together: cards stand eight on a page.
var layouts = map[Layout]func(*page, []Sheet, Options) error{
	LayoutMicro:         eachOnA4(schema.KindMicroCredential, (*a4).micro),
	LayoutAttendance:    eachOnA4(schema.KindTrainingAttendance, (*a4).attendance),
	LayoutInternship:    eachOnA4(schema.KindInternshipAttestation, (*a4).internship),
	LayoutAssessment:    eachOnA4(schema.KindSkillsAssessment, (*a4).assessment),
	LayoutOperator:      eachOnA4(schema.KindOperatorCompetence, (*a4).operator),
	LayoutMembership:    eachOnA4(schema.KindNetworkMembership, (*a4).membership),
	LayoutAccreditation: eachOnA4(schema.KindTrainingProviderAccreditation, (*a4).accreditation),
	LayoutPassport:      eachOnA4(schema.KindEmploymentPassport, (*a4).passport),
	LayoutBooklet:       drawBooklets,
	LayoutCard:          drawCards,
}

// layoutOf is the paper that a kind of document has by itself.
var layoutOf = map[string]Layout{
	schema.KindMicroCredential:               LayoutMicro,
	schema.KindTrainingAttendance:            LayoutAttendance,
	schema.KindInternshipAttestation:         LayoutInternship,
	schema.KindSkillsAssessment:              LayoutAssessment,
	schema.KindOperatorCompetence:            LayoutOperator,
	schema.KindNetworkMembership:             LayoutMembership,
	schema.KindTrainingProviderAccreditation: LayoutAccreditation,
	schema.KindEmploymentPassport:            LayoutPassport,
}

// Known tells whether Render has the layout.
func (l Layout) Known() bool { return l == "" || layouts[l] != nil }

// drawByKind draws each sheet on the paper of its kind.
func drawByKind(p *page, sheets []Sheet, o Options) error {
	for i := range sheets {
		if sheets[i].Credential == nil {
			return ErrNothing
		}
		kind := sheets[i].Credential.View().Kind
		layout, ok := layoutOf[kind]
		if !ok {
			return fmt.Errorf("%w for %q", ErrKind, kind)
		}
		if err := layouts[layout](p, sheets[i:i+1], o); err != nil {
			return err
		}
	}
	return nil
}

// Render lays sheets out, one after the other in one PDF, with their tokens
// attached. Its error wraps ErrLayout, ErrKind, ErrForeign, ErrEnded, ErrNothing or
// qr.ErrTooLarge.
func Render(w io.Writer, layout Layout, sheets []Sheet, o Options) error {
	p, err := drawn(layout, sheets, o)
	if err != nil {
		return err
	}
	return p.end(w)
}

// drawn is Render before writing; tests measure it.
func drawn(layout Layout, sheets []Sheet, o Options) (*page, error) {
	draw, ok := layouts[layout]
	if layout == "" {
		draw, ok = drawByKind, true
	}
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrLayout, layout)
	}
	if len(sheets) == 0 {
		return nil, ErrNothing
	}
	if err := admit(o.Now, sheets...); err != nil {
		return nil, err
	}
	p := newPage(titleOf(sheets), tonguesOf(&sheets[0])[0], o.Now)
	p.allowLarge(sheets)
	p.measured = o.measured
	if err := draw(p, sheets, o); err != nil {
		return nil, err
	}
	p.attach(attachmentsOf(sheets))
	return p, p.pdf.Error()
}

// titleOf names the PDF: what it is and its number. Whose it is no one shall
// read in a list of files or the head of a window.
func titleOf(sheets []Sheet) string {
	if len(sheets) > 1 {
		return "Passport"
	}
	v := sheets[0].Credential.View()
	return joined(v.Title, v.DocumentNumber)
}

// attachmentsOf are the tokens of all sheets, credentials first.
func attachmentsOf(sheets []Sheet) []attachment {
	var files []attachment
	add := func(name, token string, many bool) {
		if many {
			name = fmt.Sprintf("%s-%d", name, len(files)+1)
		}
		files = append(files, attachment{name + ".jwt", "application/vc+jwt", []byte(token)})
	}
	for _, s := range sheets {
		if s.Token != "" {
			add("credential", s.Token, len(sheets) > 1)
		}
	}
	for _, s := range sheets {
		for _, assertion := range s.Assertions {
			add("status", assertion, len(sheets) > 1 || len(s.Assertions) > 1)
		}
	}
	return files
}
