package main

import (
	"errors"
	"fmt"
	"net/url"
	"time"
)

// Validate checks the flags and names each one that has an unusable value.
func (c *serve) Validate() error {
	var wrong []error
	for _, f := range []struct {
		flag  string
		value time.Duration
	}{
		{"--step-timeout", c.StepTimeout},
		{"--session-timeout", c.SessionTimeout},
		{"--token-ttl", c.TokenTTL},
		{"--repair-every", c.RepairEvery},
		{"--notify-every", c.NotifyEvery},
		{"--notify-first", c.NotifyFirst},
	} {
		if f.value <= 0 {
			wrong = append(wrong, fmt.Errorf("%s: want a positive duration, got %v", f.flag, f.value))
		}
	}
	if c.SMSInterval < 0 {
		wrong = append(wrong, fmt.Errorf("--sms-interval: want at least 0s, got %v", c.SMSInterval))
	}
	if c.Rate <= 0 {
		wrong = append(wrong, fmt.Errorf("--rate: want more than 0, got %v", c.Rate))
	}
	if c.Burst < 1 {
		wrong = append(wrong, fmt.Errorf("--burst: want at least 1, got %d", c.Burst))
	}
	for _, origin := range c.CORSOrigin {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			wrong = append(wrong, fmt.Errorf("--cors-origin: want an origin such as http://localhost:5173, got %q", origin))
		}
	}
	if c.Tencent != nil && (c.Tencent.Host == "" || c.Tencent.Scheme != "http" && c.Tencent.Scheme != "https") {
		wrong = append(wrong, fmt.Errorf("--tencent: want a URL such as http://127.0.0.1:8090, got %q", c.Tencent))
	}
	return errors.Join(wrong...)
}
