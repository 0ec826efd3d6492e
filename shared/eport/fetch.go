package eport

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// maxCRL is the largest revocation list, in bytes.
	maxCRL = 16 << 20
	// fetchTimeout bounds a fetch from the first byte sent to the last received. A
	// user with a card in the reader waits for it.
	fetchTimeout = 4 * time.Second
)

// Fetch gets a revocation list from a configured address with Go's default
// transport.
func Fetch(ctx context.Context, address string) ([]byte, error) {
	return Fetcher(http.DefaultTransport)(ctx, address)
}

// Fetcher returns a Fetch that uses another transport. It does not follow
// redirects, which would lead to an address that is not configured.
func Fetcher(transport http.RoundTripper) func(ctx context.Context, address string) ([]byte, error) {
	client := &http.Client{
		Transport:     transport,
		Timeout:       fetchTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context, address string) ([]byte, error) { return fetch(ctx, client, address) }
}

func fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	response, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // a body only read loses nothing
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("revocation list: %s answered %s", address, response.Status)
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxCRL+1))
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	if len(raw) > maxCRL {
		return nil, fmt.Errorf("revocation list: %s sent more than %d MiB", address, maxCRL>>20)
	}
	return raw, nil
}
