package main

import (
	_ "embed" // the prices
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed prices.json
var pricesFile []byte

// priceList holds the prices of AWS and the assumed time and memory of
// invocations. The benchmarks cannot measure billed time, because it depends on
// providers and networks.
type priceList struct {
	Region  string `json:"region"`
	Read    string `json:"read"` // the day on which the prices were read
	Prices  map[string]price
	Assumed map[string]assumption // by function or work; "" for all others
}

// assumption is the memory of an invocation, as deployed, and its billed time.
type assumption struct {
	MemoryMB float64 `json:"memoryMB"`
	MS       float64 `json:"ms"`
}

type price struct {
	USD    float64 `json:"usd"`
	Per    float64 `json:"per"`
	What   string  `json:"what"`
	Source string  `json:"source"`
}

func readPrices() (priceList, error) {
	var p priceList
	err := json.Unmarshal(pricesFile, &p)
	return p, err
}

// billed lists the items of a bill in order.
var billed = []string{
	"request", "invocation", "gigabyteSecond", "transition", "writeUnit", "readUnit", "signature", "event", "logByte",
}

// line is one line of a bill: the price of 1,000 verifications by each method.
type line struct {
	What    string
	Dollars []float64
}

// Bill calculates the price of 1,000 visits by each method. The last line is the sum.
func (p priceList) Bill(f figures, methods []string) ([]line, error) {
	bill := make([]line, len(billed), len(billed)+1)
	sum := line{What: "sum", Dollars: make([]float64, len(methods))}
	for i, item := range billed {
		if p.Prices[item].Per == 0 {
			return nil, fmt.Errorf("prices.json: no price of %s", item)
		}
		bill[i] = line{What: p.Prices[item].What, Dollars: make([]float64, len(methods))}
	}
	for m, method := range methods {
		used, err := p.used(f, method)
		if err != nil {
			return nil, err
		}
		for i, item := range billed {
			dollars := 1000 * used[item] * p.Prices[item].USD / p.Prices[item].Per
			bill[i].Dollars[m] = dollars
			sum.Dollars[m] += dollars
		}
	}
	return append(bill, sum), nil
}

// sum returns the dollars for 1,000 visits by the method.
func (p priceList) sum(f figures, method string) (float64, error) {
	bill, err := p.Bill(f, []string{method})
	if err != nil {
		return 0, err
	}
	return bill[len(bill)-1].Dollars[0], nil
}

// used returns how much of each billed item one visit by the method uses.
func (p priceList) used(f figures, method string) (map[string]float64, error) {
	prefix := "Cost/method=" + method + "/"
	used := map[string]float64{}
	for item, unit := range map[string]string{
		"request": "requests", "transition": "transitions", "signature": "signatures", "event": "events", "logByte": "log-B",
	} {
		v, err := f.Of(unit, prefix, "all")
		if err != nil {
			return nil, err
		}
		used[item] = v
	}
	works, err := f.Under(prefix + "work=")
	if err != nil {
		return nil, err
	}
	for _, work := range works {
		u := f.values[prefix+"work="+work]
		used["invocation"] += u["invocations"]
		used["gigabyteSecond"] += u["invocations"] * p.gigabyteSeconds(work)
		used["writeUnit"] += u["WU"] + u["index-WU"]
		used["readUnit"] += u["RU"]
	}
	return used, nil
}

func (p priceList) gigabyteSeconds(work string) float64 {
	a := p.of(work)
	return a.MemoryMB / 1024 * a.MS / 1000
}

// of returns the assumption about work: that for the route, its function, or the default.
func (p priceList) of(work string) assumption {
	function, _, _ := strings.Cut(work, ":")
	for _, name := range []string{work, function} {
		if a, ok := p.Assumed[name]; ok {
			return a
		}
	}
	return p.Assumed[""]
}
