package verifier_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// The table of verdicts, row by row. Each subtest bears the name of its row;
// the world around it is whole and clean unless the row says otherwise.

// green is the row that every other one departs from.
var green = want{
	verdict: verifier.Valid, genuine: verifier.Yes, recognised: verifier.Yes,
	status: verifier.StatusValid, holder: verifier.HolderCompare,
}

func (x want) but(change func(*want)) want {
	change(&x)
	return x
}

func unknown(reason string) want {
	return green.but(func(x *want) { x.verdict, x.reason, x.status = verifier.Unknown, reason, "" })
}

func invalid(reason string) want {
	return green.but(func(x *want) { x.verdict, x.reason, x.status = verifier.Invalid, reason, "" })
}

func amber(reason string) want {
	return green.but(func(x *want) { x.amber, x.reason = true, reason })
}

// row is one case: make changes the world and gives what is verified.
type row struct {
	name   string
	make   func(w *world) (token string, assertions []string)
	config func(*verifier.Config)
	want   want
}

func TestVerdictTable(t *testing.T) {
	for _, rows := range [][]row{ageRows, recognitionRows, revocationRows, suspensionRows, entryRows, dateRows, assertionRows} {
		for _, r := range rows {
			t.Run(r.name, func(t *testing.T) {
				w := emptyWorld(t)
				token, assertions := r.make(w)
				var changes []func(*verifier.Config)
				if r.config != nil {
					changes = append(changes, r.config)
				}
				report, err := w.verifier(changes...).VerifyCredential(context.Background(), token, assertions...)
				r.want.check(t, report, err)
			})
		}
	}
}

// listed adds a clean revocation list of that age and issues.
func listed(age time.Duration, set ...int) func(w *world) (string, []string) {
	return func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-age), set...)
		return w.issue(), nil
	}
}

func atConfig(c *verifier.Config, t time.Time) { c.At = t }

var ageRows = []row{
	{"all checks pass, list within the policy's age", listed(23 * hour), nil,
		green.but(func(x *want) {
			x.asOf = now.Add(-23 * hour)
			x.codes = []string{"signature", "rules", "recognised", "dates", "status"}
		})},
	{"list older than the policy's age, nothing past its end", listed(25 * hour), nil,
		amber("status_old").but(func(x *want) { x.asOf = now.Add(-25 * hour) })},
	{"a list's ttl says only when to fetch again", listed(3 * hour), nil, green},
	{"list older than max-status-age", listed(31 * days), nil, unknown("status_stale")},
	{"list older than a stricter max-status-age", listed(8 * days), func(c *verifier.Config) {
		c.Policy = verifier.Policy{MaxStatusAge: 7 * days}
	}, unknown("status_stale")},
	{"list older than a max-status-age of an hour", listed(20 * hour), func(c *verifier.Config) {
		c.Policy = verifier.Policy{MaxStatusAge: hour}
	}, unknown("status_stale")},
	{"list within a max-status-age of a day", listed(20 * hour), func(c *verifier.Config) {
		c.Policy = verifier.Policy{MaxStatusAge: 21 * hour}
	}, green},
	{"list past its own end (D09)", listed(46 * days), func(c *verifier.Config) {
		c.Policy = verifier.Policy{MaxStatusAge: 90 * days}
	}, unknown("status_stale")},
	{"bundle past its own end", listed(2 * hour), func(c *verifier.Config) {
		c.Now = func() time.Time { return now.Add(30 * days) }
		c.Policy = verifier.Policy{MaxStatusAge: 60 * days}
	}, unknown("bundle_expired")},
	{"--at before the list's date", listed(hour), func(c *verifier.Config) {
		atConfig(c, now.Add(-30*hour))
	}, unknown("status_stale")},
	{"--at before the date of a list that revokes", listed(hour, index), func(c *verifier.Config) {
		atConfig(c, now.Add(-30*hour))
	}, unknown("status_stale")},
	{"clock more than a day behind a signed time", listed(hour), func(c *verifier.Config) {
		c.Now = func() time.Time { return now.Add(-26 * hour) }
	}, unknown("clock")},
	{"clock less than a day behind a signed time", listed(40 * hour), func(c *verifier.Config) {
		c.Now = func() time.Time { return now.Add(-20 * hour) }
	}, green},
}

var recognitionRows = []row{
	{"genuine, issuer not recognised", func(w *world) (string, []string) {
		w.entities = nil
		return w.issueAsDIDKey()
	}, nil, unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No })},
	{"genuine, recognised for another document", func(w *world) (string, []string) {
		w.entities[0].RecognizedTo[0].Schema = "TrainingAttendance"
		return listed(hour)(w)
	}, nil, unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No })},
	{"genuine, recognised by the schema's id", func(w *world) (string, []string) {
		w.entities[0].RecognizedTo[0].Schema = schema.MicroSchemaURL
		return listed(hour)(w)
	}, nil, green},
	{"genuine, not yet recognised on that day", func(w *world) (string, []string) {
		w.entities[0].RecognizedTo[0].From = now
		return listed(hour)(w)
	}, nil, unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No })},
	{"recognition ended after that day (lapsed)", func(w *world) (string, []string) {
		w.entities[0].State = schema.EntityLapsed
		w.entities[0].RecognizedTo[0].Until = now.Add(-2 * days)
		return listed(hour)(w)
	}, nil, green},
	{"recognition had ended before that day (lapsed)", func(w *world) (string, []string) {
		w.entities[0].State = schema.EntityLapsed
		w.entities[0].RecognizedTo[0].Until = now.Add(-10 * days)
		return listed(hour)(w)
	}, nil, unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No })},
	{"closed body: its last list counts, amber", func(w *world) (string, []string) {
		w.entities[0].State = schema.EntityClosed
		return listed(hour)(w)
	}, nil, amber("issuer_closed")},
	{"closed body, list by its delegate", func(w *world) (string, []string) {
		delegate := newBody(w.t, "did:web:regione.example:liste")
		w.entities = append(w.entities, delegate.entity(w.t))
		w.entities[0].State, w.entities[0].StatusDelegate = schema.EntityClosed, delegate.did
		w.lists = append(w.lists, trust.StatusList{URL: revocations, Token: w.signList(delegate, revocations, "revocation", now.Add(-hour))})
		return w.issue(), nil
	}, nil, amber("issuer_closed")},
	{"withdrawn for cause", func(w *world) (string, []string) {
		w.entities[0].State = schema.EntityWithdrawn
		return listed(hour)(w)
	}, nil, unknown("recognition_withdrawn").but(func(x *want) { x.recognised = verifier.No })},
	{"withdrawn for cause, reaffirmed", func(w *world) (string, []string) {
		w.entities[0].State = schema.EntityWithdrawn
		return w.reaffirm(listed(hour)(w))
	}, nil, green},
	{"key compromised", func(w *world) (string, []string) {
		w.compromise(0)
		return listed(hour)(w)
	}, nil, invalid("key_compromised").but(func(x *want) { x.recognised = verifier.No })},
	{"key compromised, known under a second name", func(w *world) (string, []string) {
		stolen := w.entities[0].Keys[0]
		stolen.KID, stolen.State, stolen.CompromisedAt = w.body.did+"#key-0", schema.KeyCompromised, now
		w.entities[0].Keys = append(w.entities[0].Keys, stolen)
		return listed(hour)(w)
	}, nil, invalid("key_compromised").but(func(x *want) { x.recognised = verifier.No })},
	{"key compromised, reaffirmed", func(w *world) (string, []string) {
		w.compromise(0)
		return w.reaffirm(listed(hour)(w))
	}, nil, green},
	{"a single forgery denied", func(w *world) (string, []string) {
		token, _ := listed(hour)(w)
		w.denied = append(w.denied, digest(w.t, token))
		return token, nil
	}, nil, invalid("denied")},
	{"key's window over, issued inside it", func(w *world) (string, []string) {
		w.entities[0].Keys[0].State, w.entities[0].Keys[0].Until = schema.KeyRetired, now.Add(-days)
		return listed(hour)(w)
	}, nil, green},
	{"key's window over, issued after it (B17)", func(w *world) (string, []string) {
		w.entities[0].Keys[0].State, w.entities[0].Keys[0].Until = schema.KeyRetired, now.Add(-10*days)
		return listed(hour)(w)
	}, nil, invalid("key_time").but(func(x *want) { x.recognised = verifier.No })},
	{"did:web and its key not at hand", func(w *world) (string, []string) {
		token, _ := listed(hour)(w)
		w.entities, w.lists = nil, nil
		return token, nil
	}, nil, unknown("key_unknown").but(func(x *want) { x.genuine, x.recognised, x.holder = verifier.NotKnown, verifier.NotKnown, "" })},
	{"no root", listed(hour), func(c *verifier.Config) {
		c.Keys, c.StatusLists, c.Recognition = nil, nil, nil
	}, unknown("no_anchor").but(func(x *want) { x.genuine, x.recognised, x.holder = verifier.NotKnown, verifier.NotKnown, "" })},
	{"no root, issuer whose key is in its name", func(w *world) (string, []string) { return w.issueAsDIDKey() }, func(c *verifier.Config) {
		c.Keys, c.StatusLists, c.Recognition = nil, nil, nil
	}, unknown("no_anchor").but(func(x *want) { x.recognised = verifier.NotKnown; x.codes = []string{"status_offline"} })},
	{"a bundle that was not believed", func(w *world) (string, []string) { return w.issueAsDIDKey() }, func(c *verifier.Config) {
		c.Keys, c.StatusLists, c.Recognition, c.BundleRefused = nil, nil, nil, true
	}, unknown("bundle_refused").but(func(x *want) { x.recognised = verifier.NotKnown })},
	{"legal value beyond the issuer's scope (R10)", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour))
		return w.issue(secondPart), nil
	}, nil, unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No })},
	{"legal value within the issuer's scope (R10)", func(w *world) (string, []string) {
		w.entities[0].RecognizedTo[0].Scopes = []string{"issue:parte-seconda"}
		w.addList(revocations, "revocation", now.Add(-hour))
		return w.issue(secondPart), nil
	}, nil, green},
}

// secondPart gives the document a legal value that needs a scope, and what the
// rules ask for beside it.
func secondPart(doc map[string]any) {
	subject := doc["credentialSubject"].(map[string]any)
	achievement := subject["achievement"].(map[string]any)
	achievement["legalValue"] = "parte-seconda"
	achievement["legalBasis"] = "D.M. 5 gennaio 2021"
	subject["identifier"] = append(subject["identifier"].([]any), map[string]any{
		"type": "IdentityObject", "hashed": false, "identityHash": "Dakar", "identityType": "ext:birthPlace",
	})
}

func (w *world) compromise(key int) {
	w.entities[0].Keys[key].State = schema.KeyCompromised
	w.entities[0].Keys[key].CompromisedAt = now.Add(-days)
}

func (w *world) reaffirm(token string, assertions []string) (string, []string) {
	w.t.Helper()
	w.reaffirmed = append(w.reaffirmed, digest(w.t, token))
	return token, assertions
}

// issueAsDIDKey makes the body one for demonstrations: one key for both uses,
// in its name.
func (w *world) issueAsDIDKey() (string, []string) {
	w.t.Helper()
	id, err := did.NewKey(w.body.credentials.Public())
	must(w.t, err)
	kid := id + "#" + strings.TrimPrefix(id, "did:key:")
	w.body = body{did: id, credentials: w.body.credentials, status: w.body.credentials, credKID: kid, statusKID: kid}
	return w.issue(), nil
}
