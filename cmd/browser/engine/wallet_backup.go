package engine

import (
	"context"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/wallet"
)

type backupIn struct {
	request
	Words string `json:"words"`
	Paper bool   `json:"paper"`
	Base  string `json:"base"`
}

type backupFileOut struct {
	File string `json:"file"`
	Name string `json:"name"`
	Save *saved `json:"save"`
}

type backupSheetOut struct {
	Codes []sheetCode `json:"codes"`
	Left  []string    `json:"left"`
	Save  *saved      `json:"save"`
}

type sheetCode struct {
	SVG  string `json:"svg"`
	Text string `json:"text"`
	N    int    `json:"n"`
	Of   int    `json:"of"`
}

// backup makes a file or a printed sheet. The words open the key that they have
// sealed, which proves that the person has them.
func (p purse) backup(_ context.Context, lang string, in backupIn) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	if len(o.kept.Sealed) == 0 {
		return nil, refuse("wb_no_words")
	}
	key, phrase, err := openWithWords(in.Words, func(phrase string) (*ecdsa.PrivateKey, error) {
		return openKey(o.kept.Sealed, phrase)
	})
	var wrong *Refusal
	if errors.As(err, &wrong) && wrong.Code == "wb_words_wrong" {
		wrong.Code = "wb_words_own" // there is no copy yet that they could open
	}
	if err != nil {
		return nil, err
	}
	stored, before, write := o.stored, o.kept.Backup, p.backupFile
	if in.Paper {
		write = p.backupSheet
	}
	out, err := write(lang, o, key, phrase, in.Base)
	if err != nil { // nobody has one: the next change begins from what the page has stored
		o.stored, o.kept.Backup = stored, before
	}
	return out, err
}

func (p purse) backupFile(_ string, o *opened, key *ecdsa.PrivateKey, phrase, _ string) (any, error) {
	now := p.host.Now()
	s, err := o.savedBackup(now)
	if err != nil {
		return nil, err
	}
	vault, err := o.SealCopy(key, phrase, p.cost())
	return backupFileOut{
		File: base64.StdEncoding.EncodeToString(vault), Save: s,
		Name: "passport-wallet-" + now.UTC().Format(time.DateOnly) + ".age",
	}, err
}

// sheetBytes of a backup in one printed code: version 20 at level M.
const sheetBytes = 600

func (p purse) backupSheet(lang string, o *opened, key *ecdsa.PrivateKey, phrase, base string) (any, error) {
	before := o.kept.Backup
	s, err := o.savedBackup(p.host.Now())
	if err != nil {
		return nil, err
	}
	data, left, err := o.SealSheet(key, phrase, p.cost())
	if err != nil {
		return nil, err
	}
	texts, err := qr.EncodeBackup(base, data, sheetBytes)
	if err != nil {
		return nil, err
	}
	out := backupSheetOut{Codes: []sheetCode{}, Left: []string{}, Save: s}
	for i, text := range texts {
		svg, err := qr.SVG(text, qr.LevelM, svgModule)
		if err != nil {
			return nil, err
		}
		out.Codes = append(out.Codes, sheetCode{SVG: string(svg), Text: text, N: i + 1, Of: len(texts)})
	}
	for _, h := range left {
		out.Left = append(out.Left, titleOf(lang, h))
		if before.lacks(h) {
			o.kept.Backup.Left = append(o.kept.Backup.Left, h.Hash)
		}
	}
	text, err := json.Marshal(o.kept) // again, with these
	s.State = string(text)
	return out, err
}

// savedBackup notes the backup in the state that is saved before it, so that
// both bear one number and the next change makes the backup the older.
func (o *opened) savedBackup(now time.Time) (*saved, error) {
	o.kept.Backup = &backedUp{At: now.UTC().Truncate(time.Second), Counter: o.Counter() + 1}
	return o.save()
}

// openWithWords tries what was typed as the words that it seems to be, then as it
// stands, and gives the passphrase that has opened.
func openWithWords[T any](text string, open func(phrase string) (T, error)) (got T, phrase string, err error) {
	said, err := readWords(text)
	if err != nil {
		return got, "", err
	}
	plain := strings.TrimSpace(text)
	phrase = plain
	if said.Complete {
		phrase = said.phrase()
	}
	got, err = open(phrase)
	if wrong := errors.Is(err, sealed.ErrWrongPassphrase) || errors.Is(err, sealed.ErrNoPassphrase); wrong && phrase != plain {
		if again, second := open(plain); second == nil {
			return again, plain, nil
		}
	} else if !wrong {
		return got, phrase, err
	}
	refused := refuse("wb_words_wrong").because(err)
	if said.Kind != kindOwn {
		refused = refused.with("unknown", said.Unknown).with("suggestions", said.Suggestions)
	}
	return got, "", refused
}

type restoreIn struct {
	request
	File        string   `json:"file"` // base64
	Texts       []string `json:"texts"`
	Words       string   `json:"words"`
	Key         string   `json:"key"`
	PIN         string   `json:"pin"`
	AcceptOlder bool     `json:"acceptOlder"`
	Replace     bool     `json:"replace"`
}

type restoreOut struct {
	DID   string      `json:"did"`
	Count int         `json:"count"`
	JWK   *privateJWK `json:"jwk,omitempty"`
	Save  *saved      `json:"save"`
}

// maxOpenCost is the work factor that a backup may ask for: that of the command
// line. More would not fit into the memory of a page.
const maxOpenCost = sealed.DefaultWorkFactor

// restore opens a backup and puts it in the place of the wallet that is open.
func (p purse) restore(_ context.Context, _ string, in restoreIn) (any, error) {
	if (in.Key == "") == (in.PIN == "") {
		return nil, refuse("wb_request")
	}
	if in.PIN != "" && len([]rune(in.PIN)) < minPIN {
		return nil, refuse("wb_pin_short")
	}
	open, err := p.backupIn(in)
	if err != nil {
		return nil, err
	}
	w, phrase, err := openWithWords(in.Words, open)
	if err != nil {
		return nil, err
	}
	key, ok := w.Key().(*ecdsa.PrivateKey)
	if !ok {
		return nil, wallet.ErrNotWallet
	}
	o := &opened{Wallet: w, keyOK: true}
	if err := p.replaces(o, in); err != nil {
		return nil, err
	}
	if o.kept.Sealed, err = sealKey(key, phrase, p.cost()); err != nil {
		return nil, err
	}
	return p.restored(o, key, in)
}

// backupIn finds the backup and gives what opens it with a passphrase.
func (p purse) backupIn(in restoreIn) (func(phrase string) (*wallet.Wallet, error), error) {
	now := p.host.Now()
	if len(in.Texts) > 0 {
		data, err := qr.CollectBackup(in.Texts)
		if err != nil {
			return nil, err
		}
		return func(phrase string) (*wallet.Wallet, error) { return wallet.UnsealSheet(data, phrase, now) }, costs(data)
	}
	data, err := base64.StdEncoding.DecodeString(in.File)
	if err != nil || len(data) == 0 || len(data) > wallet.MaxVault {
		return nil, refuse("wb_not_backup").because(err)
	}
	return func(phrase string) (*wallet.Wallet, error) { return wallet.Unseal(data, phrase) }, costs(data)
}

// costs refuses what is no backup, and what would ask too much, before any work.
func costs(data []byte) error {
	if _, err := sealed.OpenPassphrase(data, "-", 1); errors.Is(err, sealed.ErrNotSealed) {
		return err
	}
	if sealed.AsksMoreThan(data, maxOpenCost) {
		return refuse("wb_damaged").because(sealed.ErrTooCostly)
	}
	return nil
}

// replaces holds the backup against the wallet that is open: a copy of it that
// lacks something loses that, whatever its number is (of two phones that had one
// backup either may count higher), and another wallet would be gone.
func (p purse) replaces(o *opened, in restoreIn) error {
	was := p.wallet.open
	switch {
	case was == nil:
	case was.ID() == o.ID():
		o.stored, o.kept.Shown = was.stored, was.kept.Shown
		if (was.Counter() > o.Counter() || was.hasMore(o)) && !in.AcceptOlder {
			return refuse("wb_older").with("count", len(o.Held())).with("now", len(was.Held()))
		}
		o.NumberAfter(was.Counter())
	default:
		if was.filled() && !in.Replace {
			return refuse("wb_other").with("now", len(was.Held()))
		}
		o.stored = was.stored
		o.NumberAfter(was.Counter())
	}
	return nil
}

// hasMore tells whether something is held or awaited that the other has not.
func (o *opened) hasMore(other *opened) bool {
	return slices.ContainsFunc(o.Held(), func(h wallet.Held) bool {
		return !slices.ContainsFunc(other.Held(), func(k wallet.Held) bool { return k.Hash == h.Hash })
	}) || slices.ContainsFunc(o.Awaited(), func(l wallet.Later) bool { return !slices.Contains(other.Awaited(), l) })
}

// filled tells whether something would be lost with the wallet.
func (o *opened) filled() bool { return len(o.Held())+len(o.Awaited()) > 0 }

// restored hands the key over to the page, or seals it with a PIN.
func (p purse) restored(o *opened, key *ecdsa.PrivateKey, in restoreIn) (any, error) {
	out := restoreOut{DID: o.DID(), Count: len(o.Held())}
	var err error
	if in.PIN != "" {
		o.kept.PIN, err = sealKey(key, in.PIN, p.cost())
	} else {
		if out.JWK, err = jwkOf(key); err == nil {
			err = o.Unlock(p.signer(in.Key, &key.PublicKey))
		}
	}
	if err != nil {
		return nil, err
	}
	if out.Save, err = o.savedBackup(p.host.Now()); err != nil { // it opens, as of today
		return nil, err
	}
	p.wallet.open, p.wallet.deal = o, nil
	return out, nil
}
