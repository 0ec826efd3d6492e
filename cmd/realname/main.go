// Command realname serves the embedded default and is the command line for staff.
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
	staffCommands

	Serve    serve            `cmd:"" help:"Run the service in this process: a demonstration or, with --state, for real."`
	Invoke   invoke           `cmd:"" help:"Invoke one function of the embedded default with an event."`
	Card     card             `cmd:"" help:"E-Port cards: trusted authorities, policy, inspection of certificates."`
	Check    check            `cmd:"" help:"Check the connection to the table and the vault."`
	Keys     keys             `cmd:"" help:"Create the vault's keysets and rotate keys."`
	Import   importing        `cmd:"" help:"Import accounts from accounts.csv. Run it again to resume."`
	Bank     banks            `cmd:"" help:"Banks of the bank UKey method."`
	Erase    erase            `cmd:"" help:"Erase a person's data. The audit trail stays, without personal data."`
	Provider providerCommands `cmd:"" help:"Providers of checks."`
	Backup   backup           `cmd:"" help:"Back up one machine, also while it serves."`
	Restore  restore          `cmd:"" help:"Check a backup of one machine and put it in place of the current state."`
	Move     moving           `cmd:"" help:"Move one machine to a stage on AWS."`
	Version  version          `cmd:"" help:"Print the version, the commit and the version of Go."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parser := kong.Must(&c, kong.Name("realname"), kong.Description("Enterprise real-name verification (企业实名认证)."),
		kong.ShortUsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	kongcompletion.Register(parser)
	k, err := parser.Parse(os.Args[1:])
	if err != nil {
		parser.Stdout = os.Stderr // keep the usage out of the output that a script reads
	}
	parser.FatalIfErrorf(err)
	colors()
	k.FatalIfErrorf(k.Run())
}
