// Package apart rates passwords in a program of its own. The word lists of the rule
// delay the start of any program that links them, but a password is set only a few
// times in an account's life.
package apart

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// Name is the file name of the program, which lies beside the one that runs it.
const Name = "strength"

type question struct {
	Password string   `json:"password"`
	About    []string `json:"about"`
}

type answer struct {
	Rule string `json:"rule"`
}

// Beside returns the path of the program beside the running one.
func Beside() (string, error) {
	own, err := os.Executable()
	return filepath.Join(filepath.Dir(own), Name), err
}

// Rule implements accounts.Strength with the program that path finds. The password is
// passed through a pipe. An error does not quote it, nor what the program printed.
func Rule(path func() (string, error)) func(context.Context, string, []string) (string, error) {
	return func(ctx context.Context, password string, about []string) (string, error) {
		file, err := path()
		if err != nil {
			return "", fmt.Errorf("rate a password: %w", err)
		}
		asked, err := json.Marshal(question{password, about})
		if err != nil {
			return "", fmt.Errorf("rate a password: %w", err)
		}
		cmd := exec.CommandContext(ctx, file)
		cmd.Env = []string{} // the program needs no credentials
		cmd.Stdin = bytes.NewReader(asked)
		printed, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("rate a password: %w", err)
		}
		var rated answer
		if err := json.Unmarshal(printed, &rated); err != nil {
			return "", fmt.Errorf("rate a password: the answer of %s is not JSON", Name)
		}
		return rated.Rule, nil
	}
}

// Serve is the program: it answers one question.
func Serve(in io.Reader, out io.Writer, rule func(password string, about []string) string) error {
	var asked question
	if err := json.NewDecoder(in).Decode(&asked); err != nil {
		return fmt.Errorf("%s: the question is not JSON", Name)
	}
	return json.NewEncoder(out).Encode(answer{rule(asked.Password, asked.About)})
}
