package engine

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	keptFormat  = "passport-browser-wallet"
	keptVersion = 1
	minPIN      = 6
)

// kept is the state as the page keeps it: the wallet without its key, the key
// sealed with words or with a PIN, and what was shown. It stands in the database
// of one browser and is not meant to travel; a backup does that.
type kept struct {
	Format  string         `json:"format"`
	Version int            `json:"version"`
	Wallet  jsontext.Value `json:"wallet"`
	Sealed  []byte         `json:"sealed,omitempty"` // the key, with the words of the backup
	PIN     []byte         `json:"pin,omitempty"`    // the key, where the browser keeps none
	Shown   []shownTo      `json:"shown,omitempty"`
	Backup  *backedUp      `json:"backup,omitempty"`
}

// backedUp notes the last backup; the wallet's counter since tells how old it is.
type backedUp struct {
	At      time.Time `json:"at"`
	Counter uint64    `json:"counter"`
	Left    []string  `json:"left,omitempty"` // hashes of what it lacks: came since, or fits no code and is in no earlier one
}

// lacks tells of a document that came after the last backup or was left off it. The
// clock says so only of what a program kept that did not name it yet: at the backup it
// may have been a day ahead.
func (b *backedUp) lacks(h wallet.Held) bool {
	return b == nil || h.ImportedAt.After(b.At) || slices.Contains(b.Left, h.Hash)
}

// came notes documents that the last backup lacks.
func (b *backedUp) came(all []wallet.Kept) {
	if b == nil {
		return
	}
	for _, k := range all {
		if k.New && !slices.Contains(b.Left, k.Hash) {
			b.Left = append(b.Left, k.Hash)
		}
	}
}

// saved is what the page has to write.
type saved struct {
	Was     uint64 `json:"was"`
	Counter uint64 `json:"counter"`
	State   string `json:"state"`
}

// opened gives the wallet that is open.
func (p purse) opened() (*opened, error) {
	if p.wallet.open == nil {
		return nil, errNoWallet
	}
	return p.wallet.open, nil
}

// signing gives the open wallet if its key is there.
func (p purse) signing() (*opened, error) {
	o, err := p.opened()
	if err == nil && !o.keyOK {
		return nil, refuse("wb_key_lost")
	}
	return o, err
}

// save writes the open wallet down.
func (o *opened) save() (*saved, error) {
	data, err := o.State()
	if err != nil {
		return nil, err
	}
	o.kept.Format, o.kept.Version, o.kept.Wallet = keptFormat, keptVersion, data
	text, err := json.Marshal(o.kept)
	if err != nil {
		return nil, err
	}
	s := &saved{Was: o.stored, Counter: o.Counter(), State: string(text)}
	o.stored = s.Counter
	return s, nil
}

// cost is the work factor for what is sealed here.
func (p purse) cost() int {
	if p.wallet.cost != 0 {
		return p.wallet.cost
	}
	return sealCost
}

type createIn struct {
	sealIn
	Key string `json:"key"`
}

type createOut struct {
	DID  string `json:"did"`
	Save *saved `json:"save"`
}

// create makes a wallet around the page's key, or with a PIN around one of ours.
func (p purse) create(_ context.Context, _ string, in createIn) (any, error) {
	if o := p.wallet.open; o != nil && o.filled() {
		return nil, refuse("wb_other")
	}
	o := &opened{keyOK: true}
	var err error
	if in.PIN != "" {
		err = p.createWithPIN(o, in)
	} else {
		err = p.createOutside(o, in)
	}
	if err != nil {
		return nil, err
	}
	if was := p.wallet.open; was != nil { // another tab must see that it is another
		o.stored = was.stored
		o.NumberAfter(was.Counter())
	}
	out := createOut{DID: o.DID()}
	if out.Save, err = o.save(); err != nil {
		return nil, err
	}
	p.wallet.open, p.wallet.deal = o, nil
	return out, nil
}

func (p purse) createOutside(o *opened, in createIn) error {
	public, err := in.JWK.public()
	if err != nil || in.Key == "" {
		return refuse("wb_request").because(err)
	}
	if o.Wallet, err = wallet.NewWith(p.signer(in.Key, public)); err != nil || in.Words == "" {
		return err
	}
	key, err := in.JWK.private()
	if err != nil {
		return refuse("wb_request").because(err)
	}
	return p.sealWithWords(o, key, in.Words)
}

func (p purse) createWithPIN(o *opened, in createIn) error {
	if len([]rune(in.PIN)) < minPIN {
		return refuse("wb_pin_short")
	}
	key, err := newKey()
	if err != nil {
		return err
	}
	if o.kept.PIN, err = sealKey(key, in.PIN, p.cost()); err != nil {
		return err
	}
	if o.Wallet, err = wallet.NewWith(key); err != nil || in.Words == "" {
		return err
	}
	return p.sealWithWords(o, key, in.Words)
}

// sealWithWords takes only whole words of our lists: a shorter secret would be
// guessed from the paper that it is printed beside.
func (p purse) sealWithWords(o *opened, key *ecdsa.PrivateKey, text string) (err error) {
	said, err := readWords(text)
	if err != nil {
		return err
	}
	if !said.Complete {
		return refuse("wb_words_incomplete").with("unknown", said.Unknown)
	}
	o.kept.Sealed, err = sealKey(key, said.phrase(), p.cost())
	return err
}

type sealIn struct {
	request
	Words string      `json:"words"`
	JWK   *privateJWK `json:"jwk"`
	PIN   string      `json:"pin"`
}

// sealKey seals the key with words later.
func (p purse) sealKey(_ context.Context, _ string, in sealIn) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	var key *ecdsa.PrivateKey
	if in.JWK != nil {
		key, err = in.JWK.private()
	} else {
		key, err = openPIN(o.kept.PIN, in.PIN)
	}
	if err != nil {
		return nil, err
	}
	if !key.PublicKey.Equal(o.Key().Public()) {
		return nil, wallet.ErrKey
	}
	if err := p.sealWithWords(o, key, in.Words); err != nil {
		return nil, err
	}
	return savedOnly(o)
}

// savedOnly answers what only changes something.
func savedOnly(o *opened) (any, error) {
	s, err := o.save()
	if err != nil {
		return nil, err
	}
	return map[string]any{"save": s}, nil
}

type loadIn struct {
	request
	State string `json:"state"`
	Key   string `json:"key"`
	PIN   string `json:"pin"`
}

type loadOut struct {
	DID     string     `json:"did"`
	Counter uint64     `json:"counter"`
	Count   int        `json:"count"`
	Later   int        `json:"later"`
	Holder  string     `json:"holder"` // webcrypto or pin
	KeyOK   bool       `json:"keyOK"`
	Sealed  bool       `json:"sealed"`
	Backup  *backupOut `json:"backup,omitempty"`
}

type backupOut struct {
	At      string `json:"at"`
	Changes uint64 `json:"changes"`
}

// load opens what the page has stored. A wrong PIN is an error; a key that is gone
// is not: what is held can still be read.
func (p purse) load(_ context.Context, lang string, in loadIn) (any, error) {
	o := &opened{}
	err := strictjson.UnmarshalKnown([]byte(in.State), &o.kept)
	if err == nil {
		o.Wallet, err = wallet.OpenState(o.kept.Wallet)
	}
	// save writes the version first: it is read before a member that is unknown here.
	if o.kept.Version > keptVersion || errors.Is(err, wallet.ErrNewer) {
		return nil, refuse("wb_newer")
	}
	if err != nil || o.kept.Format != keptFormat {
		return nil, refuse("wb_state").because(err)
	}
	o.stored = o.Counter()
	if err := p.unlock(o, in); err != nil {
		return nil, err
	}
	p.wallet.open, p.wallet.deal = o, nil
	return p.loaded(lang, o), nil
}

func (p purse) loaded(lang string, o *opened) loadOut {
	out := loadOut{
		DID: o.DID(), Counter: o.Counter(), Count: len(o.Held()), Later: len(o.Awaited()),
		Holder: "webcrypto", KeyOK: o.keyOK, Sealed: len(o.kept.Sealed) > 0,
	}
	if len(o.kept.PIN) > 0 {
		out.Holder = "pin"
	}
	if b := o.kept.Backup; b != nil {
		out.Backup = &backupOut{At: i18n.Day(lang, report.Wall(p.here, b.At)), Changes: o.Counter() - min(b.Counter, o.Counter())}
	}
	return out
}

// unlock puts the key in and has it prove itself.
func (p purse) unlock(o *opened, in loadIn) error {
	var key crypto.Signer
	switch {
	case len(o.kept.PIN) > 0 && in.PIN != "":
		own, err := openPIN(o.kept.PIN, in.PIN)
		if err != nil {
			return err
		}
		key = own
	case len(o.kept.PIN) == 0 && in.Key != "":
		public, _ := o.Key().Public().(*ecdsa.PublicKey)
		key = p.signer(in.Key, public)
	default:
		return nil
	}
	if proves(key) && o.Unlock(key) == nil {
		o.keyOK = true
	}
	return nil
}

func (p purse) signer(handle string, public *ecdsa.PublicKey) crypto.Signer {
	return browserKey{ctx: context.Background(), host: p.host, handle: handle, public: public}
}

// proves tells whether a key signs what its public half verifies. What it signs
// is no token of any kind.
func proves(key crypto.Signer) bool {
	message := []byte("passport wallet: is the key still here?")
	signature, err := crypto.SignMessage(key, rand.Reader, message, crypto.SHA256)
	public, ok := key.Public().(*ecdsa.PublicKey)
	sum := sha256.Sum256(message)
	return err == nil && ok && ecdsa.VerifyASN1(public, sum[:], signature)
}

type stateOut struct {
	Open bool `json:"open"`
	*loadOut
}

// state tells whether a wallet is open and, as load does, what of it. It opens
// nothing: what waits for the network goes on, and a PIN need not be typed again.
func (p purse) state(_ context.Context, lang string, _ request) (any, error) {
	if p.wallet.open == nil {
		return stateOut{}, nil
	}
	loaded := p.loaded(lang, p.wallet.open)
	return stateOut{Open: true, loadOut: &loaded}, nil
}
