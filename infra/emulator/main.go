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
	dir, err := filepath.Abs("test-stack")
	if err != nil {
		return err
	}
	logs := filepath.Join(dir, "logs")
	if err := errors.Join(os.RemoveAll(logs), os.MkdirAll(logs, 0o755)); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\nlogs are in %s", err, logs)
		}
	}()
	w := &workshop{ctx: ctx, dir: dir, logs: logs, began: time.Now()}
	if w.binary, err = filepath.Abs("bin/realname"); err != nil {
		return err
	}
	if err := w.certify(); err != nil {
		return err
	}
	if alone {
		return w.proofs()
	}
	if err := w.install(); err != nil {
		return err
	}
	if err := w.validate(); err != nil {
		return err
	}
	if err := w.start(); err != nil {
		return err
	}
	defer w.stop()
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
	if err := w.deploy(sim.url, front.url); err != nil {
		return err
	}
	if err := w.readOrigin("a"); err != nil {
		return err
	}
	if err := world.setUp(ctx, w); err != nil {
		return err
	}
	if !keep {
		if err := w.move(front.url, sim.url); err != nil {
			return err
		}
	}
	if err := world.load(ctx, w, front.url); err != nil {
		return err
	}
	if keep {
		fmt.Printf("The deployed stage is at %s. Interrupt to stop. For make diff and make destroy:\n", front.url)
		fmt.Printf("export AWS_ENDPOINT_URL=%s AWS_CA_BUNDLE=%s AWS_REGION=%s \\\n", w.endpoint, w.cert, awsRegion)
		fmt.Printf("  AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s\n", accessKey, secretKey)
		<-ctx.Done()
		return nil
	}
	if err := w.suites(front.url); err != nil {
		return err
	}
	if err := errors.Join(served.missing(), w.unentered(ctx)); err != nil {
		return err
	}
	if err := w.destroy(); err != nil {
		return err
	}
	if err := w.proofs(); err != nil {
		return err
	}
	w.say("all of it passed")
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

// say prints a progress message with the elapsed time.
func (w *workshop) say(format string, args ...any) {
	fmt.Printf("%5.1fs  %s\n", time.Since(w.began).Seconds(), fmt.Sprintf(format, args...))
}
