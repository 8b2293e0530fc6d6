package issuer

import (
	"context"
	"crypto/sha256"

	"github.com/employment-passport/passport/schema"
)

// CodeNeedsApproval refuses an act of a body with the four-eyes rule that nobody
// but its actor has looked at.
const CodeNeedsApproval = "needs_approval"

type approvedBy struct{}

// Approved returns a context in which what an actor does for a body with the
// four-eyes rule has been approved by somebody else. The audit log names both:
// "user:anna+user:ben" was prepared by anna and approved by ben. Whoever calls it
// has made sure who approves; an actor's own approval counts for nothing.
func Approved(ctx context.Context, by Actor) context.Context {
	return context.WithValue(ctx, approvedBy{}, by)
}

// CodeTemplateChanged refuses what was approved of another template than the one
// that has its name by now.
const CodeTemplateChanged = "template_changed"

type approvedTemplate struct{}

// ApprovedTemplate returns a context in which nothing is signed from a template
// whose file has another SHA-256 than this: what was looked at is what is signed.
func ApprovedTemplate(ctx context.Context, digest [sha256.Size]byte) context.Context {
	return context.WithValue(ctx, approvedTemplate{}, digest)
}

// asApproved holds a template to the digest that the context has.
func asApproved(ctx context.Context, tx Tx, name string) error {
	digest, ok := ctx.Value(approvedTemplate{}).([sha256.Size]byte)
	if !ok {
		return nil
	}
	t, err := tx.Template(name)
	if err == nil && sha256.Sum256(t.Body) != digest {
		err = refuse(CodeTemplateChanged, "template", name)
	}
	return err
}

// jointly names the actor and, where there is one, who approved.
func jointly(ctx context.Context, by Actor) Actor {
	if approver, ok := approver(ctx, by); ok {
		return by + "+" + approver
	}
	return by
}

// approver is somebody else than the actor.
func approver(ctx context.Context, by Actor) (Actor, bool) {
	approver, ok := ctx.Value(approvedBy{}).(Actor)
	return approver, ok && approver != "" && by != "" && approver != by
}

// fourEyes refuses what one person alone wants of a body with the four-eyes
// rule. by is the actor as the caller gave it.
func (a *act) fourEyes(ctx context.Context, by Actor, issuer string) error {
	if _, ok := approver(ctx, by); ok {
		return nil
	}
	r, err := a.Issuer(issuer)
	if err != nil {
		return unknown(err, "issuer_unknown", "issuer", issuer)
	}
	if r.FourEyes {
		return refuse(CodeNeedsApproval, "issuer", issuer)
	}
	return nil
}

// pressing tells whether a revocation may not wait for a second person: a stolen
// copy deceives employers until it is revoked, and a person who has lost theirs
// can be given another one. It is still one named person's act, in the log.
func pressing(r schema.Reason) bool { return r == schema.LostOrCompromised }

// SetFourEyes turns the four-eyes rule of a body on or off. What it is already
// is no act.
func (i *Issuer) SetFourEyes(ctx context.Context, by Actor, name string, on bool) (r IssuerRecord, err error) {
	err = i.update(ctx, by, func(a *act) error {
		if r, err = a.Issuer(name); err != nil {
			return unknown(err, "issuer_unknown", "issuer", name)
		}
		if r.FourEyes == on {
			return nil
		}
		r.FourEyes = on
		if err := a.PutIssuer(r); err != nil {
			return err
		}
		what := "issuer.four-eyes.off"
		if on {
			what = "issuer.four-eyes.on"
		}
		return a.log(what, name, "")
	})
	return r, err
}

// Check tells what Issue and IssueBatch would refuse of the offers, as far as
// that can be known without issuing; for what is prepared today and approved
// later. The error is theirs.
func (i *Issuer) Check(ctx context.Context, offers []Offer) error {
	_, err := i.validate(ctx, offers)
	return err
}

// CheckRaw is Check for IssueRaw.
func (i *Issuer) CheckRaw(ctx context.Context, o RawOffer) error {
	_, err := i.validateRaw(ctx, o)
	return err
}
