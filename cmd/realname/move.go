package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"realname/local/move"
	"realname/local/state"
	"realname/shared/awsapi"
	"realname/shared/clock"
	"realname/shared/wiring"
	vaultwiring "realname/shared/wiring/vault"
	workflow "realname/shared/workflow/sfn"
)

//nolint:lll // kong reads the help from the tags
type moving struct {
	output
	State   string `required:"" placeholder:"DIR" help:"State directory of the stopped production form."`
	ToStage bool   `required:"" help:"Move to the newly deployed stage that the environment variables REALNAME_… and AWS_… name."`
}

// Run copies the machine into the stage. It can be repeated after any failure. The
// machine is only read; after success it is marked, so that it does not serve any more.
func (c *moving) Run(ctx context.Context) (err error) {
	if _, err := (machine{c.State}).form(); err != nil {
		return err
	}
	stage, err := connection{}.open(ctx)
	if err != nil {
		return err
	}
	if stage.Config.StateMachineARN == "" || stage.Config.VaultSecretARN == "" {
		return errors.New("REALNAME_STATE_MACHINE_ARN and REALNAME_VAULT_SECRET_ARN: want those of the stage")
	}
	k, err := (&serve{State: stateDir(c.State), AcceptClock: true}).open(state.Production)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.close()) }()
	id, err := k.dir.MoveID(wiring.NewID)
	if err != nil {
		return err
	}
	client := wiring.Ports{AWS: stage.AWS}.Client(awsapi.SFN)
	m := move.Move{
		ID: id, From: k.table, To: stage.Table, Workflow: workflow.New(client, stage.Config.StateMachineARN),
		Now: time.Now, Wait: clock.Wait, Keys: func(ctx context.Context) error { return giveKeys(ctx, stage, k.keys) },
		Journal: move.Journal(k.dir.MoveJournal()),
		Progress: func(items int) {
			if items%1000 == 0 {
				fmt.Fprintf(os.Stderr, "%d items\n", items)
			}
		},
	}
	r, err := m.Run(ctx)
	if err != nil {
		return fmt.Errorf("%w; the machine is unchanged: run the command again to resume, or start it again", err)
	}
	if err := k.dir.Moved("stage " + stage.Config.Stage + ", table " + stage.Config.Table); err != nil {
		return err
	}
	return c.print(os.Stdout, r, func(w io.Writer) {
		say(w, "Moved %d items to stage %s and found them again; %d audit trails agree; %d sessions under way go on there.",
			r.Items, stage.Config.Stage, r.Trails, r.Sessions)
	})
}

// giveKeys replaces the keysets of the stage by those of the machine, which open what
// is copied.
func giveKeys(ctx context.Context, stage service, keys *state.Keys) error {
	k := &vaultwiring.Keyset{Ports: wiring.Ports{Config: stage.Config, Now: stage.Now, AWS: stage.AWS}}
	current, err := k.Clear(ctx)
	if err != nil {
		return fmt.Errorf("%w: create the stage's keysets first: realname keys create", err)
	}
	if bytes.Equal(current, keys.Clear()) {
		return nil
	}
	return k.Replace(ctx, keys.Clear())
}
