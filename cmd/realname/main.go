// Command realname serves the embedded default and is the operators' command
// line.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
)

type commands struct {
	operatorCommands

	Serve    serve            `cmd:"" help:"Run the whole service in this process, for development and demonstration."`
	Invoke   invoke           `cmd:"" help:"Run one function of the embedded default with an event."`
	Card     card             `cmd:"" help:"E-Port cards: trusted authorities, policy, and a look at a certificate."`
	Check    check            `cmd:"" help:"Check that the table and the vault can be reached."`
	Keys     keys             `cmd:"" help:"The vault's keysets, and rotation of keys."`
	Import   importing        `cmd:"" help:"Import accounts from accounts.csv; run it again to go on after an interruption."`
	Bank     banks            `cmd:"" help:"Banks of the UKey method."`
	Erase    erase            `cmd:"" help:"Erase a person's data. What was done and verified stays in the audit trail, without a person."`
	Provider providerCommands `cmd:"" help:"Commands about the providers of checks."`
	Version  version          `cmd:"" help:"Print the version, its commit, and the version of Go."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parser := kong.Must(&c, kong.Name("realname"), kong.Description("Enterprise real-name authentication (企业实名认证)."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)))
	kongcompletion.Register(parser)
	k, err := parser.Parse(os.Args[1:])
	if err != nil {
		parser.Stdout = os.Stderr // the usage is no answer to whoever reads the output
	}
	parser.FatalIfErrorf(err)
	colours()
	k.FatalIfErrorf(k.Run())
}
