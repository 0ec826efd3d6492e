package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// differences of moto: tests that it cannot pass, with the reason.
var differences = map[string]string{
	"TestContract/items_of_400_KB_are_kept_and_larger_ones_refused": "moto refuses items above 405,000 bytes; the limit " +
		"of 400 KB is 409,600 (DynamoDB Developer Guide, \"Quotas\").",
	"TestTheSameExecutionsEndTheSame/finish_is_tried_again": "Without Docker, moto runs no code of a function, but " +
		"gives back what it was called with: finish never fails.",
	"TestTheSameExecutionsEndTheSame/a_token_is_used_once": "moto accepts a task token again after its task has ended.",
	"TestTheSameExecutionsEndTheSame/stopped_by_hand": "moto goes on with a stopped execution that waits for a task " +
		"token.",
}

// moto runs the table contract and the state machine's conformance against moto.
func (w *workshop) moto() error {
	at, stop, err := w.startMoto()
	if err != nil {
		return err
	}
	defer stop()
	var skipped []string
	for test := range differences {
		skipped = append(skipped, "^"+strings.ReplaceAll(test, "/", "$/^")+"$")
	}
	var apart errgroup.Group
	for _, s := range []struct{ says, log, variable, folder, test string }{
		{"table contract", "moto-table", "TABLE_ENDPOINT", "./shared/table/dynamo", "TestContract"},
		{"state machine", "moto-states", "STATES_ENDPOINT", "./infra/conformance", "TestTheSameExecutionsEndTheSame"},
	} {
		w.say("%s on moto", s.says)
		apart.Go(func() error {
			if err := w.command(s.log, w.environment(s.variable+"="+at), "go", "test", "-count=1", "-timeout", "5m", "-v",
				"-run", s.test, "-skip", strings.Join(skipped, "|"), s.folder); err != nil {
				return err
			}
			w.say("%s on moto: %s", s.says, w.count(s.log))
			return nil
		})
	}
	return apart.Wait()
}

// startMoto starts moto on a free port and returns the address of a server in front.
func (w *workshop) startMoto() (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err = errors.Join(err, listener.Close()); err != nil {
		return "", nil, err
	}
	end, err := w.background("moto", w.environment(), w.tool("moto_server"), "-H", host, "-p", port)
	if err != nil {
		return "", nil, err
	}
	at := "http://" + net.JoinHostPort(host, port)
	if err := executeOn(at); err != nil {
		end()
		return "", nil, fmt.Errorf("moto does not answer: see moto.log: %w", err)
	}
	front, err := serve(oneAtATime(at))
	if err != nil {
		end()
		return "", nil, err
	}
	return front.url, func() { front.close(); end() }, nil
}

// oneAtATime passes requests on to moto, one after another. Moto serves each in a thread
// of its own without locks, so that two writers can win, and a refused transaction takes
// back what others wrote. Its server also loses answers, after which the client repeats the
// write and is refused.
func oneAtATime(at string) http.Handler {
	var one sync.Mutex
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = "http", strings.TrimPrefix(at, "http://")
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		forward.ServeHTTP(w, r)
	})
}

// executeOn waits for moto and lets it execute state machines, which it does not by
// default, and answer calls of functions without Docker.
func executeOn(at string) error {
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		answer, err := http.Post(at+"/moto-api/config", "application/json",
			strings.NewReader(`{"stepfunctions":{"execute_state_machine":true},"lambda":{"use_docker":false}}`))
		if err == nil {
			_ = answer.Body.Close() // its status tells enough
			if answer.StatusCode == http.StatusCreated {
				return nil
			}
			err = errors.New(answer.Status)
		}
		if time.Now().After(end) {
			return err
		}
	}
}
