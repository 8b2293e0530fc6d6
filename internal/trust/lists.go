package trust

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"maps"
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
	byURL    map[string][]*list // every copy, whoever signed it
}

// maxCopies of one list by one signer are kept, the newest: which of them
// answers is the verifier's to say, who also knows what they hold. maxAtURL
// bounds what all signers together have under one address.
const (
	maxCopies = 2
	maxAtURL  = 64
)

// list is one status list: verified when the bundle was opened, or, when it is
// a file beside the bundle, on first use.
type list struct {
	token     string
	issuer    string
	signer    string // the issuer, or its delegate
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
	l := &lists{entities: entities, owners: ownersOf(entities), read: read, byURL: map[string][]*list{}}
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
	one = &list{token: token}
	url, err = l.open(one)
	return url, one, err
}

// open verifies a list and fills in whose it is.
func (l *lists) open(one *list) (url string, err error) {
	head, kid, err := l.verify(one.token)
	one.issuer, one.validFrom = string(head.Issuer), time.Time(head.ValidFrom)
	one.signer, _, _ = strings.Cut(kid, "#")
	return head.ID, err
}

// place keeps a list under its URL, beside those of others there. Of too many
// by one signer the oldest goes; whose a file of a manifest is nobody knows yet.
func (l *lists) place(url string, one *list) error {
	all := append(l.byURL[url], one)
	if len(all) > maxAtURL {
		return refuse(CodeDuplicate, "%d lists under one address", len(all))
	}
	l.byURL[url] = all
	if one.file != "" {
		return nil
	}
	oldest, same := len(all)-1, 0
	for i, other := range all {
		if other.file != "" || other.signer != one.signer || other.issuer != one.issuer {
			continue
		}
		same++
		if other.validFrom.Before(all[oldest].validFrom) {
			oldest = i
		}
	}
	if same <= maxCopies {
		return nil
	}
	l.byURL[url] = slices.Delete(all, oldest, oldest+1)
	return refuse(CodeDuplicate, "an older copy")
}

// find gives every copy that stands, newest first; for a list of a manifest its
// file is read now.
func (l *lists) find(url string) []*list {
	all := l.byURL[url]
	good := make([]*list, 0, len(all))
	for _, one := range all {
		if one.file != "" {
			one.once.Do(func() {
				one.err = l.load(url, one)
				one.asked.Store(true)
			})
		}
		if one.err == nil {
			good = append(good, one)
		}
	}
	slices.SortStableFunc(good, func(a, b *list) int { return b.validFrom.Compare(a.validFrom) })
	return good
}

// by keeps the copies that speak for issuer; delegate may be empty.
func by(all []*list, issuer, delegate string) []*list {
	return slices.DeleteFunc(slices.Clone(all), func(one *list) bool {
		return one.issuer != issuer && (delegate == "" || one.signer != delegate)
	})
}

// single is the one copy that answers for a URL when nobody says for whom: the
// newest, of a closed body its delegate's. Between two bodies nobody can choose.
func (l *lists) single(url string) (token string, err error) {
	all := l.find(url)
	if len(all) == 0 {
		return "", schema.ErrStatusUnknown
	}
	for _, one := range all {
		if one.signer != one.issuer {
			return one.token, nil
		}
		if e := l.entities[all[0].issuer]; e.State == schema.EntityClosed && e.StatusDelegate == one.issuer {
			return one.token, nil
		}
	}
	for _, one := range all[1:] {
		if one.issuer != all[0].issuer {
			return "", schema.ErrStatusUnknown
		}
	}
	return all[0].token, nil
}

// load reads a file of the manifest. Its hash stands in the signed bundle, its
// signature is still its issuer's.
func (l *lists) load(url string, one *list) error {
	if l.read == nil {
		return refuse(CodeMissing, "no folder of list files")
	}
	data, err := l.read(one.file)
	if err != nil {
		return refuse(CodeMissing, "%s", one.file).because(err)
	}
	one.token = string(data)
	if listFile(one.token) != one.file {
		return refuse(CodeHash, "%s", one.file)
	}
	id, err := l.open(one)
	if err == nil && id != url {
		err = refuse(CodeURL, "the file holds %s", id)
	}
	return err
}

// ListFiles gives the names of the files that belong beside the bundle, in
// order; none when its lists are embedded.
func (b *Bundle) ListFiles() []string {
	var names []string
	for _, all := range b.lists.byURL {
		for _, one := range all {
			if one.file != "" {
				names = append(names, one.file)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// IsListFile tells whether a file beside a bundle holds what its name says.
func IsListFile(name string, data []byte) bool { return listFile(string(data)) == name }

// failed tells the lists of a manifest that have been asked for and failed.
func (l *lists) failed() []Problem {
	var told problems
	for _, url := range slices.Sorted(maps.Keys(l.byURL)) {
		for _, one := range l.byURL[url] {
			if one.file != "" && one.asked.Load() && one.err != nil {
				told.add("list", url, one.err)
			}
		}
	}
	return told
}

// verify checks that a list is signed with a status key of its issuer, or of
// the delegate of an issuer that has closed, and that its address is its
// issuer's to fill.
func (l *lists) verify(token string) (head listHead, kid string, err error) {
	_, _, err = jose.VerifyWithin(context.Background(), MaxList, jose.TypeVC, token,
		func(_ context.Context, h jose.Header, unverified []byte) (crypto.PublicKey, error) {
			kid = h.Kid
			if err := strictjson.UnmarshalChecked(unverified, &head); err != nil {
				return nil, refuse(CodeFormat, "status list").because(err)
			}
			k, err := l.signer(h.Kid, string(head.Issuer), time.Time(head.ValidFrom))
			return k.Public, err
		})
	switch {
	case err != nil:
		return head, kid, signatureError(err)
	case !slices.Contains(head.Type, "BitstringStatusListCredential"):
		return head, kid, refuse(CodeType, "not a status list")
	case head.ID == "" || time.Time(head.ValidFrom).IsZero():
		return head, kid, refuse(CodeFormat, "a status list has an address and a date")
	case !l.mayFill(string(head.Issuer), head.ID):
		return head, kid, refuse(CodeURL, "%s may not fill %s", head.Issuer, head.ID)
	}
	return head, kid, nil
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
// back. A key may stand in the list more than once, with a window each.
func statusKey(e *schema.Entity, kid string, at time.Time) (schema.Key, error) {
	err := refuse(CodeKid, "%s has no key %q", e.DID, kid)
	for _, k := range e.Keys {
		switch {
		case k.KID != kid:
		case k.Use != schema.KeyForStatus:
			if err.Code == CodeKid {
				err = refuse(CodeUse, "%q is not for status lists", kid)
			}
		case k.State == schema.KeyCompromised:
			return schema.Key{}, refuse(CodeCompromise, "%q", kid)
		case slices.ContainsFunc(e.Keys, func(o schema.Key) bool {
			return o.Thumbprint == k.Thumbprint && o.Use == schema.KeyForStatus && o.Covers(at)
		}):
			return k, nil
		default:
			err = refuse(CodeDates, "%q was not in use on %s", kid, day(at))
		}
	}
	return schema.Key{}, err
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
// the newest of each signer. The others are told.
func SelectLists(entities []schema.Entity, tokens []string) ([]StatusList, []Problem) {
	known := map[string]*schema.Entity{}
	states, unbounded := keyStates{}, &grant{}
	for _, e := range entities {
		e.Keys = slices.Clone(e.Keys)
		known[e.DID] = &e
		for _, k := range e.Keys {
			states.note(unbounded, k)
		}
	}
	for _, e := range known {
		states.apply(e)
	}
	wire := make([]json.RawMessage, 0, len(tokens))
	for _, token := range tokens {
		wire = append(wire, mustMarshal(token))
	}
	var told problems
	l := readLists(wire, known, nil, &told)
	var selected []StatusList
	for _, url := range slices.Sorted(maps.Keys(l.byURL)) {
		chosen := map[[2]string]bool{}
		for _, one := range l.find(url) {
			if who := [2]string{one.issuer, one.signer}; !chosen[who] {
				chosen[who] = true
				selected = append(selected, StatusList{URL: url, Token: one.token})
			}
		}
		for range len(l.byURL[url]) - len(chosen) {
			told.add("list", url, refuse(CodeDuplicate, "an older copy"))
		}
	}
	return selected, told
}
