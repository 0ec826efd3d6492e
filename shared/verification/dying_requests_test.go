package verification_test

import (
	"errors"
	"fmt"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/verification"
)

// request is one request, which can be repeated.
type request func() (answer string, err error)

// kind makes a request under a key for the state of the moment. The service keeps the
// answers of keyed kinds.
type kind struct {
	keyed bool
	make  func(key string) request
}

func answered(r realname.Reply, err error) (string, error) {
	return fmt.Sprintf("%d %s", r.Status, r.Body), err
}

func idempotency(key string) *realname.Idempotency {
	return &realname.Idempotency{Key: key, Fingerprint: key}
}

func (w *world) submission(session, key string) verification.SubmitRequest {
	return verification.SubmitRequest{
		Caller: w.Caller(), SessionID: session, Idempotency: idempotency(key),
		Render: func(_ realname.Session, err error) realname.Reply {
			r := domaintest.Render(err)
			r.Body = []byte(realname.CodeOf(err))
			return r
		},
	}
}

// kinds returns every kind of request, and what happens without one.
func (w *world) kinds() map[string]kind {
	all := map[string]kind{
		"repair": w.event(func() error {
			w.Advance(2 * time.Second)
			_, err := w.Repair(w.Context())
			return err
		}),
		"the workflow": w.event(w.goesOn),
		"lost tokens": w.event(func() error {
			w.losesTokens()
			return nil
		}),
		"a minute": w.event(func() error {
			w.Advance(time.Minute)
			return nil
		}),
		"a step's time": w.event(func() error {
			w.Advance(w.Limits.StepTimeout)
			return nil
		}),
		"methods": w.event(func() error {
			_, err := w.MethodsPage(w.Context(), w.Caller())
			return err
		}),
	}
	for _, some := range []map[string]kind{w.sessionKinds(), w.stepKinds(), w.bankKinds(), w.cardKinds()} {
		for name, k := range some {
			all[name] = k
		}
	}
	return all
}

func (w *world) event(do func() error) kind {
	return kind{make: func(string) request { return func() (string, error) { return "", do() } }}
}

// of makes requests to the account's latest session of the method.
func (w *world) of(m realname.Method, keyed bool, do func(session, key string) (string, error)) kind {
	return kind{keyed, func(key string) request {
		session := w.latest(m)
		return func() (string, error) { return do(session, key) }
	}}
}

func (w *world) sessionKinds() map[string]kind {
	kinds := map[string]kind{}
	for _, m := range realname.Methods() {
		kinds["start "+string(m)] = kind{true, func(key string) request {
			return func() (string, error) {
				return answered(w.Verification.Start(w.Context(), verification.StartRequest{
					Caller: w.Caller(), Method: m, ConsentVersion: w.Recipients.ConsentVersion(m),
					Idempotency: idempotency(key),
					Render:      func(s realname.Session) realname.Reply { return realname.Reply{Status: 201, Body: []byte(s.ID)} },
				}))
			}
		}}
		kinds["cancel "+string(m)] = w.of(m, false, func(session, _ string) (string, error) {
			s, err := w.Cancel(w.Context(), w.Caller(), session)
			return string(s.Closed), err
		})
	}
	legal := realname.LegalRepresentative
	kinds["staff cancel"] = w.of(legal, false, func(session, _ string) (string, error) {
		s, err := w.CancelByOperator(w.Context(), session)
		return string(s.Closed), err
	})
	kinds["extend"] = w.of(legal, false, func(session, _ string) (string, error) {
		_, err := w.Extend(w.Context(), w.Caller(), session)
		return "", err
	})
	kinds["read"] = w.of(legal, false, func(session, _ string) (string, error) {
		_, err := w.Session(w.Context(), w.Caller(), session)
		return "", err
	})
	return kinds
}

func (w *world) stepKinds() map[string]kind {
	legal := realname.LegalRepresentative
	enterprise := w.of(legal, true, func(session, key string) (string, error) {
		return answered(w.SubmitEnterprise(w.Context(), w.submission(session, key), domaintest.EnterpriseAnswer))
	})
	person := func(a verification.IdentityAnswer) kind {
		return w.of(legal, true, func(session, key string) (string, error) {
			return answered(w.SubmitLegalRepresentative(w.Context(), w.submission(session, key), a))
		})
	}
	byID := byIDCard("20200101", "20400101")
	account := w.of(legal, true, func(session, key string) (string, error) {
		return answered(w.SubmitAccountHolder(w.Context(), w.submission(session, key), holder, byID))
	})
	code := w.of(legal, true, func(session, key string) (string, error) {
		return answered(w.Verification.SendCode(w.Context(), verification.CodeRequest{
			Caller: w.Caller(), SessionID: session, Step: realname.StepLegalRepresentative,
			Mobile: mobile, BankCardNumber: cardNumber, Idempotency: idempotency(key),
			Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
		}))
	})
	return map[string]kind{
		"enterprise": enterprise, "wrong enterprise": enterprise, "code": code,
		"legal": person(byID), "wrong legal": person(byID), "by bank card": person(byBankCard("123456")),
		"wrong bank card": person(byBankCard("123456")), "wrong code": person(byBankCard("000000")),
		"holder": account, "wrong holder": account,
	}
}

func (w *world) bankKinds() map[string]kind {
	choose := func(code string) kind {
		return w.of(realname.BankUKey, true, func(session, key string) (string, error) {
			return answered(w.ChooseBank(w.Context(), w.submission(session, key), realname.BankName{Code: code},
				func(_ realname.Session, r realname.BankRequest) (realname.Reply, error) {
					w.request = r.ID
					return realname.Reply{Status: 200, Body: []byte(r.ID)}, nil
				}))
		})
	}
	answers := func(callback func(request, nonce string) verification.BankCallback) kind {
		return kind{make: func(key string) request {
			to := w.request
			return func() (string, error) { return "", w.AnswerBank(w.Context(), callback(to, key)) }
		}}
	}
	return map[string]kind{
		"choose CCB": choose("CCB"), "choose ICBC": choose("ICBC"), "bank passes": answers(pass),
		"bank refuses": answers(func(request, nonce string) verification.BankCallback {
			return fail(request, nonce, realname.BankNotCorporate)
		}),
		"bank names another": answers(func(request, nonce string) verification.BankCallback {
			c := pass(request, nonce)
			c.Answer.Name = "another"
			return c
		}),
	}
}

func (w *world) cardKinds() map[string]kind {
	challenge := func(bind bool) kind {
		return w.of(realname.ICCard, true, func(session, key string) (string, error) {
			if bind {
				session = ""
			}
			return answered(w.NewCardChallenge(w.Context(), verification.ChallengeRequest{
				Caller: w.Caller(), SessionID: session, Idempotency: idempotency(key),
				Render: func(c string, _ time.Time) realname.Reply {
					w.challenges[session] = c
					return realname.Reply{Status: 201, Body: []byte(c)}
				},
			}))
		})
	}
	shows := kind{true, func(key string) request {
		session := w.latest(realname.ICCard)
		answer := cardAnswer(w.challenges[session], "one")
		return func() (string, error) {
			return answered(w.SubmitCard(w.Context(), w.submission(session, key), answer))
		}
	}}
	binds := func(certificate string) kind {
		return kind{make: func(string) request {
			answer := cardAnswer(w.challenges[""], certificate)
			return func() (string, error) {
				_, err := w.BindCard(w.Context(), w.Caller(), answer)
				return "", err
			}
		}}
	}
	return map[string]kind{
		"challenge": challenge(false), "challenge to bind": challenge(true), "card": shows, "wrong card": shows,
		"bind": binds("one"), "bind another": binds("two"), "wrong bind": binds("one"),
		"unbind": w.event(func() error { return w.UnbindCard(w.Context(), w.Caller()) }),
	}
}

// refused reports whether a request was answered: by its success, or by a refusal.
func refused(err error) bool {
	var e *realname.Error
	return err == nil || errors.As(err, &e)
}

// fitting names the kinds of requests that fit the account's sessions, and what may go
// wrong with the workflow.
func (w *world) fitting() []string {
	fits := []string{"repair", "the workflow", "lost tokens", "a minute"}
	of := map[realname.StepName][]string{
		realname.StepEnterprise: {"enterprise", "wrong enterprise"},
		realname.StepLegalRepresentative: {
			"legal", "wrong legal", "code", "by bank card", "wrong bank card", "wrong code",
		},
		realname.StepAccountHolder: {"holder", "wrong holder"},
		realname.StepBank:          {"choose CCB", "bank passes", "bank refuses"},
		realname.StepCard:          {"challenge", "card", "wrong card"},
	}
	for _, m := range realname.Methods() {
		view, err := store.New(w.Table).LoadSession(w.Context(), realname.SessionQuery{SessionID: w.latest(m)})
		if err != nil {
			w.Fatal(err)
		}
		step, open := view.Session.Current()
		if !view.Session.Live() || !open {
			fits = append(fits, "start "+string(m))
			continue
		}
		fits = append(fits, of[step.Name]...)
		fits = append(fits, "cancel "+string(m))
	}
	return fits
}
