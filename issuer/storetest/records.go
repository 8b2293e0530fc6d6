package storetest

import (
	"fmt"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

var recordTests = map[string]func(*testing.T, Harness){
	"issuers": func(t *testing.T, h Harness) {
		s := h.New(t)
		ferrara := issuer.IssuerRecord{
			Name: "ferrara", DID: "did:web:ferrara.example", Title: "Città di Ferrara", Country: "IT", Region: "ITH56",
			StatusBase: "https://ferrara.example", CreatedAt: day,
		}
		lodz := issuer.IssuerRecord{Name: "lodz", Title: "Miasto Łódź", Country: "PL", FourEyes: true}
		update(t, s, func(tx issuer.Tx) error { return tx.PutIssuer(lodz) })
		update(t, s, func(tx issuer.Tx) error { return tx.PutIssuer(ferrara) })
		ferrara.Region = "ITH5"
		update(t, s, func(tx issuer.Tx) error { return tx.PutIssuer(ferrara) })
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Issuer("ferrara")
			same(t, "issuer", got, ferrara, err)
			all, err := tx.AllIssuers()
			same(t, "by name", all, []issuer.IssuerRecord{ferrara, lodz}, err)
			_, err = tx.Issuer("ferr")
			absent(t, "another", err)
			return nil
		})
	},
	"keys": func(t *testing.T, h Harness) {
		s := h.New(t)
		key := func(owner string, n int) issuer.KeyRecord {
			return issuer.KeyRecord{
				Owner: owner, KID: fmt.Sprintf("did:web:%s.example#key-%d", owner, n), Thumbprint: "tp", JWK: []byte(`{"kty":"EC"}`),
				URI: "file:a", Use: schema.KeyUse("credential"), Also: schema.KeyUse("status"), State: schema.KeyState("active"), From: day,
			}
		}
		for n := 12; n > 0; n-- { // put in another order than that of their names
			update(t, s, func(tx issuer.Tx) error { return tx.PutKey(key("ferrara", n)) })
		}
		retired := key("ferrara", 12)
		retired.State, retired.Until, retired.CompromisedAt = schema.KeyState("compromised"), day, day
		update(t, s, func(tx issuer.Tx) error { return tx.PutKey(retired) })
		update(t, s, func(tx issuer.Tx) error { return tx.PutKey(key("ferrara2", 1)) })
		view(t, s, func(tx issuer.Tx) error {
			keys, err := tx.KeysOf("ferrara")
			if err != nil || len(keys) != 12 {
				t.Fatalf("%d keys, %v", len(keys), err)
			}
			same(t, "first", keys[0], retired, nil)
			same(t, "last", keys[11], key("ferrara", 1), nil)
			none, err := tx.KeysOf("nobody")
			same(t, "of nobody", len(none), 0, err)
			return nil
		})
	},
	"templates": func(t *testing.T, h Harness) {
		s := h.New(t)
		b := issuer.TemplateRecord{Name: "b", Title: "Saldatura", QRVersion: 20, Body: []byte(`{"name":"b"}`), AddedAt: day}
		a := issuer.TemplateRecord{Name: "a", Body: []byte("{}")}
		for _, r := range []issuer.TemplateRecord{b, a} {
			update(t, s, func(tx issuer.Tx) error { return tx.PutTemplate(r) })
		}
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Template("b")
			same(t, "template", got, b, err)
			all, err := tx.AllTemplates()
			same(t, "by name", all, []issuer.TemplateRecord{a, b}, err)
			_, err = tx.Template("c")
			absent(t, "another", err)
			return nil
		})
	},
	"authorities": func(t *testing.T, h Harness) {
		s := h.New(t)
		a := issuer.AuthorityRecord{
			Name: "regione", DID: "did:web:regione.example", Title: "Regione", Anchor: "tp", Delegations: []string{"a.b.c"},
			VerifyBases: []string{"https://v.example"}, LastSeq: 1_790_000_000, CreatedAt: day,
		}
		one := issuer.RecognitionRecord{
			DID: "did:web:lodz.example", Name: "Łódź", Country: "PL", State: schema.EntityState("recognised"),
			Permissions: []schema.Permission{{Schema: "MicroCredential", From: day}},
			Keys:        []issuer.RecognisedKey{{KID: "did:web:lodz.example#key-1", JWK: []byte("{}"), State: schema.KeyState("retired"), Until: day}},
		}
		two := issuer.RecognitionRecord{DID: "did:web:ferrara.example", Issuer: "ferrara", State: schema.EntityState("lapsed"), ChangedAt: day, Reason: "merged"}
		update(t, s, func(tx issuer.Tx) error { return tx.PutAuthority(a) })
		for _, r := range []issuer.RecognitionRecord{one, two} {
			update(t, s, func(tx issuer.Tx) error { return tx.PutRecognition("regione", r) })
		}
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Authority("regione")
			same(t, "authority", got, a, err)
			all, err := tx.AllAuthorities()
			same(t, "all", all, []issuer.AuthorityRecord{a}, err)
			_, err = tx.Authority("regio")
			absent(t, "another", err)
			recognised, err := tx.Recognitions("regione")
			same(t, "recognitions by DID", recognised, []issuer.RecognitionRecord{two, one}, err)
			none, err := tx.Recognitions("regio")
			same(t, "of another", len(none), 0, err)
			return nil
		})
	},
	"digests": func(t *testing.T, h Harness) {
		s := h.New(t)
		a, b := [16]byte{2}, [16]byte{1, 0, 255}
		for _, set := range [][][16]byte{{a}, {b, a}, nil} {
			update(t, s, func(tx issuer.Tx) error { return tx.AddDigests("regione", "denied", set) })
		}
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Digests("regione", "denied")
			same(t, "sorted, each once", got, [][16]byte{b, a}, err)
			for _, of := range [][2]string{{"regione", "reaffirmed"}, {"regio", "denied"}} {
				none, err := tx.Digests(of[0], of[1])
				same(t, "another set", len(none), 0, err)
			}
			return nil
		})
	},
}
