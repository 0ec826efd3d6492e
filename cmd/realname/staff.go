package main

import kongcompletion "github.com/jotaen/kong-completion"

// staffCommands are the commands for the questions that staff of the service ask.
type staffCommands struct {
	Session    sessionCommands    `cmd:"" help:"Verification sessions."`
	Enterprise enterpriseCommands `cmd:"" help:"Enterprises and their history."`
	Account    accountCommands    `cmd:"" help:"One account: show it, and change it for its user."`
	Unlock     unlock             `cmd:"" help:"Reset an account's wrong passwords and today's failed attempts."`
	Audit      auditCommands      `cmd:"" help:"Audit trails."`
	Stats      stats              `cmd:"" help:"Count the sessions that pass each step, by method."`
	Notify     notifyCommands     `cmd:"" help:"Events for the platform."`
	Client     clientCommands     `cmd:"" help:"Machine clients."`

	Completion kongcompletion.Completion `cmd:"" help:"Print how to enable completion in bash, zsh or fish."`
	Man        man                       `cmd:"" help:"Print the manual page: realname man | man -l -"`
}
