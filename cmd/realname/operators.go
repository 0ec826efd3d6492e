package main

import kongcompletion "github.com/jotaen/kong-completion"

// operatorCommands answer what operators of the service ask.
type operatorCommands struct {
	Session    sessionCommands    `cmd:"" help:"Verification sessions."`
	Enterprise enterpriseCommands `cmd:"" help:"Enterprises and what happened to them."`
	Unlock     unlock             `cmd:"" help:"Let an account log in and try again: forget wrong passwords and today's failed tries."`
	Audit      auditCommands      `cmd:"" help:"Audit trails."`
	Stats      stats              `cmd:"" help:"How far sessions come, by method and step."`
	Notify     notifyCommands     `cmd:"" help:"Events for the platform."`
	Client     clientCommands     `cmd:"" help:"Machine clients."`

	Completion kongcompletion.Completion `cmd:"" help:"Print how to switch on completion in bash, zsh or fish."`
	Man        man                       `cmd:"" help:"Print the manual page: realname man | man -l -"`
}
