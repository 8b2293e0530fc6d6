package trust

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/schema"
)

// MaxList is the longest token of a status list, in bytes.
const MaxList = 8 << 20

// lists are the status lists of a bundle by URL.
type lists struct {
	entities map[string]*schema.Entity
	owners   map[string]string // base URL of a did:web body → its DID
	read     func(name string) ([]byte, error)
	byURL    map[string]*list
}

// list is one status list: verified when the bundle was opened, or, when it is
// a file beside the bundle, on first use.
type list struct {
	token     string
	issuer    string
	validFrom time.Time
	file      string // name, for a list of a manifest
	once      sync.Once
	asked     atomic.Bool // once has run: token and err stand
	err       error
}

// listHead is what must be known of a list to believe its signature; its bits
// are read by whoever asks for the list.
type listHead struct {
	ID        string      `json:"id"`
	Type      oneOrMany   `json:"type"`
	Issuer    issuerName  `json:"issuer"`
	ValidFrom dateOfIssue `json:"validFrom"`
}

func readLists(wire []json.RawMessage, entities map[string]*schema.Entity, read func(string) ([]byte, error), told *problems) *lists {
	l := &lists{entities: entities, owners: ownersOf(entities), read: read, byURL: map[string]*list{}}
	for _, raw := range wire {
		url, one, err := l.readOne(raw)
		if err == nil {
			err = l.place(url, one)
		}
		if err != nil {
			told.add("list", url, err)
		}
	}
	return l
}

func (l *lists) readOne(raw json.RawMessage) (url string, one *list, err error) {
	if !bytes.HasPrefix(raw, []byte(`"`)) {
		var f listFileJSON
		if err := strictjson.UnmarshalChecked(raw, &f); err != nil || f.URL == "" || f.SHA256 == "" {
			return f.URL, nil, refuse(CodeFormat, "neither a token nor {url, sha256}").because(err)
		}
		return f.URL, &list{file: f.SHA256}, nil
	}
	var token string
	if err := strictjson.UnmarshalChecked(raw, &token); err != nil {
		return "", nil, refuse(CodeFormat, "token").because(err)
	}
	head, err := l.verify(token)
	return head.ID, &list{token: token, issuer: string(head.Issuer), validFrom: time.Time(head.ValidFrom)}, err
}

// place keeps a list under its URL. Of two by the same issuer the newer
// counts. Two that nobody can choose between are both left out.
func (l *lists) place(url string, one *list) error {
	old := l.byURL[url]
	switch {
	case old == nil:
		l.byURL[url] = one
		return nil
	case old.file != "" || one.file != "" || old.issuer != one.issuer || old.err != nil:
		l.byURL[url] = &list{err: schema.ErrStatusUnknown}
		return refuse(CodeDuplicate, "two lists under one address")
	case one.validFrom.After(old.validFrom):
		l.byURL[url] = one
	}
	return refuse(CodeDuplicate, "an older copy")
}

func (l *lists) find(url string) (token string, err error) {
	one := l.byURL[url]
	if one == nil {
		return "", schema.ErrStatusUnknown
	}
	if one.file != "" {
		one.once.Do(func() {
			one.token, one.err = l.load(url, one.file)
			one.asked.Store(true)
		})
	}
	if one.err != nil {
		return "", schema.ErrStatusUnknown
	}
	return one.token, nil
}

// load reads a file of the manifest. Its hash stands in the signed bundle, its
// signature is still its issuer's.
func (l *lists) load(url, name string) (string, error) {
	if l.read == nil {
		return "", refuse(CodeMissing, "no folder of list files")
	}
	data, err := l.read(name)
	if err != nil {
		return "", refuse(CodeMissing, "%s", name).because(err)
	}
	token := string(data)
	if listFile(token) != name {
		return "", refuse(CodeHash, "%s", name)
	}
	head, err := l.verify(token)
	if err == nil && head.ID != url {
		err = refuse(CodeURL, "the file holds %s", head.ID)
	}
	return token, err
}

// failed tells the lists of a manifest that have been asked for and failed.
func (l *lists) failed() []Problem {
	var told problems
	for url, one := range l.byURL {
		if one.file != "" && one.asked.Load() && one.err != nil {
			told.add("list", url, one.err)
		}
	}
	slices.SortFunc(told, func(a, b Problem) int { return strings.Compare(a.Subject, b.Subject) })
	return told
}

// verify checks that a list is signed with a status key of its issuer, or of
// the delegate of an issuer that has closed, and that its address is its
// issuer's to fill.
func (l *lists) verify(token string) (listHead, error) {
	var head listHead
	_, _, err := jose.VerifyWithin(context.Background(), MaxList, jose.TypeVC, token,
		func(_ context.Context, h jose.Header, unverified []byte) (crypto.PublicKey, error) {
			if err := strictjson.UnmarshalChecked(unverified, &head); err != nil {
				return nil, refuse(CodeFormat, "status list").because(err)
			}
			k, err := l.signer(h.Kid, string(head.Issuer), time.Time(head.ValidFrom))
			return k.Public, err
		})
	switch {
	case err != nil:
		return head, signatureError(err)
	case !slices.Contains(head.Type, "BitstringStatusListCredential"):
		return head, refuse(CodeType, "not a status list")
	case head.ID == "" || time.Time(head.ValidFrom).IsZero():
		return head, refuse(CodeFormat, "a status list has an address and a date")
	case !l.mayFill(string(head.Issuer), head.ID):
		return head, refuse(CodeURL, "%s may not fill %s", head.Issuer, head.ID)
	}
	return head, nil
}

// signer finds the status key that kid names.
func (l *lists) signer(kid, issuer string, at time.Time) (schema.Key, error) {
	owner, _, _ := strings.Cut(kid, "#")
	e := l.entities[issuer]
	if e == nil {
		return schema.Key{}, refuse(CodeIssuer, "%q is not recognised", issuer)
	}
	if owner != issuer {
		if e.State != schema.EntityClosed || e.StatusDelegate != owner || l.entities[owner] == nil {
			return schema.Key{}, refuse(CodeIssuer, "%q does not sign for %q", owner, issuer)
		}
		e = l.entities[owner]
	}
	return statusKey(e, kid, at)
}

// statusKey finds the status key of e with that name, if it may have signed at
// that moment. A compromised one never may: a thief would take revocations
// back.
func statusKey(e *schema.Entity, kid string, at time.Time) (schema.Key, error) {
	named := false
	for _, k := range e.Keys {
		if k.KID != kid {
			continue
		}
		named = true
		switch {
		case k.Use != schema.KeyForStatus:
		case k.State == schema.KeyCompromised:
			return schema.Key{}, refuse(CodeCompromise, "%q", kid)
		case k.Covers(at):
			return k, nil
		default:
			return schema.Key{}, refuse(CodeDates, "%q was not in use on %s", kid, day(at))
		}
	}
	if named {
		return schema.Key{}, refuse(CodeUse, "%q is not for status lists", kid)
	}
	return schema.Key{}, refuse(CodeKid, "%s has no key %q", e.DID, kid)
}

// ownersOf maps the address space of every did:web body to it.
func ownersOf(entities map[string]*schema.Entity) map[string]string {
	owners := map[string]string{}
	for id := range entities {
		document, err := did.WebURL(id)
		if err != nil {
			continue // did:key and did:jwk own no address
		}
		base := strings.TrimSuffix(document, "/did.json")
		owners[strings.TrimSuffix(base, "/.well-known")] = id
	}
	return owners
}

// mayFill tells whether a list by issuer may stand under url. The space below a
// did:web body's own address is that body's, and its delegate's once it has
// closed: otherwise one recognised body could publish a clean list over
// another's. What nobody owns is open to every recognised body.
func (l *lists) mayFill(issuer, url string) bool {
	for at := url; strings.Contains(strings.TrimPrefix(at, "https://"), "/"); {
		at = at[:strings.LastIndexByte(at, '/')]
		if owner, ok := l.owners[at]; ok {
			e := l.entities[owner]
			return owner == issuer || e.State == schema.EntityClosed && e.StatusDelegate == issuer
		}
	}
	return true
}

// SelectLists takes, of status lists from anywhere, those that a bundle with
// these entities may carry: signed by a recognised body, for its own address,
// the newest of each. The others are told.
func SelectLists(entities []schema.Entity, tokens []string) ([]StatusList, []Problem) {
	known := map[string]*schema.Entity{}
	states := keyStates{}
	for _, e := range entities {
		e.Keys = slices.Clone(e.Keys)
		known[e.DID] = &e
		for _, k := range e.Keys {
			states.note(k)
		}
	}
	for _, e := range known {
		states.apply(e.Keys)
	}
	wire := make([]json.RawMessage, 0, len(tokens))
	for _, token := range tokens {
		wire = append(wire, mustMarshal(token))
	}
	var told problems
	l := readLists(wire, known, nil, &told)
	var selected []StatusList
	for url, one := range l.byURL {
		if one.err == nil {
			selected = append(selected, StatusList{URL: url, Token: one.token})
		}
	}
	slices.SortFunc(selected, func(a, b StatusList) int { return strings.Compare(a.URL, b.URL) })
	return selected, told
}
