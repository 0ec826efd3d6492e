package main

import (
	"errors"
	"fmt"
	"net/url"
	"time"
)

// Validate lets the parser name each flag with which nothing could be served.
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
			wrong = append(wrong, fmt.Errorf("%s must be longer than nothing", f.flag))
		}
	}
	if c.SMSInterval < 0 {
		wrong = append(wrong, errors.New("--sms-interval must not be negative"))
	}
	if c.Rate <= 0 {
		wrong = append(wrong, errors.New("--rate must be more than 0"))
	}
	if c.Burst < 1 {
		wrong = append(wrong, errors.New("--burst must be at least 1"))
	}
	for _, origin := range c.CORSOrigin {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			wrong = append(wrong, fmt.Errorf("--cors-origin: %q is no origin such as http://localhost:5173", origin))
		}
	}
	if c.Tencent != nil && (c.Tencent.Host == "" || c.Tencent.Scheme != "http" && c.Tencent.Scheme != "https") {
		wrong = append(wrong, fmt.Errorf("--tencent: %q is no URL such as http://127.0.0.1:8090", c.Tencent))
	}
	return errors.Join(wrong...)
}
