package stack

import (
	"os"
	"strings"
	"testing"
)

// The guide lists every kind of resource for the stage's staff, with its reason
// and its cost.
func TestEveryResourceHasALineInTheGuide(t *testing.T) {
	text, err := os.ReadFile("../../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "## Deployed resources")
	table, _, found := strings.Cut(rest, "### Partitions")
	if !found {
		t.Fatal("the guide has no table of resources")
	}
	everywhere(t, func(t *testing.T, v *variant) {
		for name, stack := range v.stacks {
			for id, r := range stack.Resources {
				if !strings.Contains(table, "`"+r.Type+"`") {
					t.Errorf("%s: %s is a %s, of which the guide says nothing", name, id, r.Type)
				}
			}
		}
	})
}
