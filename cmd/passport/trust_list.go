package main

import (
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

func newTrustListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the authorities of this home and whom they recognise",
		Long:    "With --json one object a line for each authority: name, did, anchor, recognised.",
		Example: "  passport trust list --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withAuthority(cmd.Context(), false, func(i *issuer.Issuer) error {
				all, err := i.Authorities(cmd.Context())
				if err != nil {
					return err
				}
				for _, v := range all {
					if err := a.printAuthority(v); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

type authorityRow struct {
	Name           string          `json:"name"`
	DID            string          `json:"did"`
	Anchor         string          `json:"anchor"`
	Title          string          `json:"title"`
	DelegatedUntil string          `json:"delegatedUntil"`
	LastSeq        int64           `json:"lastSeq,omitempty"`
	Recognised     []recognisedOut `json:"recognised"`
}

type recognisedOut struct {
	DID            string             `json:"did"`
	Name           string             `json:"name"`
	Country        string             `json:"country,omitempty"`
	State          string             `json:"state"`
	RecognizedTo   []permissionOut    `json:"recognizedTo"`
	StatusDelegate string             `json:"statusDelegate,omitempty"`
	Reason         string             `json:"reason,omitempty"`
	Keys           []recognisedKeyOut `json:"keys,omitempty"`
}

type permissionOut struct {
	Schema string   `json:"schema"`
	Scopes []string `json:"scopes,omitempty"`
	From   string   `json:"from,omitempty"`
	Until  string   `json:"until,omitempty"`
}

type recognisedKeyOut struct {
	KID        string `json:"kid"`
	Thumbprint string `json:"thumbprint"`
	Use        string `json:"use"`
	State      string `json:"state"`
	From       string `json:"from,omitempty"`
	Until      string `json:"until,omitempty"`
}

func authorityObject(v issuer.AuthorityView) authorityRow {
	out := authorityRow{
		Name: v.Name, DID: v.DID, Anchor: v.Anchor, Title: v.Title, LastSeq: v.LastSeq,
		DelegatedUntil: v.DelegatedUntil.Format(time.RFC3339), Recognised: []recognisedOut{},
	}
	for _, r := range v.Recognised {
		out.Recognised = append(out.Recognised, recognisedJSON(r.RecognitionRecord, r.TrustedKeys))
	}
	return out
}

func recognisedJSON(r issuer.RecognitionRecord, keys []schema.Key) recognisedOut {
	out := recognisedOut{
		DID: r.DID, Name: r.Name, Country: r.Country, State: string(r.State),
		StatusDelegate: r.StatusDelegate, Reason: r.Reason, RecognizedTo: []permissionOut{},
	}
	for _, p := range r.Permissions {
		out.RecognizedTo = append(out.RecognizedTo, permissionOut{p.Schema, p.Scopes, dayWords(p.From), dayWords(p.Until)})
	}
	for _, k := range keys {
		out.Keys = append(out.Keys, recognisedKeyOut{
			k.KID, k.Thumbprint, string(k.Use), string(k.State), dayWords(k.From), dayWords(k.Until),
		})
	}
	return out
}

func dayWords(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return schema.DateOf(t).String()
}

// printAuthority prints one authority: as one JSON object, or a line for it and
// one for each body and each permission.
func (a *app) printAuthority(v issuer.AuthorityView) error {
	if err := a.printLine(authorityObject(v), v.Name, v.DID, v.Anchor); err != nil || a.json {
		return err
	}
	for _, r := range v.Recognised {
		if err := a.printLine(nil, "", string(r.State), r.DID, r.Name); err != nil {
			return err
		}
		for _, p := range r.Permissions {
			if err := a.printLine(nil, "", "", p.Schema, a.window(p)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *app) window(p schema.Permission) string {
	switch {
	case p.Until.IsZero():
		return a.sentence("trust.since", "from", dayWords(p.From))
	default:
		return a.sentence("trust.between", "from", dayWords(p.From), "until", dayWords(p.Until))
	}
}
