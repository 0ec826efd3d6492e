package main

import (
	"context"
	"fmt"

	"realname/shared/idcode"
)

// forEach calls f with the given enterprise or, if uscc is empty, with every enterprise.
func (s service) forEach(ctx context.Context, uscc string, f func(uscc string) error) error {
	if uscc != "" {
		uscc = idcode.NormalizeCode(uscc)
		if err := idcode.ValidateUSCC(uscc); err != nil {
			return fmt.Errorf("--uscc: %w", err)
		}
		return f(uscc)
	}
	return s.Store.EnterpriseCodes(ctx, f)
}

// codes returns the codes that forEach gives.
func (s service) codes(ctx context.Context, uscc string) (codes []string, err error) {
	err = s.forEach(ctx, uscc, func(uscc string) error {
		codes = append(codes, uscc)
		return nil
	})
	return codes, err
}

// gather calls look with each enterprise that forEach gives. It returns how many there
// were, and everything that was found.
func gather[T any](
	ctx context.Context, s service, uscc string, look func(ctx context.Context, uscc string) ([]T, error),
) (read int, found []T, err error) {
	found = []T{}
	err = s.forEach(ctx, uscc, func(uscc string) error {
		some, err := look(ctx, uscc)
		if err != nil {
			return fmt.Errorf("enterprise %s: %w", uscc, err)
		}
		read++
		found = append(found, some...)
		return nil
	})
	return read, found, err
}
