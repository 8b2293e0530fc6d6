package paper

import (
	"testing"
	"time"

	"github.com/employment-passport/passport/schema"
)

// The papers that have no credential of their own, filled as cmd fills them.

func cvOf(t testing.TB, lang string, b Booklet, lines int) CVData {
	t.Helper()
	d := CVData{
		Language: lang, Name: nameOf(b.Rows[0].Credential), OriginalName: nameInOwnScript(b.Rows[0].Credential),
		Contact: []string{"Potenza", "+39 000 000 0000", "amina@posta.example"},
		AsOf:    today,
	}
	for _, s := range b.Rows[:lines] {
		v := s.Credential.View()
		d.Lines = append(d.Lines, CVLine{Title: v.Title, Issuer: v.AwardingBody, Date: v.CompletedOn, Details: v.Outcomes, Verified: true, QR: s.QR[0].Text})
	}
	d.Lines = append(d.Lines, CVLine{Title: "Corso di taglio e cucito", Issuer: "Associazione di quartiere", Date: "2024-06"})
	d.Own = []CVSection{
		{"Esperienze", []CVItem{
			{"2019–2023", "Aiuto cuoca", "Ristorante La Palma, Dakar", "Preparazione di verdure e salse, pulizia della cucina, ordini al mercato."},
			{"2015–2019", "Venditrice", "Mercato di Sandaga, Dakar", ""},
		}},
		{"Lingue", []CVItem{{"", "Wolof, francese", "", "madrelingua"}, {"", "Italiano", "", "B1"}}},
	}
	return d
}

func letterOf(name string, languages [2]string) RevocationLetter {
	return RevocationLetter{
		Name: name, Title: "Igiene degli alimenti in cucina", DocumentNumber: "MC-PZ-2026-0042", IssuedOn: "2026-11-19",
		RevokedOn: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), Reason: schema.IssuedInError,
		Issuer:  schema.Issuer{ID: "did:web:aurora.example", Name: "Ente di formazione Aurora (esempio)", Country: "IT", Region: "ITF5"},
		Contact: "Sportello Lavoro, via Esempio 12, Potenza, lunedì e giovedì 9–13", Languages: languages,
	}
}

func receiptData(lang string) ReceiptData {
	valid := ReceiptResult{Verdict: "valid", AsOf: today.AddDate(0, 0, -3)}
	return ReceiptData{
		Language: lang, Checked: today, StatusAsOf: today.AddDate(0, 0, -3), Authority: "Regione Esempio",
		Result: ReceiptResult{Verdict: "invalid", AsOf: today.AddDate(0, 0, -3), Reason: "Il documento è stato revocato. Lo dice l’ente il 19/11/2026."},
		Shown: []ReceiptDocument{
			{Title: "Igiene degli alimenti in cucina", Issuer: "Ente di formazione Aurora (esempio)", IssuedOn: "2026-11-19", Result: valid},
			{Title: "Lavorare in squadra", Issuer: "Ente di formazione Aurora (esempio)", IssuedOn: "2026-03-28",
				Result: ReceiptResult{Verdict: "invalid", AsOf: today.AddDate(0, 0, -3), Reason: "Il documento è stato revocato. Lo dice l’ente il 19/11/2026."}},
			{Result: ReceiptResult{Verdict: "unknown", AsOf: today, Reason: "La chiave dell’ente non è disponibile qui."}},
		},
	}
}
