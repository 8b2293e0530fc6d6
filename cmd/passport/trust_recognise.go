package main

import (
	"context"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

func newTrustRecogniseCommand(a *app, authority *string) *cobra.Command {
	var o trustRecogniseOptions
	cmd := &cobra.Command{
		Use:   "recognise ISSUER-DID|FILE",
		Short: "Say that a body may issue documents, since when and with which keys",
		Long: `Recognises a body for documents. A DID of this home and a did:key bring their own
keys; of any other body give FILE, its did document, after looking at it: the keys
in it are pinned, and a later change of its web site changes nothing by itself.

FILE may also be a signed accreditation (TrainingProviderAccreditation). It is
verified first, by --bundle and --anchor or by what this authority itself
recognises, and says for which documents, with which scopes and in which days.
Keys that it names are pinned; where it names none, --document gives them. Of a
body that is known already, the name, the keys and a later end stay as they are,
and one that lapsed or was closed is only recognised again by its DID.`,
		Example: "  passport trust recognise did:web:forli.example --schema MicroCredential\n" +
			"  passport trust recognise accreditation.jwt\n" +
			"  passport trust recognise did.json --schema MicroCredential --from 2026-09-01 --name 'Centro Forlì' --country IT",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runTrustRecognise(cmd, a, *authority, o, args[0])
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.Schemas, "schema", nil, "document that it may issue: a name (MicroCredential) or a schema id (repeatable)")
	f.StringVar(&o.from, "from", "", "first day, YYYY-MM-DD in UTC (default today)")
	f.StringVar(&o.until, "until", "", "last day, YYYY-MM-DD in UTC (default open)")
	f.StringVar(&o.Name, "name", "", "name of the body (default what this home knows, else its DID)")
	f.StringVar(&o.Country, "country", "", "its country, two letters")
	f.StringArrayVar(&o.Scopes, "scope", nil, "scope of its accreditation (repeatable)")
	f.StringArrayVar(&o.StatusKeys, "status-key", nil, "key of FILE that signs status lists (default those named #status-…; repeatable)")
	f.StringVar(&o.bundle, "bundle", "", "trust bundle that an accreditation is verified by (default this authority)")
	f.StringVar(&o.anchor, "anchor", "", "fingerprint of that bundle's root")
	f.StringVar(&o.document, "document", "", "did document of the accredited body, where its accreditation names no keys")
	f.BoolVar(&o.allowAccrediting, "allow-accrediting", false, "let an accreditation allow its body to accredit others")
	f.BoolVar(&o.allowPassports, "allow-passports", false, "let an accreditation allow its body to define and award employment passports")
	f.BoolVar(&o.replaceKeys, "replace-keys", false, "pin the keys of an accreditation in place of those of a known body")
	f.StringArrayVar(&o.VerifyBases, "verify-base", nil, "link base that its printed codes bear (repeatable)")
	return cmd
}

type trustRecogniseOptions struct {
	issuer.Recognise
	from, until              string
	bundle, anchor, document string

	// What an accreditation may not do by itself.
	allowAccrediting, allowPassports, replaceKeys bool
}

func runTrustRecognise(cmd *cobra.Command, a *app, authority string, o trustRecogniseOptions, body string) (err error) {
	if token := accreditationToken(body); token != "" {
		return a.recogniseAccreditation(cmd.Context(), authority, o, token)
	}
	if o.From, err = parseDay(o.from); err != nil {
		return err
	}
	if o.Until, err = parseDay(o.until); err != nil {
		return err
	}
	r := o.Recognise
	if strings.HasPrefix(body, "did:") {
		r.DID = body
	} else if r.Document, r.DID, err = a.readBody(body); err != nil {
		return err
	}
	return a.withAuthority(cmd.Context(), false, func(i *issuer.Issuer) error {
		if r.Document == nil && r.DID == "" {
			named, err := i.Body(cmd.Context(), body)
			if err != nil {
				return fail(exitUsage, "trust_body", "body", body).wrap(err)
			}
			r.DID = named.DID
		}
		return a.recognise(cmd.Context(), i, authority, r)
	})
}

// recognise writes the recognition and tells what was written.
func (a *app) recognise(ctx context.Context, i *issuer.Issuer, authority string, r issuer.Recognise) error {
	rec, err := i.Recognise(ctx, a.actor(), authority, r)
	if err != nil {
		return err
	}
	return a.tellRecognised(rec, r.Schemas)
}

func (a *app) tellRecognised(rec issuer.RecognitionRecord, documents []string) error {
	for _, k := range rec.Keys {
		a.tell("trust.pinned", "kid", k.KID, "use", string(k.Use), "state", string(k.State))
	}
	a.tell("trust.recognised", "name", rec.Name, "documents", strings.Join(documents, ", "))
	return a.printLine(recognisedJSON(rec, nil), rec.DID)
}

// readBody reads the did document of a body, or the history of its keys, and
// the DID that it says it is of. A plain name that is no file may be an issuer
// of this home: then nothing is returned, and no error.
func (a *app) readBody(name string) (document []byte, id string, err error) {
	if _, err := os.Stat(name); name != "-" && os.IsNotExist(err) && !strings.ContainsAny(name, "./\\") {
		return nil, "", nil
	}
	document, err = a.readJSON(name)
	if err != nil {
		return nil, "", err
	}
	var head struct {
		ID string `json:"id"`
	}
	if err := strictjson.Unmarshal(document, &head); err != nil || head.ID == "" {
		return nil, "", fail(exitUsage, "recognise_document_bad").wrap(err)
	}
	return document, head.ID, nil
}

// trustEndOptions are those of the commands that end a recognition.
type trustEndOptions struct{ on, reason, key, delegate string }

func newTrustLapseCommand(a *app, authority *string) *cobra.Command {
	var o trustEndOptions
	cmd := &cobra.Command{
		Use:   "lapse ISSUER-DID",
		Short: "End a recognition in order: what was issued until then stays valid",
		Long: `Ends a recognition on a day. With --key it retires one pinned key of the body
instead: what it signed in its time stays valid.`,
		Example: "  passport trust lapse did:web:forli.example --on 2026-12-31 --reason 'contract ended'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runTrustEnd(cmd, a, o, func(i *issuer.Issuer) (issuer.RecognitionRecord, error) {
				if o.key != "" {
					return i.EndKey(cmd.Context(), a.actor(), *authority, args[0], o.key, schema.KeyRetired, o.reason)
				}
				on, err := parseDay(o.on)
				if err != nil {
					return issuer.RecognitionRecord{}, err
				}
				return i.Lapse(cmd.Context(), a.actor(), *authority, args[0], on, o.reason)
			})
		},
	}
	cmd.Flags().StringVar(&o.on, "on", "", "last day, YYYY-MM-DD in UTC (default today)")
	cmd.Flags().StringVar(&o.reason, "reason", "", "why, for the record")
	cmd.Flags().StringVar(&o.key, "key", "", "retire this pinned key only")
	return cmd
}

func newTrustCloseCommand(a *app, authority *string) *cobra.Command {
	var o trustEndOptions
	cmd := &cobra.Command{
		Use:   "close ISSUER-DID",
		Short: "End the recognition of a body that is no more",
		Long: `What the body issued stays valid, shown in amber. --delegate names another
recognised body that signs its last status lists from now on.`,
		Example: "  passport trust close did:web:forli.example --delegate did:web:regione.example",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runTrustEnd(cmd, a, o, func(i *issuer.Issuer) (issuer.RecognitionRecord, error) {
				on, err := parseDay(o.on)
				if err != nil {
					return issuer.RecognitionRecord{}, err
				}
				return i.CloseBody(cmd.Context(), a.actor(), *authority, args[0], o.delegate, on, o.reason)
			})
		},
	}
	cmd.Flags().StringVar(&o.on, "on", "", "last day, YYYY-MM-DD in UTC (default today)")
	cmd.Flags().StringVar(&o.reason, "reason", "", "why, for the record")
	cmd.Flags().StringVar(&o.delegate, "delegate", "", "DID of the recognised body that signs its last status lists")
	return cmd
}

func newTrustWithdrawCommand(a *app, authority *string) *cobra.Command {
	var o trustEndOptions
	cmd := &cobra.Command{
		Use:   "withdraw ISSUER-DID",
		Short: "End a recognition for cause: only what is reaffirmed stays valid",
		Long: `Withdraws a recognition. With --key it declares one pinned key of the body stolen
instead. Afterwards "trust reaffirm" brings back what was really issued.`,
		Example: "  passport trust withdraw did:web:forli.example --reason 'sold credentials'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runTrustEnd(cmd, a, o, func(i *issuer.Issuer) (issuer.RecognitionRecord, error) {
				if o.key != "" {
					return i.EndKey(cmd.Context(), a.actor(), *authority, args[0], o.key, schema.KeyCompromised, o.reason)
				}
				return i.Withdraw(cmd.Context(), a.actor(), *authority, args[0], o.reason)
			})
		},
	}
	cmd.Flags().StringVar(&o.reason, "reason", "", "why, for the record")
	cmd.Flags().StringVar(&o.key, "key", "", "declare this pinned key stolen only")
	return cmd
}

func runTrustEnd(cmd *cobra.Command, a *app, o trustEndOptions, end func(*issuer.Issuer) (issuer.RecognitionRecord, error)) error {
	return a.withAuthority(cmd.Context(), false, func(i *issuer.Issuer) error {
		rec, err := end(i)
		if err != nil {
			return err
		}
		a.tell("trust.next_bundle")
		words := string(rec.State)
		if o.key != "" {
			words = o.key
		}
		return a.printLine(recognisedJSON(rec, nil), words)
	})
}
