package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/mask"
	"realname/shared/realname"
)

// mostNamed is how many persons a question names one by one.
const mostNamed = 20

// confirm names the persons that the command erases, and asks.
func (c *erase) confirm(ctx context.Context, s service, e *accounts.Erasure) error {
	persons, err := c.persons(ctx, s, e)
	if err != nil {
		return err
	}
	for i, p := range persons {
		if i == mostNamed {
			say(os.Stderr, "and %d more", len(persons)-mostNamed)
			break
		}
		say(os.Stderr, "%s", p)
	}
	if len(persons) == 0 {
		return nil // there is nobody to erase, and the command says so
	}
	fmt.Fprint(os.Stderr, "This cannot be undone. Type yes to erase: ")
	answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != "yes" {
		return errors.New("canceled: nothing was erased")
	}
	return nil
}

// persons describes each person that the command erases, with names masked.
func (c *erase) persons(ctx context.Context, s service, e *accounts.Erasure) ([]string, error) {
	if c.Enterprise != "" {
		one, err := s.legalRepresentative(ctx, idcode.NormalizeCode(c.Enterprise))
		return []string{one}, err
	}
	var all []realname.Account
	if c.Expired {
		err := s.Store.EnterpriseCodes(ctx, func(uscc string) error {
			expired, err := e.Expired(ctx, uscc, c.Retention)
			all = append(all, expired...)
			return err
		})
		if err != nil {
			return nil, err
		}
	} else {
		id, err := c.accountID(ctx, s)
		if err != nil {
			return nil, err
		}
		if all, err = s.Store.LoadAccounts(ctx, []string{id}); err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("there is no account %q", id)
		}
	}
	var persons []string
	for _, a := range all {
		name, err := s.holderOf(a)
		if err != nil {
			return nil, err
		}
		ent, err := s.Store.LoadEnterprise(ctx, a.USCC)
		if err != nil {
			return nil, err
		}
		persons = append(persons, fmt.Sprintf("%s, holder of account %s (login name %s) of %s (%s)", orNothing(name), a.ID,
			orNothing(a.LoginName), ent.Name, a.USCC))
	}
	return persons, nil
}

// legalRepresentative describes the legal representative of an enterprise.
func (s service) legalRepresentative(ctx context.Context, uscc string) (string, error) {
	ent, err := s.Store.LoadEnterprise(ctx, uscc)
	if err != nil {
		return "", err
	}
	if ent.USCC == "" {
		return "", fmt.Errorf("there is no enterprise %q", uscc)
	}
	var is realname.Identity
	if ent.LegalRepresentative != "" {
		is, err = realname.OpenIdentity(s.Sealer, ent.LegalRepresentative, realname.EnterpriseItem(uscc),
			realname.FieldLegalRepresentative)
	}
	return fmt.Sprintf("%s, legal representative of %s (%s)", orNothing(mask.Name(is.Name)), ent.Name, uscc), err
}
