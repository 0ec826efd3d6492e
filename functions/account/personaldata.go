package account

import (
	"net/http"
	"slices"
	"time"

	"realname/api"
	"realname/shared/accounts"
	"realname/shared/httpapi"
	"realname/shared/mask"
	"realname/shared/realname"
)

// personalData shows what the service holds about the account's holder.
func (p Ports) personalData(w http.ResponseWriter, r *http.Request) error {
	page, err := httpapi.PageOf(r, p.Accounts.Sealer, "personal-data")
	if err != nil {
		return err
	}
	data, next, err := p.Accounts.PersonalData(r.Context(), page.Caller, page.Limit, page.From)
	if err != nil {
		return err
	}
	out, err := p.personalDataView(httpapi.Language(r), data)
	if err != nil {
		return err
	}
	if out.Next, err = page.Next(next); err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, out)
}

func (p Ports) personalDataView(lang httpapi.Texts, d accounts.PersonalData) (api.PersonalData, error) {
	// The account page shows the same facts; this page leaves out those of other people.
	page, err := p.view(d.Account, d.Enterprise)
	if err != nil {
		return api.PersonalData{}, err
	}
	now := p.Accounts.Now()
	out := api.PersonalData{
		At: now.UTC(), LoginName: page.LoginName, Role: page.Role, Origin: page.Origin,
		CreatedAt: d.Account.CreatedAt.UTC(), Region: page.Region, Reminders: page.Reminders,
		Enterprise: api.SessionEnterprise{Name: page.Enterprise.Name, Uscc: page.Enterprise.Uscc},
		Mobile:     page.Mobile, Email: page.Email, PendingEmail: page.PendingEmail, Verification: page.Aspects.Holder,
		Devices: []api.KnownDevice{}, Retention: []api.Keeping{}, Records: []api.PersonalRecord{},
		Consent: api.ConsentState{Given: d.Consents, WithdrawnAt: at(d.Account.ConsentWithdrawn)},
		Erasure: api.ErasureState{Days: int(p.Accounts.Limits.ErasureAnswer / (24 * time.Hour))},
	}
	if page.Administrator.IdNumber != "" {
		out.Holder = &page.Administrator
	}
	if c := d.Card; c.ID != "" {
		out.Card = &api.BoundCard{
			CertificateNumber: mask.ID(c.Number), Issuer: c.Issuer, Algorithm: api.BoundCardAlgorithm(c.Algorithm),
			ValidFrom: c.ValidFrom.UTC(), ValidTo: c.ValidTo.UTC(), BoundAt: c.BoundAt.UTC(),
		}
	}
	for _, device := range slices.Backward(d.Account.Devices) {
		out.Devices = append(out.Devices, api.KnownDevice{
			Browser: httpapi.Optional(device.Browser), System: httpapi.Optional(device.System),
			FirstAt: device.FirstAt.UTC(), LastAt: device.UsedAt.UTC(),
		})
	}
	for _, k := range p.Accounts.Keepings() {
		out.Retention = append(out.Retention, keeping(k))
	}
	for _, record := range d.Records {
		out.Records = append(out.Records, recordView(lang, record, now))
	}
	if !d.Account.Erasure.AskedAt.IsZero() {
		request, err := p.erasureView(d.Account.ID, d.Account.Erasure)
		if err != nil {
			return out, err
		}
		out.Erasure.Request = &request
	}
	return out, nil
}

func keeping(k accounts.Keeping) api.Keeping {
	v := api.Keeping{Kind: api.KeepingKind(k.Kind), From: api.KeepingFrom(k.From)}
	if k.Life > 0 {
		seconds := int64(k.Life / time.Second)
		v.Seconds = &seconds
	}
	return v
}

func recordView(lang httpapi.Texts, r accounts.Record, now time.Time) api.PersonalRecord {
	s := r.Session
	v := api.PersonalRecord{
		SessionId: s.ID, Method: api.Method(s.Method), Status: api.SessionStatus(s.Status(now)),
		CreatedAt: s.CreatedAt.UTC(), ClosedAt: at(s.ClosedAt),
		ConsentVersion: s.Consent.Version, ConsentAt: s.Consent.AcceptedAt.UTC(), Disclosures: []api.Disclosure{},
	}
	for _, d := range r.Disclosures {
		name, _ := lang.Recipient(realname.Recipient{Check: d.Check, Provider: d.Provider})
		v.Disclosures = append(v.Disclosures, api.Disclosure{
			At: d.At.UTC(), Provider: d.Provider, ProviderName: name, Check: api.DisclosureCheck(d.Check),
			Data: disclosed(d.Check), RequestId: httpapi.Optional(d.RequestID),
		})
	}
	return v
}

// disclosed lists the holder's data that a check sends to its provider.
func disclosed(check realname.CheckName) []api.DisclosedData {
	switch check {
	case realname.IDCardCheck:
		return []api.DisclosedData{api.DisclosedDataName, api.DisclosedDataIdNumber, api.DisclosedDataIdValidity}
	case realname.BankCardCheck:
		return []api.DisclosedData{
			api.DisclosedDataName, api.DisclosedDataIdNumber, api.DisclosedDataBankCardNumber, api.DisclosedDataMobile,
		}
	}
	return []api.DisclosedData{api.DisclosedDataMobile, api.DisclosedDataBankCardTail}
}

// at returns an optional time of a response; nil for the zero time.
func at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (p Ports) withdrawConsent(w http.ResponseWriter, r *http.Request) error {
	caller, idem, err := httpapi.Keyed(r, p.Accounts.Sealer, nil)
	if err != nil {
		return err
	}
	reply, err := p.Accounts.WithdrawConsent(r.Context(), accounts.ConsentWithdrawal{
		Caller: caller, Idempotency: idem,
		Render: func(when time.Time, canceled []string) realname.Reply {
			return httpapi.ReplyJSON(http.StatusOK, api.ConsentWithdrawal{
				WithdrawnAt: at(when), Canceled: append([]string{}, canceled...),
			})
		},
	})
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}

func (p Ports) requestErasure(w http.ResponseWriter, r *http.Request) error {
	var in api.ErasureAsked
	caller, idem, err := httpapi.Keyed(r, p.Accounts.Sealer, &in)
	if err != nil {
		return err
	}
	reply, err := p.Accounts.RequestErasure(r.Context(), accounts.ErasureRequest{
		Caller: caller, CurrentPassword: in.CurrentPassword, Idempotency: idem,
		Render: func(e realname.ErasureRequest) realname.Reply {
			return httpapi.ReplyJSON(http.StatusCreated, askedView(e))
		},
	})
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}

func askedView(e realname.ErasureRequest) api.ErasureRequest {
	return api.ErasureRequest{State: api.ErasureRequestStateAsked, AskedAt: e.AskedAt.UTC(), DueAt: e.DueAt.UTC()}
}

// erasureView also opens the reason of a refusal.
func (p Ports) erasureView(accountID string, e realname.ErasureRequest) (api.ErasureRequest, error) {
	v := askedView(e)
	if e.Open() {
		return v, nil
	}
	reason, err := p.Accounts.Sealer.Open(e.Reason, realname.AccountItem(accountID), realname.FieldErasureReason)
	text := string(reason)
	v.State, v.RefusedAt, v.Reason = api.ErasureRequestStateRefused, at(e.RefusedAt), &text
	return v, err
}
