package main

import (
	_ "embed" // the pinned packages
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	embedded "realname/local/server"
)

//go:embed proofs.txt
var proofPackages []byte

// proofs runs what needs no deployment: cfn-lint on the templates of both partitions,
// the table and the state machine on moto, and schemathesis on the contract.
func (w *workshop) proofs() error {
	if err := w.installInto("proofs", "cfn-lint, moto and schemathesis", proofPackages); err != nil {
		return err
	}
	return errors.Join(w.lint(), w.moto(), w.walk())
}

// tool returns the path of an installed program.
func (w *workshop) tool(name string) string { return filepath.Join(w.dir, "proofs", "bin", name) }

// ignored are the rules of cfn-lint that do not apply.
var ignored = map[string]string{
	"W3005": "The CDK writes DependsOn also where a reference says the same.",
}

// lint checks the templates of both partitions with cfn-lint.
func (w *workshop) lint() error {
	var rules []string
	for rule := range ignored {
		rules = append(rules, rule)
	}
	for region, settings := range map[string][]string{
		"eu-west-1": {
			"domainName=www.example.com", "certificateArn=arn:aws:acm:us-east-1:111122223333:certificate/1",
			"apiDomainName=api.example.com", "apiCertificateArn=arn:aws:acm:eu-west-1:111122223333:certificate/2",
		},
		"cn-north-1": {"domainName=www.example.com.cn", "certificateId=ASCA1", "vpc=true"},
	} {
		w.say("cfn-lint %s", region)
		out := filepath.Join(w.dir, "cdk.out."+region)
		args := []string{"synth", "--quiet", "--no-notices", "--app", "bin/infra", "--output", out, "-c", "stage=prod"}
		for _, s := range append(settings,
			"region="+region, "account=111122223333", "alarmEmail=ops@example.com", "dist="+filepath.Join(w.dir, "dist")) {
			args = append(args, "-c", s)
		}
		if err := w.command("synth", w.staffEnvironment(), cdk, args...); err != nil {
			return err
		}
		templates, err := filepath.Glob(filepath.Join(out, "*.template.json"))
		if err != nil || len(templates) < 3 {
			return fmt.Errorf("%d templates for %s: %w", len(templates), region, err)
		}
		args = append([]string{"--non-zero-exit-code", "informational", "-i", strings.Join(rules, ","), "-r", region, "-t"},
			templates...)
		if err := w.command("cfn-lint", w.environment("AWS_MAX_ATTEMPTS=1"), w.tool("cfn-lint"), args...); err != nil {
			return err
		}
	}
	return nil
}

// leastCases is how many cases schemathesis must send.
const leastCases = 2000

var (
	ready     = regexp.MustCompile(`ready at (http://\S+)`)
	generated = regexp.MustCompile(`(\d+) generated, (\d+) passed`)
	signsIn   = regexp.MustCompile(`(?m)^  ([a-z-]+) +(\S+) +(?:migrated_inspection|migrated_local|single_window) `)
)

// walk sends requests that schemathesis derives from the contract to a service of its
// own. An answer must be one that the contract documents for the route: status, media
// type, headers and body.
func (w *workshop) walk() error {
	log := filepath.Join(w.logs, "walk-serve.log")
	stop, err := w.background("walk-serve", w.environment(), "bin/realname", "serve", "--addr", "127.0.0.1:0",
		"--card", "127.0.0.1:0", "--rate", "100000", "--burst", "100000")
	if err != nil {
		return err
	}
	defer stop()
	url, names, password := "", []string{}, ""
	for end := time.Now().Add(time.Minute); len(names) < 10; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			return errors.New("realname serve does not start: see walk-serve.log")
		}
		raw, err := os.ReadFile(log)
		if err != nil {
			return err
		}
		names = nil
		for _, m := range signsIn.FindAllSubmatch(raw, -1) {
			names, password = append(names, string(m[1])), string(m[2])
		}
		if m := ready.FindSubmatch(raw); m != nil {
			url = string(m[1])
		}
	}
	hooks, err := filepath.Abs("infra/emulator")
	if err != nil {
		return err
	}
	contract, err := filepath.Abs("api/openapi.yaml")
	if err != nil {
		return err
	}
	w.say("schemathesis")
	env := w.environment("SCHEMATHESIS_HOOKS=walk", "PYTHONPATH="+hooks, "PYTHONDONTWRITEBYTECODE=1", "WALK_URL="+url,
		"WALK_ACCOUNTS="+strings.Join(names, ","), "WALK_PASSWORD="+password,
		"WALK_CLIENT=grant_type=client_credentials&client_id="+embedded.SandboxClient+
			"&client_secret="+embedded.SandboxClientSecret)
	if err := w.command("walk", env, w.tool("schemathesis"), "run", contract, "--url", url,
		"--phases", "examples,coverage,fuzzing", "-n", "20", "--seed", "1", "--workers", "2", "--continue-on-failure",
		"-c", "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"+
			"response_schema_conformance", "--warnings", "off", "--no-color"); err != nil {
		return err
	}
	raw, err := os.ReadFile(filepath.Join(w.logs, "walk.log"))
	if err != nil {
		return err
	}
	m := generated.FindSubmatch(raw)
	if m == nil {
		return errors.New("schemathesis: no count of cases: see walk.log")
	}
	if n, err := strconv.Atoi(string(m[1])); err != nil || n < leastCases {
		return fmt.Errorf("schemathesis: %s cases, want at least %d", m[1], leastCases)
	}
	w.say("schemathesis: %s", m[0])
	return nil
}

// background starts a program that runs until stop is called. Its output goes into a log.
func (w *workshop) background(log string, env []string, name string, args ...string) (stop func(), err error) {
	file, err := os.Create(filepath.Join(w.logs, log+".log"))
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(w.ctx, name, args...)
	cmd.Stdout, cmd.Stderr, cmd.Env = file, file, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) // gone already if it fails
		_ = cmd.Wait()                                      // it was stopped
		_ = file.Close()                                    // its end is not read
	}, nil
}
