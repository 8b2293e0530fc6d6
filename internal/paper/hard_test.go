package paper

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/employment-passport/passport/schema"
)

// hard are people and courses that break layouts, made once: packing a code
// takes longer than drawing a page.
func hard(t testing.TB) map[string]Sheet {
	t.Helper()
	if hardOnes == nil {
		hardOnes = makeHard(t)
	}
	return hardOnes
}

var (
	hardOnes  map[string]Sheet
	hardPages = map[string]*page{}
)

func hardPage(t testing.TB, name string, s Sheet) *page {
	t.Helper()
	if hardPages[name] == nil {
		p, err := drawn("", []Sheet{s}, Options{Now: today, measured: true})
		if err != nil {
			t.Fatal(err)
		}
		hardPages[name] = p
	}
	return hardPages[name]
}

func makeHard(t testing.TB) map[string]Sheet {
	t.Helper()
	long := strings.Repeat("Wolfeschlegelsteinhausenberger", 2) // 60 letters, no break
	eleven := make([]string, 11)
	for i := range eleven {
		eleven[i] = "Riconosce e descrive con parole proprie il rischio numero " + fmt.Sprint(i+1) + " nel luogo di lavoro e dice a chi rivolgersi"
	}
	wall := strings.TrimSpace(strings.Repeat("Prepara i pasti rispettando le norme di igiene e le temperature indicate per ogni alimento, ", 7)) // eleven lines
	two := [2]string{"it", "el"}
	twoCodes := quick(t, 12, courses[0], person("Giulia Rossi", ""), two)
	twoCodes.QR[0].Caption = "Per https://bar.example, fino al 25/11/2026, 08:11 UTC"
	twoCodes.QR = append(twoCodes.QR, QR{Text: verifyBase + "#1" + strings.Repeat("1234567890", 40), Caption: "Stato"})
	return map[string]Sheet{
		"two codes":             twoCodes,
		"surname of 60 letters": quick(t, 1, courses[0], person("Maximilian "+long, ""), two),
		"eleven outcomes":       quick(t, 2, courses[1], person("Giulia Rossi", ""), two, eleven...),
		"outcome of 11 lines":   quick(t, 3, courses[2], person("Giulia Rossi", ""), two, wall),
		"mononym":               quick(t, 4, courses[3], schema.Learner{Name: "Abdullah", NameOriginalScript: "عبد الله", BirthDate: "1996", Result: "Superato"}, two),
		"Greek":                 quick(t, 5, courses[4], person("Eleni Papadopoulou", "Ελένη Παπαδοπούλου"), [2]string{"it", "el"}),
		"Polish":                quick(t, 6, courses[5], person("Łukasz Żółkiewicz-Święcicki", ""), [2]string{"it", "pl"}),
		"Arabic":                quick(t, 7, courses[6], person("Amina Diallo", "أمينة ديالو"), [2]string{"it", "en"}),
		"no glyphs":             quick(t, 8, courses[7], person("Rahima Begum", "রহিমা বেগম"), [2]string{"it", "en"}),
		"title of 100 letters":  quick(t, 9, course{strings.TrimSpace(strings.Repeat("Lavorare ", 11)), "Ente" + strings.Repeat(" Formazione", 12), "2026-02-03", "4"}, person("Giulia Rossi", ""), two),
		"title without a break": quick(t, 10, course{strings.Repeat("Igiene", 16), courses[0].body, "2026-02-03", "4"}, person("Giulia Rossi", ""), two),
		"one language":          quick(t, 11, courses[0], person("Giulia Rossi", ""), [2]string{"it", ""}),
		"workshop":              example(t, "06-workshop-it.json", "06-giulia-rossi-workshop.json", two),
		"course in Spain":       example(t, "07-cleaning-course-es.json", "07-fatima-benali-course.json", [2]string{"es", "en"}),
		"internship":            example(t, "08-internship-it.json", "08-amina-diallo-internship.json", [2]string{"it", "en"}),
		"internship in Greece":  example(t, "09-internship-el.json", "09-arben-hoxha-internship.json", [2]string{"el", "it"}),
		"assessment":            example(t, "10-skills-assessment-it.json", "10-amina-diallo-bilancio.json", two),
		"assessment in Spanish": example(t, "11-skills-assessment-es.json", "11-lucia-moreno-balance.json", [2]string{"es", "pl"}),
		"operator":              example(t, "12-operator-qrsp-it.json", "12-sara-neri.json", two),
		"operator in Slovenia":  example(t, "13-operator-comin-si.json", "13-nina-kranjc.json", [2]string{"en", ""}),
		"membership":            example(t, "14-network-membership-it.json", "14-cooperativa-nuovi-passi.json", two),
		"accreditation":         example(t, "16-accreditation-it.json", "16-ente-formazione-lucania.json", two),
		"accreditation, Poland": example(t, "17-accreditation-pl.json", "17-szkola-zawodowa.json", [2]string{"pl", "en"}),
	}
}

// quick is a specimen with a code of the right size and no content: packing one
// takes longer than drawing ten pages.
func quick(t testing.TB, number int, c course, who schema.Learner, languages [2]string, outcomes ...string) Sheet {
	t.Helper()
	return blankCode(t, payloadOf(t, number, c, who, outcomes...), languages)
}

func blankCode(t testing.TB, payload []byte, languages [2]string) Sheet {
	t.Helper()
	c, err := schema.ParseCredential(payload)
	if err != nil {
		t.Fatal(err)
	}
	return Sheet{
		Credential: c, Token: tokenOf(payload), QR: []QR{{Text: verifyBase + "#1" + strings.Repeat("1234567890", 130)}}, Languages: languages,
		ShortCode: c.View().DocumentNumber, VerifyBase: verifyBase, KeyFingerprint: "2F3PpHlrDkm178ttAxxOOLuaiz2HINtyY8fWyoahcxo", StatusAsOf: today,
	}
}

// example is a document made from a shipped template and learner.
func example(t testing.TB, templateFile, learnerFile string, languages [2]string) Sheet {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile("../../examples/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	tmpl, err := schema.ParseTemplate(read("templates/" + templateFile))
	if err != nil {
		t.Fatal(err)
	}
	learner, err := schema.ParseLearner(read("learners/" + learnerFile))
	if err != nil {
		t.Fatal(err)
	}
	self := schema.IssuerProfile{ID: "did:web:aurora.example", Name: "Centro per l’impiego di Ancona (esempio)", Country: "IT", Region: "ITI3"}
	for mark, country := range map[string]string{"-pl.": "PL", "-es.": "ES", "-si.": "SI", "-fr.": "FR", "-el.": "GR"} {
		if strings.Contains(templateFile, mark) {
			self.Country, self.Region = country, ""
		}
	}
	payload, err := tmpl.Compose(schema.Particulars{
		ID: uuidOf(7, learner.Name), Learner: learner, ValidFrom: today, Issuer: self,
		StatusListURL: "https://aurora.example/status/1", StatusIndex: 4711,
	})
	if err != nil {
		t.Fatal(err)
	}
	return blankCode(t, payload, languages)
}
