package bank

import (
	"net/http"
	"time"

	"realname/shared/bank"
	"realname/shared/httpapi"
	"realname/shared/realname"
)

// Password is the password of the sandbox's UKey.
const Password = "123456"

// wrongPasswords is the number of wrong passwords that locks the UKey.
const wrongPasswords = 3

// shortly is how long the page after the password waits for the service's answer.
const shortly = 2 * time.Second

// view is the data of the page.
type view struct {
	Code    string
	Name    bank.Words
	Stage   string
	English bool
	T       text
	Problem string
	Visit   visit
	Banks   []bank.Bank
	Left    int // remaining attempts of the password
}

// BankName returns the bank's name in the page's language.
func (v view) BankName() string { return v.name(v.Name) }

// NameOf returns a bank's name in the page's language.
func (v view) NameOf(b bank.Bank) string { return v.name(b.Name) }

func (v view) name(w bank.Words) string {
	if v.English {
		return w.English
	}
	return w.Chinese
}

// Certificates, Troubles and their words are the choices of the page.
func (v view) Certificates() []certificate { return certificates() }

func (v view) Troubles() []trouble { return troubles() }

func (v view) CertificateWords(c certificate) string { return v.T.Certificates[c] }

func (v view) TroubleWords(t trouble) string { return v.T.Troubles[t] }

func (v view) ReasonWords() string { return v.T.Reasons[realname.BankReason(v.Visit.Reason)] }

func (v view) Back() string { return v.Visit.Handed.ReturnURL.String() }

func (b *Bank) write(w http.ResponseWriter, r *http.Request, status int, v view) {
	v.English, v.T = httpapi.English(r), chinese()
	if c, err := r.Cookie(languageCookie); err == nil {
		v.English = c.Value == "en"
	}
	if v.English {
		v.T = english()
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = b.pages.ExecuteTemplate(w, "page.html", v) // the browser is gone if it fails
}

// languageCookie stores the language chosen on a page.
const languageCookie = "sandbox-bank-language"

// chooseLanguage stores the language of ?lang= and redirects to the page without it.
func chooseLanguage(w http.ResponseWriter, r *http.Request) (led bool) {
	lang := r.URL.Query().Get("lang")
	if lang != "en" && lang != "zh" {
		return false
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: lang, Path: Path, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	return true
}

// index describes the sandbox bank. A bank has no page without a handover.
func (b *Bank) index(w http.ResponseWriter, r *http.Request) {
	if chooseLanguage(w, r) {
		return
	}
	code, status := r.PathValue("code"), http.StatusOK
	known, ok := b.names[code]
	if !ok && code != "" {
		status = http.StatusNotFound
	}
	b.write(w, r, status, view{Code: code, Name: known.Name, Stage: "index", Banks: bank.Known()})
}

func (b *Bank) show(w http.ResponseWriter, r *http.Request) {
	if chooseLanguage(w, r) {
		return
	}
	v, ok := b.visits.get(r.PathValue("code"), r.PathValue("visit"))
	if !ok {
		b.write(w, r, http.StatusNotFound, view{
			Code: r.PathValue("code"), Name: b.names[r.PathValue("code")].Name, Stage: "gone",
		})
		return
	}
	if v.Stage == stageDone && !v.Over && v.Trouble == troubleNone {
		w.Header().Set("Refresh", "2")
	}
	b.write(w, r, http.StatusOK, view{
		Code: v.Code, Name: b.names[v.Code].Name, Stage: string(v.Stage), Visit: v, Left: wrongPasswords - v.WrongTries,
	})
}

// act handles a click on a button. It ignores buttons of another stage, so that
// going back or clicking twice is harmless.
func (b *Bank) act(w http.ResponseWriter, r *http.Request) {
	code, id := r.PathValue("code"), r.PathValue("visit")
	if _, ok := b.visits.get(code, id); !ok || r.ParseForm() != nil {
		http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
		return
	}
	done := false
	b.visits.change(id, func(v *visit) {
		before := v.Stage
		v.press(r.PostForm.Get("action"), r.PostForm.Get)
		done = before != stageDone && v.Stage == stageDone
	})
	if done {
		v, _ := b.visits.get(code, id)
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			b.deliver(v)
		}()
		if v.Trouble == troubleNone {
			b.await(r, answered)
		}
	}
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
}

// await waits briefly for the callback, so that the next page can show its outcome.
func (b *Bank) await(r *http.Request, answered <-chan struct{}) {
	select {
	case <-answered:
	case <-time.After(shortly):
	case <-r.Context().Done():
	}
}

// press moves the visit to its next stage.
func (v *visit) press(action string, field func(string) string) {
	switch {
	case v.Stage == stageDone:
	case action == "cancel":
		v.refuse(realname.BankUserCanceled)
	case action == "certificate" && v.Stage == stageCertificate:
		v.Certificate, v.Stage = certificate(field("certificate")), stageConfirm
	case action == "verify" && v.Stage == stageConfirm:
		v.Trouble, v.Stage = trouble(field("trouble")), stagePassword
	case action == "password" && v.Stage == stagePassword:
		v.unlock(field("password"))
	}
}

func (v *visit) unlock(password string) {
	if password != Password {
		if v.WrongTries++; v.WrongTries >= wrongPasswords {
			v.refuse(realname.BankPasswordLocked)
		}
		return
	}
	switch v.Certificate {
	case certificateExpired:
		v.refuse(realname.BankCertificateExpired)
	case certificateOther:
		v.refuse(realname.BankOtherEnterprise)
	case certificatePersonal:
		v.refuse(realname.BankNotCorporate)
	default:
		v.Result, v.Stage = string(realname.BankPassed), stageDone
	}
}

func (v *visit) refuse(reason realname.BankReason) {
	v.Result, v.Reason, v.Stage = string(realname.BankFailed), string(reason), stageDone
}
