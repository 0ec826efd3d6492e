package eport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// maxCRL bounds a revocation list.
	maxCRL = 16 << 20
	// fetchTimeout bounds a fetch from the first byte sent to the last received;
	// somebody waits for it with a card in the reader.
	fetchTimeout = 4 * time.Second
)

// Fetch gets a revocation list from a configured address by Go's own transport.
func Fetch(ctx context.Context, address string) ([]byte, error) {
	return Fetcher(http.DefaultTransport)(ctx, address)
}

// Fetcher returns Fetch over another transport. A redirect is not followed: it
// would lead to an address that nobody configured.
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
	defer func() { _ = response.Body.Close() }() // it was only read
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("revocation list: %s answered %s", address, response.Status)
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxCRL+1))
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	if len(raw) > maxCRL {
		return nil, errors.New("revocation list: longer than 16 MiB")
	}
	return raw, nil
}
