// Command emulator tests the deployment on an AWS emulator. It starts MiniStack and
// the providers' simulator on loopback, bootstraps and deploys the CDK app as staff
// would, loads the data of the end-to-end suite, runs the suites through the
// deployed API, table and state machine, and stops the processes it started.
// `make test-stack` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// deadline ends a run that hangs.
const deadline = 25 * time.Minute

func main() {
	keep := flag.Bool("keep", false, "leave the stack running until interrupted, to look at it")
	alone := flag.Bool("proofs", false, "run only what needs no deployment: cfn-lint, moto and schemathesis")
	flag.Parse()
	if err := run(*keep, *alone); err != nil {
		fmt.Fprintln(os.Stderr, "test-stack:", err)
		os.Exit(1)
	}
}

func run(keep, alone bool) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if !keep {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, deadline)
		defer cancel()
	}
	w, err := newWorkshop(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\nlogs are in %s", err, w.logs)
		}
	}()
	if err := w.certify(); err != nil {
		return err
	}
	if alone {
		return w.proofs()
	}
	if err := inOrder(w.install, w.validate, w.start); err != nil {
		return err
	}
	defer w.stop()
	return w.run(keep)
}

// inOrder runs the steps until one fails.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// run deploys the stage on the started emulator, and tests it or keeps it for a look.
func (w *workshop) run(keep bool) error {
	world, err := newWorld()
	if err != nil {
		return err
	}
	sim, err := world.simulate()
	if err != nil {
		return err
	}
	defer sim.close()
	control, err := world.control()
	if err != nil {
		return err
	}
	defer control.close()
	served, err := newCoverage()
	if err != nil {
		return err
	}
	front, err := w.front(world, sim, served)
	if err != nil {
		return err
	}
	defer front.close()
	err = inOrder(
		func() error { return w.deploy(sim.url, front.url) },
		func() error { return w.readOrigin("a") },
		func() error { return world.setUp(w.ctx, w) },
	)
	if err != nil {
		return err
	}
	if keep {
		return w.keep(world, front.url)
	}
	err = inOrder(
		func() error { return w.move(front.url, sim.url) },
		func() error { return world.load(w.ctx, w, front.url) },
		func() error { return w.suites(front.url) },
		func() error { return errors.Join(served.missing(), w.unentered(w.ctx)) },
		w.destroy,
		w.proofs,
	)
	if err != nil {
		return err
	}
	w.say("all of it passed")
	return nil
}

// keep leaves the deployed stage running until it is interrupted.
func (w *workshop) keep(world people, url string) error {
	if err := world.load(w.ctx, w, url); err != nil {
		return err
	}
	fmt.Printf("The deployed stage is at %s. Interrupt to stop. For make diff and make destroy:\n", url)
	fmt.Printf("export AWS_ENDPOINT_URL=%s AWS_CA_BUNDLE=%s AWS_REGION=%s \\\n", w.endpoint, w.cert, awsRegion)
	fmt.Printf("  AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s\n", accessKey, secretKey)
	<-w.ctx.Done()
	return nil
}

// workshop holds the folder, addresses and processes of a run.
type workshop struct {
	ctx       context.Context
	dir, logs string
	binary    string // realname
	began     time.Time
	endpoint  string // of the emulator
	port      string
	cert, key string
	roots     []byte // the certificate, PEM
	origin    string // what CloudFront sends
	stop      func()
	outputs   outputs
}

// newWorkshop makes the folders of a run. The logs of an earlier run are deleted.
func newWorkshop(ctx context.Context) (*workshop, error) {
	dir, err := filepath.Abs("test-stack")
	if err != nil {
		return nil, err
	}
	logs := filepath.Join(dir, "logs")
	if err := errors.Join(os.RemoveAll(logs), os.MkdirAll(logs, 0o755)); err != nil {
		return nil, err
	}
	binary, err := filepath.Abs("bin/realname")
	return &workshop{ctx: ctx, dir: dir, logs: logs, binary: binary, began: time.Now()}, err
}

// say prints a progress message with the elapsed time.
func (w *workshop) say(format string, args ...any) {
	fmt.Printf("%5.1fs  %s\n", time.Since(w.began).Seconds(), fmt.Sprintf(format, args...))
}
