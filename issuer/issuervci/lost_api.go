package issuervci

import (
	"context"
	"net/http"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerhttp"
)

// lostBody is the statement that a person has lost their copies. No member of it
// takes a paper or a token: what was issued is named by its id, and who asks for
// it is known by the identity document that was seen.
type lostBody struct {
	Issuer      string        `json:"issuer"`
	Credentials []string      `json:"credentials"`
	Seen        issuer.SeenID `json:"seen"`
	To          string        `json:"to"`   // "paper" or "wallet"
	Life        string        `json:"life"` // of offers, as "1h"
}

// lostAnswer tells what became of it.
type lostAnswer struct {
	Renewed   []renewedView `json:"renewed"`   // to paper
	Proposals []string      `json:"proposals"` // ids, where somebody else must approve
	Offers    []*Made       `json:"offers"`    // to a wallet: one, or none where there are only composites
	Again     []string      `json:"again"`     // ids of composites, to be made once their pieces are there
}

type renewedView struct {
	Old            string `json:"old"`
	ID             string `json:"id,omitempty"`
	DocumentNumber string `json:"documentNumber,omitempty"`
	Token          string `json:"token,omitempty"`
	Kept           bool   `json:"kept,omitempty"` // had been made before
	Code           string `json:"code,omitempty"` // why there is none
}

// lost makes anew what a person has lost, in one act. Repeating it makes no
// second copy; offers that nobody took are ended by the next ones.
func (s *Service) lost(w http.ResponseWriter, r *http.Request) {
	var q lostBody
	if err := httpkit.ReadJSON(w, r, maxOffer, &q); err != nil {
		issuerhttp.WriteError(w, r, err)
		return
	}
	p, ok := access.From(r.Context())
	if !ok {
		issuerhttp.WriteError(w, r, access.ErrUnauthenticated)
		return
	}
	err := p.MayReplace(q.Issuer)
	answer := lostAnswer{Renewed: []renewedView{}, Proposals: []string{}, Offers: []*Made{}, Again: []string{}}
	l := issuer.Lost{Issuer: q.Issuer, Credentials: q.Credentials, Seen: q.Seen}
	ctx := context.WithoutCancel(r.Context()) // once begun it is carried through
	switch {
	case err != nil:
	case q.To == "wallet":
		err = s.lostToWallet(ctx, p, l, q.Life, &answer)
	case q.To == "paper":
		err = s.lostToPaper(ctx, p, l, &answer)
	default:
		err = &issuer.Error{Code: "lost_to", Args: map[string]string{"to": q.To}}
	}
	if err != nil {
		issuerhttp.WriteError(w, r, err)
		return
	}
	write(w, http.StatusOK, answer)
}

func (s *Service) lostToWallet(ctx context.Context, p access.Principal, l issuer.Lost, life string, answer *lostAnswer) error {
	lives := LostLife
	if life != "" {
		var err error
		if lives, err = parseLife(life); err != nil {
			return err
		}
	}
	made, err := s.offers.OfferLost(ctx, p.Actor, l, lives)
	if err != nil {
		return err
	}
	if answer.Again = made.Again; made.Offer != nil {
		answer.Offers = append(answer.Offers, made.Offer)
	}
	return nil
}

func (s *Service) lostToPaper(ctx context.Context, p access.Principal, l issuer.Lost, answer *lostAnswer) error {
	done, err := s.access.ReissueLost(ctx, p, l)
	if err != nil {
		return err
	}
	for _, o := range done.Proposals {
		answer.Proposals = append(answer.Proposals, o.ID)
	}
	for _, m := range done.Renewed {
		v := renewedView{Old: m.Old, Kept: m.Kept}
		if m.New != nil {
			v.ID, v.DocumentNumber, v.Token = m.New.ID, m.New.DocumentNumber, m.New.Token
		}
		if m.Why != nil {
			v.Code = m.Why.Code
			answer.Again = append(answer.Again, m.Old)
		}
		answer.Renewed = append(answer.Renewed, v)
	}
	return nil
}
