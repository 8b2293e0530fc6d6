package trust

import (
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/employment-passport/passport/internal/jose"
)

// MaxEmbedded is how many bytes of status lists travel inside a bundle. Above
// it the bundle holds a manifest and the lists are files beside it.
const MaxEmbedded = 1 << 20

// The life of a bundle unless something else is asked for.
const (
	UpdateEvery  = 24 * time.Hour
	DefaultLife  = 30 * 24 * time.Hour
	FolderSuffix = ".lists" // the folder of list files beside bundle FILE is FILE.lists
)

// Contents is what goes into a bundle. Its parts are signed already, each by
// its own author; the bundle's signature says that they belong together.
type Contents struct {
	Authority    string // DID
	Seq          int64
	IssuedAt     time.Time
	NextUpdate   time.Time
	Expires      time.Time
	Chain        []string // passport-delegation+jwt, oldest first
	Recognition  []string // recognition lists, vc+jwt
	StatusLists  []StatusList
	Denied       [][16]byte
	Reaffirmed   [][16]byte
	VerifyBases  []string
	Definitions  []string // signed passport definitions, vc+jwt
	Dictionaries []Dictionary
}

// StatusList is one list: its URL and its token as its issuer signed it.
type StatusList struct{ URL, Token string }

// Packed is a bundle ready to be written.
type Packed struct {
	Data  []byte            // the bundle, gzip around the token
	Files map[string]string // list files for the folder beside it, by name; nil when the lists are embedded
}

// NextSeq is the number of the next bundle: an authority that was restored
// from an old backup goes on above what it gave out before.
func NextSeq(last int64, now time.Time) int64 { return max(last+1, now.Unix()) }

// Build signs a bundle with the daily key, under its DID URL kid.
func Build(ctx context.Context, kid string, key crypto.Signer, c Contents) (*Packed, error) {
	p := payload{
		Iss: c.Authority, Seq: c.Seq, Iat: c.IssuedAt.Unix(), NextUpdate: c.NextUpdate.Unix(), Exp: c.Expires.Unix(),
		Chain: orEmpty(c.Chain), Recognition: orEmpty(c.Recognition),
		Denied: newDigests(c.Denied).wire(), Reaffirmed: newDigests(c.Reaffirmed).wire(),
		VerifyBases: c.VerifyBases,
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	for _, token := range c.Definitions {
		p.Definitions = append(p.Definitions, mustMarshal(token))
	}
	for _, d := range c.Dictionaries {
		p.Dictionaries = append(p.Dictionaries, d.wire())
	}
	var files map[string]string
	p.StatusLists, files = placeLists(c.StatusLists)
	claims, err := marshal(p)
	if err != nil {
		return nil, err
	}
	token, err := jose.Sign(ctx, jose.TypeBundle, kid, key, claims)
	if err != nil {
		return nil, err
	}
	data, err := pack(token)
	return &Packed{Data: data, Files: files}, err
}

// placeLists embeds the lists, or names them when they are too many bytes.
func placeLists(lists []StatusList) (inside []json.RawMessage, files map[string]string) {
	size := 0
	for _, l := range lists {
		size += len(l.Token)
	}
	inside = []json.RawMessage{}
	if size <= MaxEmbedded {
		for _, l := range lists {
			inside = append(inside, mustMarshal(l.Token))
		}
		return inside, nil
	}
	files = map[string]string{}
	for _, l := range lists {
		name := listFile(l.Token)
		files[name] = l.Token
		inside = append(inside, mustMarshal(listFileJSON{URL: l.URL, SHA256: name}))
	}
	return inside, files
}

// listFile is the name of a list's file: the SHA-256 of its bytes, so that a
// file can stand in for no other.
func listFile(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
