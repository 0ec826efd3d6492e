package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"realname/api/contract"
	"realname/e2e/world"
	"realname/local/data"
)

// place is a running realname service.
type place struct {
	URL      string
	embedded bool
	troubled atomic.Bool // set while a test causes trouble and checks the refusals
	log      *safeBuffer
	people   []world.Enterprise
	mu       sync.Mutex
	taken    map[world.Kind]int
	process  *process // nil if the suite did not start the service
	visitor  string   // the test that took an enterprise last
	killer   *killer  // nil unless a test kills the service while others use it
	// unchecked exchanges are not validated against the contract, which costs more than
	// the service itself: for benchmarks.
	unchecked bool
	times     *times // of the requests; nil measures none
}

// process is a running realname serve.
type process struct {
	args []string
	env  []string // in addition to the test's own
	kept bool     // in a state directory, so that it can be killed and started again
	log  *safeBuffer
	cmd  *exec.Cmd
}

// restarts makes the suite keep every service in a state directory, and kill and
// restart it between tests.
var restarts = os.Getenv("REALNAME_E2E_RESTARTS") != ""

var (
	shared   *place
	binary   string
	everyone crowd
	few      crowd
	promised routers.Router
	client   = &http.Client{Timeout: 40 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		log.Print(err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	doc, err := contract.Load()
	if err != nil {
		return 1, err
	}
	doc.Servers = nil
	if promised, err = legacy.NewRouter(doc); err != nil {
		return 1, err
	}
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.FileBodyDecoder)
	dir, err := os.MkdirTemp("", "realname-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a leftover temporary directory is harmless
	if binary = os.Getenv("REALNAME_BIN"); binary == "" {
		binary = filepath.Join(dir, "realname")
		if out, err := exec.Command("go", "build", "-o", binary, "realname/cmd/realname").CombinedOutput(); err != nil {
			return 1, fmt.Errorf("build: %w\n%s", err, out)
		}
	}
	if url := os.Getenv("REALNAME_URL"); url != "" {
		shared = &place{
			URL: strings.TrimSuffix(url, "/"), people: world.Enterprises(), taken: map[world.Kind]int{}, log: &safeBuffer{},
		}
		return m.Run(), nil
	}
	if everyone, err = newCrowd(filepath.Join(dir, "everyone"), world.Enterprises()); err != nil {
		return 1, err
	}
	if few, err = newCrowd(filepath.Join(dir, "few"), world.Few(fewOfAKind)); err != nil {
		return 1, err
	}
	p, stop, err := start(everyone)
	if err != nil {
		return 1, err
	}
	defer stop()
	shared = p
	code := m.Run()
	if code != 0 {
		p.printTrouble()
	}
	return code, nil
}

// crowd is a set of enterprises and the directory of their data files.
type crowd struct {
	dir    string
	people []world.Enterprise
}

// fewOfAKind is the number of enterprises of each kind in a test's own service.
// Such a service starts in a tenth of the processor time that the whole world
// needs.
const fewOfAKind = 24

func newCrowd(dir string, people []world.Enterprise) (crowd, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return crowd{}, err
	}
	return crowd{dir, people}, world.WriteThese(dir, people)
}

// crowdFor returns a crowd for one test.
func crowdFor(t testing.TB, people []world.Enterprise) crowd {
	t.Helper()
	of, err := newCrowd(filepath.Join(t.TempDir(), "people"), people)
	if err != nil {
		t.Fatal(err)
	}
	return of
}

// data reads the data files of the crowd.
func (of crowd) data(t testing.TB) data.Set {
	t.Helper()
	set, err := data.Read(os.DirFS(of.dir), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// printTrouble prints the warnings and errors in the service's log.
func (p *place) printTrouble() {
	for line := range strings.Lines(p.log.String()) {
		if !strings.Contains(line, "INFO") {
			log.Print(line)
		}
	}
}

// logged counts the lines of the service's log that contain the text.
func (p *place) logged(text string) int { return strings.Count(p.log.String(), text) }

// start runs the embedded default for a crowd, with flags in addition to the
// usual ones.
func start(of crowd, flags ...string) (*place, func(), error) {
	p := &place{embedded: true, log: &safeBuffer{}, people: of.people, taken: map[world.Kind]int{}}
	p.process = &process{log: p.log, args: append([]string{
		"serve", "--data", of.dir, "--repair-every", "200ms", "--card", "127.0.0.1:0",
	}, flags...)}
	if restarts {
		state, err := os.MkdirTemp("", "realname-e2e-state-")
		if err != nil {
			return nil, nil, err
		}
		p.process.kept = true
		p.process.args = append(p.process.args, "--state", state)
	}
	stop := func() {
		p.process.kill()
		if p.process.kept {
			_ = os.RemoveAll(p.process.args[len(p.process.args)-1]) // a leftover temporary directory is harmless
		}
	}
	var err error
	if p.URL, err = p.process.start("127.0.0.1:0"); err == nil && p.process.kept {
		err = p.restart()
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return p, stop, nil
}

// start starts the process and returns its address when it is ready.
func (x *process) start(addr string) (url string, err error) {
	x.cmd = exec.Command(binary, append(x.args, "--addr", addr)...)
	x.cmd.Stderr, x.cmd.Env = x.log, append(os.Environ(), x.env...)
	out, err := x.cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := x.cmd.Start(); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, rest, found := strings.Cut(line, "://")
	if err != nil || !found {
		x.kill()
		return "", fmt.Errorf("realname serve did not start: %w\n%s%s", err, line, x.log)
	}
	scheme := "http"
	if strings.HasSuffix(strings.TrimSuffix(line, "://"+rest), "https") {
		scheme = "https"
	}
	addr, _, _ = strings.Cut(rest, " ")
	return scheme + "://" + addr, nil
}

// kill ends the process without a chance to clean up.
func (x *process) kill() {
	if x.cmd.Process != nil {
		_ = x.cmd.Process.Kill() // fails if it has ended
		_ = x.cmd.Wait()         // the process was killed
	}
}

// restart kills the service and starts it again at the same address.
func (p *place) restart() error {
	p.process.kill()
	client.CloseIdleConnections()
	_, err := p.process.start(strings.TrimPrefix(p.URL, "http://"))
	return err
}

// visit restarts a kept service that several tests use when another test begins.
func (p *place) visit(t testing.TB) {
	t.Helper()
	test, _, _ := strings.Cut(t.Name(), "/")
	if p.process == nil || !p.process.kept || p.visitor == test {
		return
	}
	again := p.visitor != ""
	p.visitor = test
	if again {
		if err := p.restart(); err != nil {
			t.Fatal(err)
		}
	}
}

// only starts a service of the test's own, so that the test can run in parallel
// with others. If the suite runs against a service that it did not start, only
// skips the test.
func only(t *testing.T, flags ...string) *place {
	t.Helper()
	return own(t, few, flags...)
}

// crowded is only with the whole test world.
func crowded(t *testing.T, flags ...string) *place {
	t.Helper()
	return own(t, everyone, flags...)
}

func own(t *testing.T, of crowd, flags ...string) *place {
	t.Helper()
	if !shared.embedded {
		t.Skip("needs switches of the embedded default")
	}
	t.Parallel()
	p, stop, err := start(of, flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return p
}

// troubled returns a service whose providers can fail on request: one of the
// test's own, or the given one if it uses a simulator.
func troubled(t *testing.T) *place {
	t.Helper()
	if os.Getenv("REALNAME_PROVIDER_FAULTS") != "" {
		return shared
	}
	return only(t)
}

// take returns an enterprise of the kind that no other test uses.
func (p *place) take(t testing.TB, kind world.Kind) world.Enterprise {
	t.Helper()
	p.mu.Lock()
	p.visit(t)
	p.mu.Unlock()
	e, left := p.another(kind)
	if !left {
		t.Fatalf("the place has no more enterprises of kind %s", kind)
	}
	return e
}

// another returns an enterprise of the kind that no other test uses, if any is left.
func (p *place) another(kind world.Kind) (e world.Enterprise, left bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, e := range p.people {
		if e.Kind != kind {
			continue
		}
		if n == p.taken[kind] {
			p.taken[kind]++
			return e, true
		}
		n++
	}
	return world.Enterprise{}, false
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
