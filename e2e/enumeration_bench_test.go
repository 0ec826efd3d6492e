package e2e

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"realname/e2e/world"
)

// BenchmarkEnumeration asks as a stranger who wants to learn which records
// exist, alternating between existing and missing ones. It prints how well the
// answer time separates the two: both medians, the share of pairs in which the
// existing record took longer (0.5 is a coin), that share's distance from a
// coin in standard errors (Mann–Whitney), and the largest distance between the
// two distributions (Kolmogorov–Smirnov). The benchmark only measures time.
// Tests in local/server assert that both cases make the same calls and hash
// equally often.
func BenchmarkEnumeration(b *testing.B) {
	asks := 400
	if testing.Short() {
		asks = 3
	}
	p, stop, err := start(everyone)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	anybody := &clerk{TB: b, at: p}
	var known []string
	for _, e := range world.Enterprises()[:asks] {
		known = append(known, e.LoginName)
	}
	post := func(path string, body func(n int, login string) map[string]any) func(int, bool) int {
		return func(n int, exists bool) int {
			login := fmt.Sprintf("absent-%d", n)
			if exists {
				login = known[n]
			}
			return anybody.post(path, body(n, login)).Status
		}
	}
	mobile := func(n int, login string) string { return fmt.Sprintf("13%d%08d", len(login)%7+1, n) }
	for _, question := range []struct {
		name string
		ask  func(n int, exists bool) int
	}{
		{"login", post("/v1/login", func(_ int, login string) map[string]any {
			return map[string]any{"loginName": login, "password": "guess"}
		})},
		{"reset-code", post("/v1/password-reset-codes", func(n int, login string) map[string]any {
			return map[string]any{"loginName": login, "mobile": mobile(n, login)}
		})},
		{"reset", post("/v1/password-resets", func(n int, login string) map[string]any {
			return map[string]any{
				"loginName": login, "mobile": mobile(n, login), "smsCode": "123456", "newPassword": newPassword,
			}
		})},
		{"activation", post("/v1/activations", func(_ int, login string) map[string]any {
			return map[string]any{"loginName": login, "activationCode": "0000-0000-0000-0000", "newPassword": newPassword}
		})},
		{"oauth", func(_ int, exists bool) int {
			client := map[bool]string{true: "customs", false: "custome"}[exists]
			answer, _ := p.tokenAnswer(b,
				url.Values{"grant_type": {"client_credentials"}, "client_id": {client}, "client_secret": {"guess"}}, nil)
			return answer.StatusCode
		}},
	} {
		b.Run(question.name, func(b *testing.B) {
			for b.Loop() {
				var took [2][]float64 // of missing records, and of existing ones
				for n := range asks {
					for turn := range 2 {
						exists := (n+turn)%2 == 1
						begun := time.Now()
						status := question.ask(n, exists)
						spent := float64(time.Since(begun).Microseconds())
						if status == http.StatusTooManyRequests || status >= http.StatusInternalServerError {
							b.Fatalf("%d", status)
						}
						took[map[bool]int{false: 0, true: 1}[exists]] = append(took[map[bool]int{false: 0, true: 1}[exists]], spent)
					}
				}
				report(b, took[0], took[1])
			}
		})
	}
}

func report(b *testing.B, absent, existing []float64) {
	share, z := mannWhitney(absent, existing)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(absent), "µs-absent")
	b.ReportMetric(median(existing), "µs-existing")
	b.ReportMetric(share, "longer-share")
	b.ReportMetric(z, "z")
	b.ReportMetric(kolmogorovSmirnov(absent, existing), "KS-distance")
}

func median(all []float64) float64 {
	s := slices.Sorted(slices.Values(all))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// mannWhitney returns the share of pairs in which b is larger, counting ties as
// one half, and the distance of that share from one half in standard errors.
func mannWhitney(a, b []float64) (share, z float64) {
	for _, x := range a {
		for _, y := range b {
			share += float64(cmp.Compare(y, x)+1) / 2
		}
	}
	n, m := float64(len(a)), float64(len(b))
	share /= n * m
	return share, (share - 0.5) / math.Sqrt((n+m+1)/(12*n*m))
}

// kolmogorovSmirnov returns the largest distance between the two distributions.
func kolmogorovSmirnov(a, b []float64) (most float64) {
	below := func(all []float64, x float64) float64 {
		n, _ := slices.BinarySearchFunc(all, x, func(e, x float64) int {
			if e <= x {
				return -1
			}
			return 1
		})
		return float64(n) / float64(len(all))
	}
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	for _, x := range slices.Concat(a, b) {
		most = max(most, math.Abs(below(a, x)-below(b, x)))
	}
	return most
}

// Checks the statistics on samples with known results.
func TestTheStatisticsOfEnumerationTellSamplesApart(t *testing.T) {
	a, b := []float64{1, 2, 3, 4}, []float64{5, 6, 7, 8}
	if share, z := mannWhitney(a, b); share != 1 || math.Abs(z-2.309) > 0.001 {
		t.Errorf("apart: %v %v", share, z)
	}
	if share, z := mannWhitney(a, a); share != 0.5 || z != 0 {
		t.Errorf("alike: %v %v", share, z)
	}
	if d := kolmogorovSmirnov(a, b); d != 1 {
		t.Errorf("apart: %v", d)
	}
	if d := kolmogorovSmirnov(a, a); d != 0 {
		t.Errorf("alike: %v", d)
	}
	if d := kolmogorovSmirnov(a, []float64{3, 4, 5, 6}); d != 0.5 {
		t.Errorf("overlapping: %v", d)
	}
	if m := median(a); m != 2.5 {
		t.Errorf("median %v", m)
	}
}
