// Package bankreturns receives the browser that returns from a bank and redirects
// it to the result page. It reads only the bank in the path and the request's ID.
// It decides nothing: only the callback does.
package bankreturns

import (
	"net/http"
	"net/url"

	"realname/shared/bank"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/verification"
)

// Ports is what the function needs from outside.
type Ports struct {
	API          httpapi.API
	Verification *verification.Verification
	Banks        bank.Directory
	// ResultPage is the page that shows a session's result: a path of this site or
	// a URL, to which the function adds session and request. If it is empty, the
	// function shows the state on a page of its own.
	ResultPage string
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{"GET /v1/bank-returns/{bank}": p.API.Limited(1, p.returned)})
}

func (p Ports) returned(w http.ResponseWriter, r *http.Request) error {
	_, known, err := p.Banks.Bank(r.Context(), r.PathValue("bank"))
	if err != nil {
		return err
	}
	requestID := r.URL.Query().Get("requestId")
	sessionID, ok := realname.SessionOfBankRequest(requestID)
	if !known || !ok {
		return writePage(w, r, http.StatusNotFound, pageUnknown, realname.BankName{})
	}
	if p.ResultPage != "" {
		reference := url.Values{"session": {sessionID}, "request": {requestID}}
		w.Header().Set("Location", p.ResultPage+"?"+reference.Encode())
		return writePage(w, r, http.StatusSeeOther, pageOnward, realname.BankName{})
	}
	view, err := p.Verification.Store.LoadSession(r.Context(), realname.SessionQuery{SessionID: sessionID, Remark: true})
	if err != nil {
		return err
	}
	request, _, found := view.Session.BankRequest(requestID)
	if !found || request.Bank.Code != r.PathValue("bank") {
		return writePage(w, r, http.StatusNotFound, pageUnknown, realname.BankName{})
	}
	return writePage(w, r, http.StatusOK, p.pageOf(view), request.Bank)
}

// pageOf returns the page for the session's state. It does not reveal the owner.
func (p Ports) pageOf(view realname.SessionView) page {
	switch s := view.Session; s.Status(p.Verification.Now()) {
	case realname.Verified, realname.Processing:
		return pagePassed
	case realname.RequiresInput:
		if s.LastError != nil || view.Remark != nil && view.Remark.At.After(s.ChangedAt) {
			return pageRefused
		}
		return pageWaiting
	}
	return pageOver
}
