package server

import (
	"context"
	"net/http"
	"time"

	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/notify"
	"realname/shared/realname"
	"realname/shared/table"
	"realname/shared/verification"
)

// form is what differs between the demonstration and the production form: the ports
// to the outside world, and the settings that a stage reads from its environment.
type form struct {
	stage, issuer string // audience and issuer of tokens
	lockout       auth.Lockout
	hasher        *auth.Hasher
	repairAfter   time.Duration
	certificate   func(context.Context) (time.Time, error) // of the public address; nil without one
	settingsLife  time.Duration                            // how long functions cache settings

	table     func(table.Table) table.Table
	workflow  func(realname.Workflow) realname.Workflow
	providers func(*Server, *verification.Verification) // connects the checks
	// recipients names them for the consent texts.
	recipients realname.Recipients
	// controlDownload is where users get the E-Port client control.
	controlDownload string

	mail                  accounts.Mail
	resetRetry, wrongPace time.Duration

	bus      notify.Bus
	receiver func(notify.Receiver) notify.Receiver
	schedule notify.Schedule

	site       func(*http.Request) string                         // the origin at which the browser reached the service
	answered   func(route string, status int, took time.Duration) // may be nil
	resultPage string                                             // of a bank; "" if the function shows the state itself
}
