package main

import (
	"errors"
	"fmt"
	"math"
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
		{"--idle-timeout", c.IdleTimeout},
		{"--repair-every", c.RepairEvery},
		{"--retention-every", c.RetentionEvery},
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
	if c.Rate <= 0 || math.IsNaN(c.Rate) {
		wrong = append(wrong, fmt.Errorf("--rate: want more than 0, got %v", c.Rate))
	}
	if c.Burst < 1 {
		wrong = append(wrong, fmt.Errorf("--burst: want at least 1, got %d", c.Burst))
	}
	if c.SourcePerMinute < 0 {
		wrong = append(wrong, fmt.Errorf("--source-per-minute: want at least 0, got %d", c.SourcePerMinute))
	}
	if c.ChecksPerDay < 1 {
		wrong = append(wrong, fmt.Errorf("--checks-per-day: want at least 1, got %d", c.ChecksPerDay))
	}
	if c.CardChallengesPerDay < 1 {
		wrong = append(wrong, fmt.Errorf("--card-challenges-per-day: want at least 1, got %d", c.CardChallengesPerDay))
	}
	for function, n := range c.Concurrency {
		if n < 1 {
			wrong = append(wrong, fmt.Errorf("--concurrency: %s: want at least 1, got %d", function, n))
		}
	}
	for _, origin := range c.CORSOrigin {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			wrong = append(wrong, fmt.Errorf("--cors-origin: want an origin such as http://localhost:5173, got %q", origin))
		}
	}
	wrong = append(wrong, c.wrongSimulators()...)
	return errors.Join(append(wrong, c.validateForm()...)...)
}

// sandboxCard is the default address of the sandbox card's client control.
const sandboxCard = "127.0.0.1:61232"

// validateForm refuses flags of the other form, which would have no effect.
func (c *serve) validateForm() (wrong []error) {
	if c.Demo && c.Data != "" {
		wrong = append(wrong, errors.New("--demo and --data: want one of them"))
	}
	if !c.isProduction() {
		if c.Fresh && c.State == "" {
			wrong = append(wrong, errors.New("--fresh: want --state, too"))
		}
		for _, f := range []struct {
			flag string
			set  bool
		}{
			{"--tls-cert", c.TLSCert != ""},
			{"--tls-key", c.TLSKey != ""},
			{"--trusted-proxy", len(c.TrustedProxy) > 0},
			{"--metrics", c.Metrics != ""},
		} {
			if f.set {
				wrong = append(wrong, fmt.Errorf("%s: is of the production form (--state without --data and --demo)", f.flag))
			}
		}
		return wrong
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		wrong = append(wrong, errors.New("--tls-cert and --tls-key: want both"))
	}
	for _, f := range []struct {
		flag, instead string
		set           bool
	}{
		{"--step-timeout", "REALNAME_STEP_TIMEOUT", c.StepTimeout != 30*time.Minute},
		{"--session-timeout", "REALNAME_SESSION_TIMEOUT", c.SessionTimeout != 24*time.Hour},
		{"--sms-interval", "REALNAME_SMS_INTERVAL", c.SMSInterval != time.Minute},
		{"--notify-first", "REALNAME_NOTIFY_FIRST", c.NotifyFirst != 5*time.Second},
		{"--token-ttl", "REALNAME_TOKEN_TTL", c.TokenTTL != 2*time.Hour},
		{"--idle-timeout", "REALNAME_IDLE_TIMEOUT", c.IdleTimeout != 30*time.Minute},
		{"--repair-every", "REALNAME_REPAIR_AFTER", c.RepairEvery != 5*time.Second},
		{"--tencent", "REALNAME_TENCENT_ENDPOINT", c.Tencent != nil},
		{"--aliyun", "REALNAME_ALIYUN_ENDPOINT", c.Aliyun != nil},
		{"--second-opinion", "REALNAME_REGISTRY_SECOND_OPINION", c.SecondOpinion},
		{"--baidu", "REALNAME_BAIDU_ENDPOINT", c.Baidu != nil},
		{"--checks-per-day", "REALNAME_CHECKS_PER_DAY", c.ChecksPerDay != 30},
		{"--card-challenges-per-day", "REALNAME_CARD_CHALLENGES_PER_DAY", c.CardChallengesPerDay != 50},
		{"--retention-every", "", c.RetentionEvery != time.Hour},
		{"--source-per-minute", "REALNAME_SOURCE_PER_MINUTE", c.SourcePerMinute != 0},
		{"--notify-every", "", c.NotifyEvery != 5*time.Second},
		{"--card", "", c.Card != sandboxCard},
		{"--concurrency", "", len(c.Concurrency) > 0},
		{"--fresh", "", c.Fresh},
		{"--abort-at", "", len(c.AbortAt) > 0},
		{"--meter", "", c.Meter},
	} {
		switch {
		case f.set && f.instead != "":
			wrong = append(wrong, fmt.Errorf("%s: is of the demonstration; in the production form set %s", f.flag, f.instead))
		case f.set:
			wrong = append(wrong, fmt.Errorf("%s: is of the demonstration", f.flag))
		}
	}
	return wrong
}
