package idcode_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"realname/shared/idcode"
)

//go:generate go test -run TestThePagesVectorsAreCurrent -update .

// webVectors is the file of this package's answers. web/src/idcode/idcode.test.ts
// requires the same answers from the pages' validators.
const webVectors = "../../web/src/idcode/vectors.json"

var update = flag.Bool("update", false, "write "+webVectors)

// vectors holds answers of this package: [kind, value, broken rule or ""], and
// [normalizer, value, normalized value].
type vectors struct {
	Today      string      `json:"today"`
	Judged     [][3]string `json:"judged"`
	Normalized [][3]string `json:"normalized"`
}

func TestThePagesVectorsAreCurrent(t *testing.T) {
	want := encode(t, makeVectors(t))
	if *update {
		if err := os.WriteFile(webVectors, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(webVectors)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("web/src/idcode/vectors.json differs from this package's answers: run go generate ./shared/idcode")
	}
}

// encode writes one vector per line, so that a change is readable in review.
func encode(t *testing.T, v vectors) []byte {
	var b bytes.Buffer
	line := func(v any) {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(raw)
	}
	list := func(name string, all [][3]string) {
		b.WriteString(",\n  \"" + name + "\": [")
		for i, v := range all {
			b.WriteString(map[bool]string{true: "\n    ", false: ",\n    "}[i == 0])
			line(v)
		}
		b.WriteString("\n  ]")
	}
	b.WriteString("{\n  \"today\": ")
	line(v.Today)
	list("judged", v.Judged)
	list("normalized", v.Normalized)
	b.WriteString("\n}\n")
	return b.Bytes()
}

// makeVectors mutates the hand-written vectors, always in the same way, and
// records this package's answer to each.
func makeVectors(t *testing.T) vectors {
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var seeds []struct{ Kind, Value string }
	if err := json.Unmarshal(raw, &seeds); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(32100, 11643))
	out := vectors{Today: today.Format("20060102")}
	seen := map[string]bool{}
	judge := func(kind, value string) {
		if !seen[kind+value] {
			seen[kind+value] = true
			out.Judged = append(out.Judged, [3]string{kind, value, ruleOf(kind, value)})
		}
	}
	for _, s := range seeds {
		judge(s.Kind, s.Value)
		for range 24 {
			judge(s.Kind, mutate(random, s.Value))
		}
		for _, v := range []string{s.Value, dress(random, s.Value), dress(random, s.Value)} {
			out.Normalized = append(out.Normalized,
				[3]string{"code", v, idcode.NormalizeCode(v)},
				[3]string{"mobile", v, idcode.NormalizeMobile(v)},
				[3]string{"name", v, idcode.NormalizeName(v)},
				[3]string{"name_key", v, idcode.NameKey(v)},
				[3]string{"sms_code", v, idcode.NormalizeSMSCode(v)})
		}
	}
	return out
}

// ruleOf returns the broken rule. For a validity, it also names the date.
func ruleOf(kind, value string) string {
	var e *idcode.Error
	if !errors.As(validators()[kind](value), &e) {
		return ""
	}
	if kind == "validity" {
		return e.Code + ":" + string(e.Rule)
	}
	return string(e.Rule)
}

// mutate changes, drops, doubles or swaps characters, as typing does.
func mutate(r *rand.Rand, s string) string {
	const letters = "0123456789ABEHIKMOSXZax/·河 é"
	runes, alphabet := []rune(s), []rune(letters)
	for range 1 + r.IntN(2) {
		at := 0
		if len(runes) > 0 {
			at = r.IntN(len(runes))
		}
		c := alphabet[r.IntN(len(alphabet))]
		if len(runes) == 0 {
			runes = append(runes, c)
			continue
		}
		if r.IntN(8) == 0 {
			runes = append(runes[:at], runes[at+1:]...)
			continue
		}
		switch {
		case r.IntN(8) == 0:
			runes = append(runes[:at], append([]rune{c}, runes[at:]...)...)
		case r.IntN(4) == 0 && at > 0:
			runes[at-1], runes[at] = runes[at], runes[at-1]
		case r.IntN(2) == 0:
			runes[at] = '0' + rune(r.IntN(10))
		default:
			runes[at] = c
		}
	}
	return string(runes)
}

// dress writes a value as people paste it: full-width, lower case, with spaces,
// hyphens, prefixes and invisible characters.
func dress(r *rand.Rand, s string) string {
	between := []string{
		"", "", "", "", " ", "-", "\u3000", "\u00a0", "\u200b", "\ufeff", "\u2060", "\u00ad",
		"\U000e0100", "\u3164", "\u200e", "\u202d", "–", "—", "•", "・", "˙", "．", "’", "“", "(", "】", "○", "\t",
	}
	var b strings.Builder
	b.WriteString([]string{"", "", "+86", "0086 ", "86", " "}[r.IntN(6)])
	for _, c := range s {
		switch {
		case c > ' ' && c < 0x7f && r.IntN(4) == 0:
			c += 0xFEE0
		case c >= 'A' && c <= 'Z' && r.IntN(3) == 0:
			c += 'a' - 'A'
		}
		b.WriteRune(c)
		b.WriteString(between[r.IntN(len(between))])
	}
	return b.String()
}
