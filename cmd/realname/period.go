package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"realname/shared/realname"
)

// since is a past instant: a duration before now (90m, 12h, 7d, 4w), or a day (2026-03-02).
type since string

// Validate checks the text. The parser adds the name of the flag to the error.
func (s since) Validate() error {
	_, err := s.at(time.Now())
	return err
}

// at returns the instant relative to now.
func (s since) at(now time.Time) (time.Time, error) {
	text := string(s)
	if day, err := time.ParseInLocation("2006-01-02", text, now.Location()); err == nil {
		return day, nil
	}
	for unit, length := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			if n, err := strconv.Atoi(number); err == nil && n > 0 {
				return now.Add(-time.Duration(n) * length), nil
			}
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("%q is neither a length of time such as 12h, 7d or 4w nor a day such as 2026-03-02",
		text)
}

// started returns the sessions that started since then, and which instant that is.
func (s service) started(
	ctx context.Context, then since, now time.Time,
) (sessions []realname.Session, from time.Time, err error) {
	if from, err = then.at(now); err != nil {
		return nil, from, err
	}
	sessions, err = s.Store.SessionsSince(ctx, from, now)
	return sessions, from, err
}
