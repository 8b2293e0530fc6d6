package engine

import (
	"context"
	"time"

	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/wallet"
)

// The calls of the wallet. Each takes a JSON object and answers with one; every
// input may bear "lang" (one of the eleven; English otherwise), in which words and
// dates are answered, "zone" (minutes east of UTC, of the page's clock now), by
// which moments are told instead of in UTC, and no member that is not named here.
// A refusal is
// {"error":{"code","message","hint"}} with the message and the hint in that
// language; what more a page may want to know stands beside them, as said below.
//
// One wallet is open at a time. It lives in the memory of the engine, and what
// changes it answers, besides what is said below, with
//
//	"save": {"was": 12, "counter": 13, "state": "…"}
//
// The page hands that to write() of keys.mjs, which writes it to IndexedDB in one
// transaction that holds the stored counter against was (0: nothing may be stored)
// and, where they differ, writes nothing: another tab was first, and wallet.load
// with what is stored begins again. The page shows nothing as done before it is
// written. What was not written is undone by wallet.load.
//
// Cards. What the page shows of one document:
//
//	Card: {"id": "urn:uuid:…", "title", "kind": "MicroCredential",
//	  "issuer": "name", "issuedOn": "18/11/2026", "number": "MC-PZ-2026-0042",
//	  "status": {…report.Mark: verdict, colour, shape, headline, date, asOf,
//	             "why": "sentence, where not green and judged now"},
//	  "owner": "self|other|bearer", "ownerWord": "…" (only where other),
//	  "otherPerson": "name" (only where it names another person than the wallet's),
//	  "person": "name" (of view alone),
//	  "supersededBy": "id" (only where a newer one is held),
//	  "stapledUntil": "…" (a day in words; absent: no live status),
//	  "showable": true, "whyNot": "sentence" (only where showable is false)}
//
// # Set up and open
//
//	wallet.create {key: "handle", jwk: {kty,crv,x,y[,d]}, words?: "…"}   or   {pin: "…"}
//	  → {did, save}
//	  The page made the pair with WebCrypto and signs by Host.Sign under the handle.
//	  With words (of wallet.words) and d the key is sealed with them in the state. With
//	  a PIN (6 digits or more) the engine makes the key and seals it with that.
//	wallet.words {kind?: "it|en|es|digits"} → {kind, kinds: ["it","en","es","digits"], words: ["…" ×8], text: "the words with blanks"}
//	  Draws fresh ones; keeps nothing. kind follows lang where it is absent.
//	wallet.checkWords {text} → {kind: "it|en|es|digits|own", words: ["…"], unknown: [2], suggestions: {"2": ["…"]}, complete: true}
//	  While somebody types: places (from 0) of words of no list; derives no key.
//	wallet.sealKey {words, jwk?: {…,d}, pin?} → {save}
//	  Seals the key with words later: jwk where the page has the pair, pin where a PIN opens it.
//	wallet.load {state: "…", key?: "handle", pin?: "…"}
//	  → {did, counter, count, later, holder: "webcrypto|pin", keyOK: true, sealed: true,
//	     backup?: {at: "words of the day", changes: 3}}
//	  keyOK false: the key that the page named does not sign for this wallet, or none was
//	  named (evicted): everything can be read, nothing can be shown or received; restore
//	  brings it back. With holder pin and no pin given, keyOK is false too.
//	wallet.state {} → {open, …and if it is, as load}   Opens nothing anew.
//
// # Look
//
//	wallet.list {quick?: true} → {cards: [Card…] newest first, later: [{title, host}], person?: "name",
//	     bare: true (a document is in no backup), nocopy: true (and a backup would help), save?}
//	  quick takes the notes of the last check; without it each is judged with the trust
//	  that trust.open has opened, and save comes where a note has changed.
//	wallet.view {id} → {card: Card, view: {…as of verify, report.View}, token: "…"}
//	wallet.history {} → {shown: [{at: "22/11/2026, 10:00 UTC", when: "2026-11-22T10:00:00Z", audience, until, titles: […], how: "code|paper"}]} newest first
//	wallet.forget {} → {save}   Empties the history.
//	wallet.progress {definition?: "id"}
//	  → {definitions: [{id, title, owner, example?}], definition?: one of them, have, need, complete,
//	     met: [{label, id, title, issuer, issuedOn, asOf?}], missing: [{label, framework, offers: [{name,url}]}],
//	     notCounted: [{id, title, why}]}
//	  definitions is empty where the bundle carries none.
//
// # Receive
//
//	wallet.offer {link} → {host}                  reads the link and asks nobody
//	wallet.offer {link, host} → {host, name, titles: […], needsCode, codeLength, hint}
//	  host is what the person has said yes to; only that host is asked.
//	wallet.take {code?} → {kept: [{card, new}], refused: [{code, message, hint?}], later: [{title, host}], save}
//	  Redeems the offer that was opened last; its code works once.
//	wallet.tell {} → {told: true}   After saving: lets the issuer know. Nothing depends on it.
//	wallet.collect {} → {kept, refused, waiting: [{title, host}], never: [{title, host}], save?}
//	  never names what will not come, and what came and could not be kept.
//	  Within ten minutes of a showing it asks nobody, as refresh does.
//	wallet.import {name?, text?: "…", texts?: […], tokens?: […], told?: […], problem?: {…}}
//	  → {kept: [{card, new}], refused: [{code, message, hint?}], save?}
//	  As an input of verify: text was typed, pasted or read from a file, texts are those of
//	  codes, tokens what a PDF or a badge held. All of it is kept or nothing; what was seen
//	  and not read is told first, beside what is kept.
//
// # Show
//
//	wallet.present {ids: […], audience?: "", minutes?: 5, base: "https://…", paper?: false, signed?: "2026-…Z"}
//	  → {token, assertions: […], link?: "BASE#1…", codes: [{svg, text, level: "M|L", version, titles?: […]}],
//	     chunks: false, until: "…", untilTime: "2026-…Z", seconds: 300, warnings: [{id, title, message}], save}
//	  At most 10 documents. Without audience 5 minutes at most. chunks true: the codes are
//	  parts that a screen shows in turn (kind 2). paper: one code each document where one
//	  does not hold them all, never parts. link is absent where no link holds them all.
//	  With signed, the untilTime of an earlier answer, it signs and notes nothing and gives
//	  {until, warnings} in the language asked for.
//	  svg is an element <svg …viewBox…> with a quiet zone, of dark on white.
//	wallet.paper {id, base} → {codes: [{svg, text, level, version}]}
//	  One document as its issuer prints it, with its live status and without a presentation:
//	  good on paper for as long as the document is. Empty where one code does not hold it.
//
// # Keep up
//
//	wallet.refresh {jitter?: 2000} → {fresh: 2, ended: true (one is not valid any more), outcomes: [{id, title, outcome: "fresh|unchecked|none|bad|unavailable", word}], save?}
//	  Asks issuers in random order with random pauses (milliseconds at most); refused within
//	  ten minutes of showing (code wb_refresh_soon): an issuer must not learn of it. Other
//	  calls are answered while this one, offer, take, tell and collect wait for the network;
//	  their saves are written in the order of the answers.
//	wallet.remove {id} → {removed: Card, save}
//
// # Backup and restore
//
//	wallet.backup {words, paper?: false, base?} → {file: "base64", name: "passport-wallet-2026-11-22.age", save}
//	  or, with paper, {codes: [{svg, text, n, of}], left: [title…], save}
//	  words must open the key that they sealed: who cannot say them has no backup.
//	  "passport wallet restore" opens the file too.
//	wallet.restore {file?: "base64", texts?: […], words, key: "handle", acceptOlder?, replace?, pin?}
//	  → {did, count, jwk: {kty,crv,x,y,d}, save}
//	  The page imports jwk not extractable under the handle and forgets it; with pin there
//	  is no jwk, and the key is sealed with it. Refusals: wb_words_wrong (error.unknown: places of words of
//	  no list), wb_damaged, wb_older (repeat with acceptOlder), wb_other (another wallet
//	  with documents is open; repeat with replace), wb_parts (error.missing: numbers of codes
//	  that are missing, error.of), wb_not_backup.

// walletSession is the wallet that is open, and the offer that is being taken.
type walletSession struct {
	cost int // work factor of scrypt; zero is sealCost
	open *opened
	deal *deal
}

// opened is a wallet in memory with what its page keeps beside it.
type opened struct {
	*wallet.Wallet
	kept   kept
	stored uint64 // counter of the state that the page has
	keyOK  bool
}

// purse is the engine as one call of the wallet sees it.
type purse struct {
	*Engine
	here *time.Location // of the person's clock, nil for UTC
}

// request is what every call may bear.
type request struct {
	Lang string `json:"lang"`
	Zone zone   `json:"zone"`
}

func (r request) here() *time.Location { return r.Zone.here() }

// reads gives a call its input as a struct. Members that it does not know are
// refused, so that a page's slip of the pen is found.
func reads[T interface{ here() *time.Location }](do func(p purse, ctx context.Context, lang string, in T) (any, error)) call {
	return func(e *Engine, ctx context.Context, data []byte) (any, error) {
		var in T
		if err := strictjson.UnmarshalKnown(data, &in); err != nil {
			return nil, refuse("wb_request").because(err)
		}
		out, err := do(purse{e, in.here()}, ctx, spoken(data), in)
		return out, walletRefusal(err)
	}
}

// walletCalls are the calls of the wallet, by their names. What ends with an error
// has changed nothing that wallet.load with the stored state does not undo.
var walletCalls = map[string]call{
	"wallet.create":     reads(purse.create),
	"wallet.words":      reads(purse.words),
	"wallet.checkWords": reads(purse.checkWords),
	"wallet.sealKey":    reads(purse.sealKey),
	"wallet.load":       reads(purse.load),
	"wallet.state":      reads(purse.state),
	"wallet.list":       reads(purse.list),
	"wallet.view":       reads(purse.view),
	"wallet.history":    reads(purse.history),
	"wallet.forget":     reads(purse.forget),
	"wallet.progress":   reads(purse.progress),
	"wallet.offer":      reads(purse.offer),
	"wallet.take":       reads(purse.take),
	"wallet.tell":       reads(purse.tell),
	"wallet.collect":    reads(purse.collect),
	"wallet.import":     reads(purse.importAll),
	"wallet.present":    reads(purse.present),
	"wallet.paper":      reads(purse.paper),
	"wallet.refresh":    reads(purse.refresh),
	"wallet.remove":     reads(purse.remove),
	"wallet.backup":     reads(purse.backup),
	"wallet.restore":    reads(purse.restore),
}
