// Package bank connects the bank functions to AWS.
package bank

import (
	"crypto/rand"
	"net/http"

	"github.com/awslabs/aws-lambda-go-api-proxy/core"

	"realname/shared/bank"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/wiring"
	storewiring "realname/shared/wiring/store"
)

// Directory returns the banks of the settings.
func Directory(p wiring.Ports) bank.Directory {
	return bank.NewDirectory(storewiring.Store(p), store.SettingsLife, p.Now)
}

// Hander returns the signer of hand-overs.
func Hander(p wiring.Ports, seal realname.Sealer) bank.Hander {
	return bank.Hander{Sealer: seal, Now: p.Now, NewNonce: rand.Text, Random: rand.Reader}
}

// Refusals returns the audit of refused callbacks.
func Refusals(p wiring.Ports) *bank.Refusals {
	return &bank.Refusals{Save: storewiring.Store(p).SaveRefusals, Writer: wiring.NewID(), Now: p.Now}
}

// Site returns a function that returns the address at which browsers reach the
// service: REALNAME_PUBLIC_URL, or the request's domain of API Gateway.
func Site(p wiring.Ports) func(*http.Request) string {
	return func(r *http.Request) string {
		if p.Config.PublicURL != "" {
			return p.Config.PublicURL
		}
		e, _ := core.GetAPIGatewayV2ContextFromContext(r.Context())
		return "https://" + e.DomainName
	}
}
