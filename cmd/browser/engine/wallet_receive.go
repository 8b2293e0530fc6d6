package engine

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
	"github.com/employment-passport/passport/wallet"
)

// deal is an offer on its way: what the person said yes to, and what was handed
// over and not yet answered for.
type deal struct {
	invitation *wallet.Invitation
	handed     []handedOver
}

// handedOver is told to its issuer once it is stored.
type handedOver struct {
	*wallet.Handed
	kept bool
}

type offerIn struct {
	request
	Link string `json:"link"`
	Host string `json:"host"`
}

type offerOut struct {
	Host       string   `json:"host"`
	Name       string   `json:"name,omitempty"`
	Titles     []string `json:"titles,omitempty"`
	NeedsCode  bool     `json:"needsCode"`
	CodeLength int      `json:"codeLength,omitempty"`
	Letters    bool     `json:"letters,omitempty"` // in the code, not digits alone
	Hint       string   `json:"hint,omitempty"`
}

// offer reads a link and says whose it is; with the host that the person has said
// yes to, it asks that host and no other what is offered.
func (p purse) offer(ctx context.Context, lang string, in offerIn) (any, error) {
	link, err := wallet.ReadOffer(in.Link)
	switch {
	case errors.Is(err, wallet.ErrNotOffer) && cutOff(in.Link):
		return nil, refuse("wb_offer_cut").because(err)
	case err != nil:
		return nil, err
	}
	if in.Host == "" {
		return map[string]string{"host": link.Host}, nil
	}
	if in.Host != link.Host {
		return nil, wallet.ErrOtherHost
	}
	o, err := p.signing()
	if err != nil {
		return nil, err
	}
	i, err := link.Open(ctx, net{p.Engine})
	if err != nil {
		return nil, err
	}
	if err := p.still(o); err != nil {
		return nil, err
	}
	p.wallet.deal = &deal{invitation: i}
	out := offerOut{Host: i.Host, Name: i18n.OneLine(i.Name), NeedsCode: i.NeedsCode, CodeLength: i.CodeLength, Letters: i.CodeLetters, Hint: i18n.OneLine(i.CodeHint)}
	for _, t := range i.Titles {
		out.Titles = append(out.Titles, kindOf(lang, i18n.OneLine(t)))
	}
	return out, nil
}

// still holds a wallet against the one that is open now: another call may have
// come in between while the network was waited for.
func (p purse) still(o *opened) error {
	if p.wallet.open != o {
		return refuse("wb_stopped")
	}
	return nil
}

// anew gives the same wallet as it is open now. The page may have loaded it anew
// meanwhile, and what an issuer hands over but once has to be kept in that.
func (p purse) anew(o *opened) (*opened, error) {
	if now := p.wallet.open; now != nil && now.ID() == o.ID() {
		return now, nil
	}
	return nil, refuse("wb_stopped")
}

type keptLine struct {
	Card card `json:"card"`
	New  bool `json:"new"`
}

type receivedOut struct {
	Kept    []keptLine  `json:"kept"`
	Refused []told      `json:"refused"`
	Later   []laterLine `json:"later,omitempty"`   // take
	Waiting []laterLine `json:"waiting,omitempty"` // collect
	Never   []laterLine `json:"never,omitempty"`   // collect
	Save    *saved      `json:"save,omitempty"`
}

func newReceived() *receivedOut { return &receivedOut{Kept: []keptLine{}, Refused: []told{}} }

// refuses notes what was not kept.
func (r *receivedOut) refuses(lang string, err error) {
	why := refusalOf(walletRefusal(err))
	r.Refused = append(r.Refused, tell(lang, why.Code, why.Args))
}

type takeIn struct {
	request
	Code string `json:"code"`
}

// take redeems the offer that was opened. A refusal on the way keeps nothing back
// of what came before it.
func (p purse) take(ctx context.Context, lang string, in takeIn) (any, error) {
	o, err := p.signing()
	if err != nil {
		return nil, err
	}
	d := p.wallet.deal
	if d == nil || d.invitation == nil {
		return nil, refuse("wb_request")
	}
	code, err := typedCode(d.invitation, in.Code)
	if err != nil {
		return nil, err
	}
	handed, err := d.invitation.Take(ctx, o.Wallet, net{p.Engine}, code, p.host.Now())
	o, gone := p.anew(o)
	if gone != nil {
		return nil, gone
	}
	var refused *wallet.IssuerError
	switch {
	case handed != nil:
	case errors.As(err, &refused) && refused.Code == oid4vci.CodeInvalidGrant && !d.invitation.NeedsCode:
		return nil, refuse("wb_offer_gone").because(err) // no code of the person can be at fault
	default:
		return nil, err
	}
	d.invitation, p.wallet.deal = nil, d
	out := newReceived()
	if err != nil {
		out.refuses(lang, err)
	}
	p.keepHanded(ctx, lang, o, d, handed, out)
	if err := o.Await(handed.Later...); err != nil {
		out.refuses(lang, err)
	}
	for _, l := range handed.Later {
		out.Later = append(out.Later, lineOf(l))
	}
	out.Save, err = o.save()
	return out, err
}

// cutOff: a link of an offer that lacks its end.
func cutOff(link string) bool {
	link = strings.TrimSpace(link)
	return intake.KindOf(link) == intake.KindOffer && !strings.HasSuffix(link, "}") && !strings.HasSuffix(strings.ToUpper(link), "%7D")
}

// typedCode is an offer's code without what people put between its digits: nothing is
// sent for one that cannot be right. One with letters may have other signs too
// (OpenID4VCI 1.0, section 4.1.1), which go only where it fits without them and not with.
func typedCode(i *wallet.Invitation, text string) (string, error) {
	typed, refusal := strings.TrimSpace(text), "wb_offer_letters"
	code := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || i.CodeLetters && unicode.IsLetter(r) {
			return r
		}
		return -1
	}, typed)
	fits := func(code string) bool { return i.CodeLength > 0 && utf8.RuneCountInString(code) == i.CodeLength }
	switch {
	case !i.CodeLetters:
		code, refusal = plainLetters(code), "wb_offer_digits" // digits of another script
	case fits(typed) || !fits(code):
		code = typed
	}
	if i.CodeLength > 0 && typed != "" && !fits(code) {
		return "", refuse(refusal, "count", strconv.Itoa(i.CodeLength))
	}
	return code, nil
}

// keepHanded judges what was handed over, each for itself: nothing that is bad
// costs the others.
func (p purse) keepHanded(ctx context.Context, lang string, o *opened, d *deal, handed *wallet.Handed, out *receivedOut) {
	before := len(out.Refused)
	for _, token := range handed.Tokens {
		if err := p.keepTokens(ctx, lang, o, []string{token}, out); err != nil {
			out.refuses(lang, err)
		}
	}
	d.handed = append(d.handed, handedOver{handed, len(out.Refused) == before})
}

// keepTokens keeps all of the tokens or none.
func (p purse) keepTokens(ctx context.Context, lang string, o *opened, tokens []string, out *receivedOut) error {
	judge, err := p.judge(p.doubted)
	if err != nil {
		return err
	}
	parcel, err := wallet.Receive(ctx, tokens, judge, p.host.Now())
	if err != nil {
		return err
	}
	all, err := o.Keep(parcel)
	if err != nil {
		return err
	}
	o.kept.Backup.came(all)
	for _, k := range all {
		r, _, err := o.Recheck(ctx, k.Hash, judge, p.host.Now())
		if err != nil {
			return err
		}
		out.Kept = append(out.Kept, keptLine{Card: p.card(lang, o, k.Held, r), New: k.New})
	}
	return nil
}

// tell lets issuers know what became of what they handed over, once it is stored.
func (p purse) tell(ctx context.Context, _ string, _ request) (any, error) {
	d := p.wallet.deal
	if d == nil {
		return map[string]bool{"told": true}, nil
	}
	handed := d.handed
	d.handed = nil
	told := true
	for _, h := range handed {
		told = h.Tell(ctx, net{p.Engine}, h.kept) == nil && told
	}
	return map[string]bool{"told": told}, nil
}

// collected is what an issuer handed over for what was awaited.
type collected struct {
	of     wallet.Later
	handed *wallet.Handed
}

// collect asks for everything that issuers had yet to approve. Nothing is kept
// before all have answered: by then the wallet may have been loaded anew.
func (p purse) collect(ctx context.Context, lang string, _ request) (any, error) {
	o, err := p.signing()
	if err != nil {
		return nil, err
	}
	out := newReceived()
	var came []collected
	var done []wallet.Later
	for _, l := range o.Awaited() {
		if p.rested(o) != nil { // somebody shows something, and its issuer need not know
			out.Waiting = append(out.Waiting, lineOf(l))
			continue
		}
		handed, err := l.Collect(ctx, o.Wallet, net{p.Engine}, p.host.Now())
		var gone error
		if o, gone = p.anew(o); gone != nil {
			return nil, gone
		}
		var refused *wallet.IssuerError
		switch {
		case errors.Is(err, wallet.ErrNotYet):
			out.Waiting = append(out.Waiting, lineOf(l))
			continue
		case errors.As(err, &refused) && refused.Final():
			out.Never = append(out.Never, lineOf(l))
		case err != nil:
			out.Waiting = append(out.Waiting, lineOf(l))
			out.refuses(lang, err)
			continue
		default:
			came = append(came, collected{l, handed})
		}
		done = append(done, l)
	}
	if len(done) == 0 {
		return out, nil
	}
	if p.wallet.deal == nil {
		p.wallet.deal = &deal{}
	}
	for _, c := range came {
		before := len(out.Refused)
		p.keepHanded(ctx, lang, o, p.wallet.deal, c.handed, out)
		if len(out.Refused) > before { // the issuer is not asked for it again
			out.Never = append(out.Never, lineOf(c.of))
		}
	}
	o.Collected(done...)
	out.Save, err = o.save()
	return out, err
}

type importIn struct {
	request
	input
}

// noText: what was pasted is nothing that a wallet takes.
var noText = []string{"verify_unreadable", "verify_empty_file", "qr_foreign", "qr_backup"}

// importAll keeps what codes, files and fields held: all of it or none.
func (p purse) importAll(ctx context.Context, lang string, in importIn) (any, error) {
	o, err := p.opened()
	if err != nil {
		return nil, err
	}
	out := newReceived()
	taken, unread := in.take(p.bundle)
	switch {
	case unread == nil:
	case in.Text != "" && slices.Contains(noText, unread.Code):
		out.refuses(lang, refuse("wb_text"))
		return out, nil
	default:
		out.refuses(lang, unread)
		return out, nil
	}
	for _, c := range taken.Told {
		if c.Code == verifier.CodeShownOther {
			out.Refused = append(out.Refused, told{Code: c.Code, Message: report.Sentence(lang, c)})
		} else { // of a sheet of which not all could be read: here nothing is doubted, it is missing
			out.refuses(lang, refuse("wb_unread"))
		}
	}
	if err := p.keepTokens(ctx, lang, o, taken.Tokens, out); err != nil {
		out.refuses(lang, err)
		return out, nil
	}
	out.Save, err = o.save()
	return out, err
}
