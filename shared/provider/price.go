package provider

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"realname/shared/realname"
)

// Amount is an amount of money in 厘, thousandths of a yuan.
type Amount int64

func (a Amount) String() string { return fmt.Sprintf("%d.%03d", a/1000, a%1000) }

// yuan is compiled at its first use, not at each start of a function.
var yuan = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([0-9]{1,4})(?:\.([0-9]{1,3}))?$`)
})

// ParseAmount reads yuan with at most three decimals.
func ParseAmount(text string) (Amount, error) {
	parts := yuan().FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("want yuan such as 0.40, with at most three decimals, got %q", text)
	}
	// Both parts are digits only, so they cannot fail.
	whole, _ := strconv.ParseInt(parts[1], 10, 64)
	part, _ := strconv.ParseInt((parts[2] + "000")[:3], 10, 64)
	return Amount(1000*whole + part), nil
}

// Price is what one question costs.
type Price struct {
	Amount Amount `json:"amount"`
	// Charged are the outcomes that the provider charges for.
	Charged []realname.Outcome `json:"charged"`
}

// Prices are the prices of a provider, by check.
type Prices map[realname.CheckName]Price

// Of returns the cost of a question with this outcome.
func (p Prices) Of(check realname.CheckName, o realname.Outcome) Amount {
	if price := p[check]; slices.Contains(price.Charged, o) {
		return price.Amount
	}
	return 0
}

// ParseCharged reads outcomes separated by commas.
func ParseCharged(text string) ([]realname.Outcome, error) {
	var charged []realname.Outcome
	for word := range strings.SplitSeq(text, ",") {
		switch o := realname.Outcome(strings.TrimSpace(word)); o {
		case realname.Match, realname.Mismatch, realname.NotCovered, realname.InvalidInput:
			charged = append(charged, o)
		default:
			return nil, fmt.Errorf("want outcomes of match, mismatch, not_covered, invalid_input, got %q", word)
		}
	}
	return charged, nil
}
