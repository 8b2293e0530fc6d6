package export

import "encoding/xml"

// The elements of a Candidate document that a curriculum needs, in the order of
// the format. encoding/xml writes the prefixes as they stand here.
type candidate struct {
	XMLName  xml.Name        `xml:"Candidate"`
	NS       string          `xml:"xmlns,attr"`
	OA       string          `xml:"xmlns:oa,attr"`
	EURES    string          `xml:"xmlns:eures,attr"`
	HR       string          `xml:"xmlns:hr,attr"`
	XSI      string          `xml:"xmlns:xsi,attr"`
	Location string          `xml:"xsi:schemaLocation,attr"`
	ID       identifier      `xml:"hr:DocumentID"`
	Supplier supplier        `xml:"CandidateSupplier"`
	Person   candidatePerson `xml:"CandidatePerson"`
	Profile  profile         `xml:"CandidateProfile"`
}

type identifier struct {
	Scheme  string `xml:"schemeID,attr"`
	Name    string `xml:"schemeName,attr"`
	Agency  string `xml:"schemeAgencyName,attr"`
	Version string `xml:"schemeVersionID,attr"`
	Value   string `xml:",chardata"`
}

type supplier struct {
	ID         identifier    `xml:"hr:PartyID"`
	Name       string        `xml:"hr:PartyName"`
	Contact    personContact `xml:"PersonContact"`
	Precedence int           `xml:"hr:PrecedenceCode"`
}

type personContact struct {
	Name     personName `xml:"PersonName"`
	Channels []channel  `xml:"Communication"`
}

type personName struct {
	Given  string `xml:"oa:GivenName"`
	Family string `xml:"hr:FamilyName"`
}

type channel struct {
	Code    string   `xml:"ChannelCode,omitempty"`
	Use     string   `xml:"UseCode,omitempty"`
	Dial    string   `xml:"oa:DialNumber,omitempty"`
	Address *address `xml:"Address"`
	URI     string   `xml:"oa:URI,omitempty"`
}

type address struct {
	City    string `xml:"oa:CityName,omitempty"`
	Country string `xml:"CountryCode,omitempty"`
}

type candidatePerson struct {
	Name     personName `xml:"PersonName"`
	Channels []channel  `xml:"Communication"`
	Born     string     `xml:"hr:BirthDate,omitempty"`
	Mother   *coded     `xml:"PrimaryLanguageCode"`
}

type coded struct {
	Name  string `xml:"name,attr,omitempty"`
	Value string `xml:",chardata"`
}

type profile struct {
	Language       string          `xml:"languageCode,attr"`
	ID             identifier      `xml:"hr:ID"`
	Summary        string          `xml:"hr:ExecutiveSummary,omitempty"`
	Work           *employment     `xml:"EmploymentHistory"`
	Education      education       `xml:"EducationHistory"`
	Certifications *certifications `xml:"Certifications"`
	Qualifications *qualifications `xml:"PersonQualifications"`
	Seminars       *seminars       `xml:"ConferencesAndSeminars"`
	Others         *others         `xml:"Others"`
}

type stamp struct {
	Date string `xml:"hr:FormattedDateTime"`
}

type employment struct {
	Employers []employer `xml:"EmployerHistory"`
}

type employer struct {
	Organisation string   `xml:"hr:OrganizationName,omitempty"`
	Position     position `xml:"PositionHistory"`
}

type position struct {
	Title       positionTitle `xml:"PositionTitle"`
	Period      workPeriod    `xml:"eures:EmploymentPeriod"`
	Description string        `xml:"oa:Description,omitempty"`
	City        string        `xml:"City,omitempty"`
	Country     string        `xml:"Country,omitempty"`
}

type positionTitle struct {
	Type  string `xml:"typeCode,attr"`
	Value string `xml:",chardata"`
}

type workPeriod struct {
	Start   *stamp `xml:"eures:StartDate"`
	End     *stamp `xml:"eures:EndDate"`
	Current bool   `xml:"hr:CurrentIndicator"`
}

type education struct {
	Attended []attended `xml:"EducationOrganizationAttendance"`
}

type attended struct {
	Organisation string       `xml:"hr:OrganizationName,omitempty"`
	Programme    string       `xml:"hr:ProgramName"`
	Period       schoolPeriod `xml:"AttendancePeriod"`
}

type schoolPeriod struct {
	Start       *stamp `xml:"StartDate"`
	End         *stamp `xml:"EndDate"`
	Description string `xml:"hr:Description,omitempty"`
	Ongoing     bool   `xml:"Ongoing"`
}

type certifications struct {
	Certificates []certification `xml:"Certification"`
}

type certification struct {
	Type        string     `xml:"hr:CertificationTypeCode"`
	Name        string     `xml:"hr:CertificationName"`
	Issued      *stamp     `xml:"FirstIssuedDate"`
	Authority   *authority `xml:"IssuingAuthority"`
	Description string     `xml:"Description"`
}

type authority struct {
	Name string `xml:"hr:Name"`
}

type qualifications struct {
	Competences []competence `xml:"PersonCompetency"`
}

type competence struct {
	ID         coded       `xml:"CompetencyID"`
	Taxonomy   string      `xml:"hr:TaxonomyID"`
	Name       string      `xml:"hr:CompetencyName"`
	Dimensions []dimension `xml:"eures:CompetencyDimension"`
}

type dimension struct {
	Code  string `xml:"hr:CompetencyDimensionTypeCode"`
	Score score  `xml:"eures:Score"`
}

type score struct {
	Text string `xml:"hr:ScoreText"`
}

type seminars struct {
	Seminars []event `xml:"ConferenceAndSeminar"`
}

type event struct {
	Title       string `xml:"Title"`
	Date        period `xml:"Date"`
	Description string `xml:"Description"`
	Location    string `xml:"Location,omitempty"`
}

type period struct {
	Start *stamp `xml:"StartDate"`
	End   *stamp `xml:"EndDate"`
}

type others struct {
	Title  string  `xml:"Title"`
	Others []other `xml:"Other"`
}

type other struct {
	Title       string `xml:"Title"`
	Description string `xml:"Description"`
}
