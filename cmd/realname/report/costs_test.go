package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"realname/cmd/realname/report"
	"realname/shared/provider"
	"realname/shared/realname"
)

func TestCostsAreThoseOfEveryQuestion(t *testing.T) {
	at := time.Date(2026, 3, 2, 15, 59, 0, 0, time.UTC) // 23:59 in China
	said := func(name string, o realname.Outcome, at time.Time) realname.Evidence {
		return realname.Evidence{Check: realname.RegistryCheck, AskedAt: at, Provider: name, Outcome: o}
	}
	with := said("aliyun", realname.Match, at)
	with.Others = []realname.Evidence{said("tencent", realname.Mismatch, at), said("baidu", "", at)}
	repeated := said("tencent", realname.Mismatch, at)
	repeated.Repeated = true
	unasked := said("baidu", realname.NotCovered, at)
	unasked.NotAsked = true
	unasked.Others = []realname.Evidence{said("aliyun", realname.NotCovered, at)}
	var attempts []realname.Attempt
	for _, e := range []realname.Evidence{
		with, repeated, unasked, said("tencent", realname.Match, at), said("tencent", realname.Match, at.Add(time.Minute)),
		said("tencent", realname.Match, at.Add(-time.Hour)), said("tencent", realname.NotCovered, at),
		{Provider: "eport"},
		{Check: realname.SMSCheck, AskedAt: at, Provider: "sns", Outcome: realname.Match},
	} {
		attempts = append(attempts, realname.Attempt{Evidence: e})
	}
	charged := []realname.Outcome{realname.Match, realname.Mismatch}
	prices := map[string]provider.Prices{
		"tencent": {realname.RegistryCheck: {Amount: 1200, Charged: charged}},
		"aliyun":  {realname.RegistryCheck: {Amount: 500, Charged: charged}},
	}
	all, total := report.Costs(attempts, prices, at)
	var lines []string
	for _, c := range all {
		lines = append(lines, fmt.Sprint(c.Day, " ", c.Provider, " ", c.Check, " ", c.Outcome, " ", c.Questions, " ", c.Yuan))
	}
	want := `20260302 aliyun registry match 1 0.500
20260302 aliyun registry not_covered 1 0.000
20260302 baidu registry unavailable 1 
20260302 sns sms match 1 
20260302 tencent registry match 1 1.200
20260302 tencent registry mismatch 1 1.200
20260302 tencent registry not_covered 1 0.000
20260303 tencent registry match 1 1.200`
	if got := strings.Join(lines, "\n"); got != want || total != "4.100" {
		t.Errorf("%s\ntotal %s, want\n%s\n4.100", got, total, want)
	}
}
