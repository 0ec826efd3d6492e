package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"realname/shared/auth"
	"realname/shared/table"
	"realname/shared/vault"
)

// Service is a running service in one process.
type Service struct {
	url, prefix string
	client      *http.Client
	missing     error // the error if nothing answers
}

// New returns the demonstration at the address, such as http://127.0.0.1:8080.
func New(url string) *Service {
	return &Service{strings.TrimSuffix(url, "/"), Sandbox, client(&http.Transport{}), ErrNoService}
}

// At returns the service behind a control socket.
func At(socket string) *Service {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	return &Service{"http://realname", Control, client(&http.Transport{DialContext: dial}), ErrNotRunning}
}

func client(t *http.Transport) *http.Client {
	t.MaxIdleConnsPerHost = 64
	return &http.Client{Timeout: time.Minute, Transport: t}
}

// Table returns the service's table.
func (s *Service) Table() table.Table { return remoteTable{s} }

// Vault returns the service's vault. It fetches the keys on first use.
func (s *Service) Vault() *vault.Vault {
	return vault.New(func() (vault.Keys, error) {
		var out keysetAnswer
		if err := s.call(context.Background(), routeKeyset, struct{}{}, &out); err != nil {
			return vault.Keys{}, err
		}
		return vault.Read(out.Keyset)
	}, time.Now)
}

// Keyset returns the vault's unwrapped keys.
func (s *Service) Keyset(ctx context.Context) ([]byte, error) {
	var out keysetAnswer
	err := s.call(ctx, routeKeyset, struct{}{}, &out)
	return out.Keyset, err
}

// TokenKeys returns the IDs of the token keys of a kind, in the order of their ring.
func (s *Service) TokenKeys(ctx context.Context, kind auth.Kind) ([]string, error) {
	var out tokensAnswer
	err := s.call(ctx, routeTokens, tokensRequest{kind}, &out)
	return out.IDs, err
}

// ReplaceKeyset replaces the vault's keys.
// Errors: ErrReplaced if the old keys are no longer the current ones.
func (s *Service) ReplaceKeyset(ctx context.Context, old, renewed []byte) error {
	var out replaceAnswer
	if err := s.call(ctx, routeReplace, replaceRequest{old, renewed}, &out); err != nil {
		return err
	}
	if !out.Replaced {
		return ErrReplaced
	}
	return nil
}

// RenewToken replaces the token key of a kind that does not sign. It returns the new
// key's ID.
func (s *Service) RenewToken(ctx context.Context, kind auth.Kind, signing string) (string, error) {
	var out renewAnswer
	err := s.call(ctx, routeRenew, renewRequest{kind, signing}, &out)
	return out.KeyID, err
}

// Backup writes a backup of the service, with or without its key file.
func (s *Service) Backup(ctx context.Context, w io.Writer, keys bool) error {
	url := s.url + s.prefix + RouteBackup + "?keys=" + strconv.FormatBool(keys)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		return err
	}
	unlimited := *s.client
	unlimited.Timeout = 0 // a large table takes its time
	response, err := unlimited.Do(r)
	if err != nil {
		return s.unreached(err)
	}
	defer func() { _ = response.Body.Close() }() // read to its end
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1000)) // only for the message
		return fmt.Errorf("back up: %s: %s", response.Status, strings.TrimSpace(string(text)))
	}
	_, err = io.Copy(w, response.Body)
	return err
}

// ErrReplaced means that another process replaced the keys first.
var ErrReplaced = errors.New("vault: another process replaced the keys: run the command again")

// ErrNoService means that no embedded default answers at the address.
var ErrNoService = errors.New("no embedded default (realname serve) answers at this address")

// ErrNotRunning means that no service has the state directory open.
var ErrNotRunning = errors.New("no realname serve runs on this state directory: start it")

// ErrNotPermitted means that only another user may reach the service.
var ErrNotPermitted = errors.New("the state directory belongs to another user: run the command as that user, " +
	"such as sudo -u realname")

// ErrOtherVersion means that the command and the service send items in different forms.
// It is none of the table's errors, because to try again does not help.
var ErrOtherVersion = errors.New("realname serve is another version: run the command with the program that serves")

// unreached adds what to do to the error of a request without an answer.
func (s *Service) unreached(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w: %w", ErrNotPermitted, err)
	}
	return fmt.Errorf("%w: %w", s.missing, err)
}

func (s *Service) call(ctx context.Context, route string, in, out any) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%w: %w", table.ErrInvalid, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+s.prefix+route, bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("%w: %w", table.ErrInvalid, err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(formHeader, form)
	response, err := s.client.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", table.ErrUnavailable, s.unreached(err))
	}
	defer func() { _ = response.Body.Close() }() // read to its end
	known := response.StatusCode == http.StatusOK || response.StatusCode == http.StatusBadRequest ||
		response.StatusCode == http.StatusConflict
	if known && response.Header.Get(formHeader) != form {
		return ErrOtherVersion
	}
	d := json.NewDecoder(response.Body)
	d.UseNumber()
	switch response.StatusCode {
	case http.StatusOK:
		err = d.Decode(out)
	case http.StatusBadRequest, http.StatusConflict:
		var f failure
		if err = d.Decode(&f); err == nil {
			return f.err()
		}
	default:
		return fmt.Errorf("%w: %w: %s", table.ErrUnavailable, s.missing, response.Status)
	}
	if err != nil {
		return fmt.Errorf("%w: read the answer: %w", table.ErrUnavailable, err)
	}
	return nil
}

// remoteTable implements table.Table.
type remoteTable struct{ service *Service }

func (t remoteTable) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	var out itemsAnswer
	if err := t.service.call(ctx, routeGet, getRequest{keys}, &out); err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	return decodeItems(out.Items)
}

func (t remoteTable) Query(ctx context.Context, q table.Query) (table.Page, error) {
	var out itemsAnswer
	if err := t.service.call(ctx, routeQuery, q, &out); err != nil {
		return table.Page{}, fmt.Errorf("query: %w", err)
	}
	items, err := decodeItems(out.Items)
	for _, l := range out.Listed {
		items = append(items, table.Item{Key: l.Key, GSI1: l.GSI1, GSI2: l.GSI2})
	}
	return table.Page{Items: items, Next: out.Next}, err
}

func (t remoteTable) Transact(ctx context.Context, writes ...table.Write) error {
	if err := table.Validate(writes); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	in := transactRequest{Writes: make([]write, len(writes))}
	for i, w := range writes {
		var err error
		if in.Writes[i], err = encodeWrite(w); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	if err := t.service.call(ctx, routeTransact, in, &struct{}{}); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
