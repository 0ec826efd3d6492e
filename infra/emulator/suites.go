package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"realname/web"
)

// stepTimeout is how long a step waits. It is short enough that a step can expire
// while the end-to-end suite runs.
const stepTimeout = "150s"

// suite is a set of Go tests for a deployed stage.
type suite struct {
	log       string
	env, args []string
}

// suites tests the stage at the URL.
func (w *workshop) suites(url string) error {
	side, err := w.sideDoor()
	if err != nil {
		return err
	}
	defer side.close()
	if err := w.rotateOrigin(); err != nil {
		return err
	}
	w.say("smoke test")
	if err := w.command("smoke", w.environment(), "go", "run", "./infra/smoke", url, side.url); err != nil {
		return err
	}
	if err := w.pagePolicy(url); err != nil {
		return err
	}
	table, states := []string{"TABLE_ENDPOINT=" + w.endpoint}, []string{"STATES_ENDPOINT=" + w.endpoint}
	var apart errgroup.Group // the conformance suite waits for time-outs most of its time
	apart.Go(func() error { return w.test(suite{"conformance", states, []string{"./infra/conformance"}}) })
	apart.Go(func() error {
		if err := w.test(suite{"table", table, []string{"./shared/table/dynamo", "./shared/accounts"}}); err != nil {
			return err
		}
		return w.test(suite{"import", table, []string{"./shared/accountimport", "-run", "/dynamodb"}})
	})
	if err := apart.Wait(); err != nil {
		return err
	}
	there := append(w.commandLine(url), "REALNAME_PROVIDER_FAULTS=1", "REALNAME_STEP_TIMEOUT="+stepTimeout)
	return w.test(suite{"e2e", there, []string{"./e2e"}})
}

// pagePolicy checks that the deployed function of the pages reads the banks. If it could
// not, it would serve pages that hand over to no other site.
func (w *workshop) pagePolicy(url string) error {
	w.say("policy of the pages")
	answer, err := http.Get(url + "/methods")
	if err != nil {
		return err
	}
	_ = answer.Body.Close() // unread
	if got := web.FormTargets(answer.Header.Get("Content-Security-Policy")); !slices.Equal(got, []string{elsewhere}) {
		return fmt.Errorf("pages: want forms to %s, got %q", elsewhere, got)
	}
	return nil
}

// commandLine is the stage for the end-to-end suite and the command line.
func (w *workshop) commandLine(url string) []string {
	return []string{
		"REALNAME_URL=" + url, "REALNAME_BIN=" + w.binary, "REALNAME_STAGE=" + stage, "REALNAME_ISSUER=realname",
		"REALNAME_TABLE=" + w.outputs.Core.TableName, "REALNAME_VAULT_SECRET_ARN=" + w.outputs.Core.VaultSecretARN,
	}
}

// test runs a suite. Its process trusts only the emulator's certificate.
func (w *workshop) test(s suite) error {
	name := strings.Join(s.args, " ")
	w.say("go test %s", name)
	args := append([]string{"test", "-count=1", "-timeout", "12m", "-v", "-exec", "env SSL_CERT_FILE=" + w.cert},
		s.args...)
	if err := w.command(s.log, w.environment(s.env...), "go", args...); err != nil {
		return errors.Join(err, w.functionLogs())
	}
	w.say("%s: %s", name, w.count(s.log))
	return nil
}

// count counts the tests in a log.
func (w *workshop) count(log string) string {
	raw, err := os.ReadFile(filepath.Join(w.logs, log+".log"))
	if err != nil {
		return err.Error()
	}
	n := func(word string) int { return strings.Count(string(raw), "--- "+word+":") }
	return fmt.Sprintf("%d passed, %d failed, %d skipped", n("PASS"), n("FAIL"), n("SKIP"))
}

// functionLogs saves the logs of the deployed functions.
func (w *workshop) functionLogs() error {
	script := `
import botocore.session, sys
logs = botocore.session.get_session().create_client("logs", verify=sys.argv[1], endpoint_url=sys.argv[2])
for group in logs.get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName"):
    print("==", group)
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
        for event in page["events"]:
            print(event["message"].rstrip())
`
	cmd := exec.Command(filepath.Join(w.dir, "venv", "bin", "python"), "-c", script, w.cert, w.endpoint)
	cmd.Env = w.environment()
	out, err := cmd.CombinedOutput()
	return errors.Join(err, os.WriteFile(filepath.Join(w.logs, "functions.log"), out, 0o644))
}
