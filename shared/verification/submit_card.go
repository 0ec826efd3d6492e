package verification

import (
	"context"
	"slices"
	"strings"
	"time"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// CardAnswer is the answer of a card and its client control to a challenge.
type CardAnswer struct {
	Challenge   string // as issued
	Certificate string // the signing certificate: DER in base64, without the PEM header and footer
	Signature   string // in base64
}

// readCard is a card's answer, decoded.
type readCard struct {
	challenge   string
	der, sig    []byte
	certificate realname.CardCertificate
}

func (v *Verification) read(a CardAnswer) (readCard, error) {
	var f realname.Fields
	r := readCard{challenge: strings.TrimSpace(a.Challenge)}
	if r.challenge == "" {
		f.Add("/challenge", "challenge", "empty")
	}
	r.der = f.Base64("/certificate", "certificate", a.Certificate)
	r.sig = f.Base64("/signature", "signature", a.Signature)
	if err := f.Err(); err != nil {
		return r, err
	}
	var err error
	r.certificate, err = v.Cards.ReadCard(r.der)
	return r, err
}

// SubmitCard checks the card's answer (R6). If the card passes, SubmitCard binds it
// to the account.
//
// The transaction that refuses a card uses up the challenge, so that only one signature is
// judged for each challenge. A pass needs no such write: it ends the step, and the challenge
// is for that step only. An answer that cannot be decided (a malformed field, an unavailable
// revocation list) does not use it up either.
//
// Closing the session revokes the caller's token (R6: 重新登录才能生效), so the caller
// cannot ask for the result afterwards. SubmitCard therefore answers a pass only
// after the workflow has closed the session. If that takes longer than openWait, it
// answers with the session in state Processing.
// Errors: CodeInvalidRequest with fields; those of submit; those of
// CardChallenge.Answerable; CodeCRLStale, CodeCRLUnavailable.
func (v *Verification) SubmitCard(ctx context.Context, r SubmitRequest, a CardAnswer) (realname.Reply, error) {
	card, err := v.read(a)
	if err != nil {
		return realname.Reply{}, err
	}
	r.card = &realname.CardKeys{Challenge: hashChallenge(card.challenge), CardID: card.certificate.ID}
	return v.submit(ctx, r, realname.StepCard, "", func(ctx context.Context, sub *submission) (decision, error) {
		return v.checkCard(ctx, sub.view, card)
	})
}

func (v *Verification) checkCard(ctx context.Context, view realname.SessionView, card readCard) (decision, error) {
	d := decision{event: realname.StepDecided{Step: realname.StepCard}}
	now := v.Now()
	if err := view.Card.Challenge.Answerable(view.Account.ID, view.Session.ID, now); err != nil {
		return d, err
	}
	result, err := v.Cards.CheckCard(ctx, realname.CardQuery{
		Certificate: card.der, Challenge: card.challenge, Signature: card.sig,
		Enterprise: realname.CardEnterprise{
			USCC: view.Account.USCC, OrgCode: idcode.OrgCodeOf(view.Account.USCC),
			Name: view.Session.Enterprise.Name, Changed: view.Session.Ground.Enterprise > 0,
		},
	})
	if err != nil {
		return d, err
	}
	d.event.Evidence = result.Evidence
	if result.Refusal == "" {
		if result.Refusal, err = v.boundElsewhere(ctx, view.Card.Owner, view.Account); err != nil {
			return d, err
		}
	}
	if result.Refusal != "" {
		used := *view.Card.Challenge
		used.UsedAt = now
		d.card = cardWrites{challenge: &used}
		d.event.Charged = realname.CardCharged(result.Refusal)
		return d.refuse(result.Refusal), nil
	}
	d.event.Passed, d.event.Hints, d.awaitClosed = true, []realname.Hint{realname.HintLoginAgain}, true
	return d, v.bind(ctx, &d.card, view.Account, view.Card, card.certificate, now)
}

// cardWrites are the records to write with the decision about a card.
type cardWrites struct {
	challenge *realname.CardChallenge
	bound     *realname.BoundCard
	owners    []realname.CardOwner
	audit     []realname.AuditEntry
}

func (w cardWrites) addTo(c *realname.Change) {
	c.Add(realname.Optional(w.challenge), realname.Optional(w.bound))
	for _, o := range w.owners {
		c.Add(o)
	}
	c.Audit = append(c.Audit, w.audit...)
}

// bind makes the certificate the account's card, in place of the previous one.
func (v *Verification) bind(
	ctx context.Context, w *cardWrites, a realname.Account, view realname.CardView, c realname.CardCertificate,
	now time.Time,
) error {
	before, owner := view.Bound, view.Owner
	w.owners = []realname.CardOwner{owner.With(a)}
	if before.ID != "" && before.ID != c.ID {
		old, err := v.Store.LoadCardOwner(ctx, before.ID)
		if err != nil {
			return err
		}
		if slices.Contains(old.Accounts, a.ID) {
			w.owners = append(w.owners, old.Without(a.ID))
		}
	}
	w.audit = []realname.AuditEntry{{
		ID: v.NewID(), At: now, USCC: a.USCC, AccountID: a.ID, Action: realname.AuditCardBound,
	}}
	w.bound = &realname.BoundCard{CardCertificate: c, AccountID: a.ID, BoundAt: now, Version: before.Version}
	return nil
}

// closedReply waits at most openWait until the workflow has closed the session, and
// returns the answer with the closed session. If that takes longer or the session
// cannot be read, it returns otherwise: the decision is already stored.
func (v *Verification) closedReply(ctx context.Context, r SubmitRequest, otherwise realname.Reply) realname.Reply {
	reply := otherwise
	_, _ = v.poll(ctx, r.SessionID, func() (bool, error) {
		view, err := v.Store.LoadSession(ctx, realname.SessionQuery{SessionID: r.SessionID})
		if err != nil || view.Session.Live() {
			return false, err
		}
		reply = r.Render(view.Session, nil)
		return true, nil
	})
	return reply
}
