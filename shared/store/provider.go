package store

import (
	"context"
	"fmt"

	"realname/shared/provider"
	"realname/shared/table"
)

func providerKey(name string) table.Key {
	return table.Key{PK: ProviderPartition.key(name), SK: "STATE"}
}

// LoadProviderState implements provider.States.
func (s *Store) LoadProviderState(ctx context.Context, name string) (provider.State, error) {
	key := providerKey(name)
	items, err := s.table.Get(ctx, key)
	if err != nil {
		return provider.State{}, fmt.Errorf("load provider state: %w", err)
	}
	it, ok := table.Find(items, key)
	if !ok {
		return provider.State{}, nil
	}
	var state provider.State
	err = read(it, &state)
	state.Version = it.Version
	return state, err
}

// SaveProviderState implements provider.States.
func (s *Store) SaveProviderState(ctx context.Context, name string, state provider.State) error {
	it, cond, err := put(providerKey(name), state.Version, state)
	if err != nil {
		return err
	}
	return s.transact(ctx, []table.Write{table.Put(it, cond)})
}
