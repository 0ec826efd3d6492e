package httpapi

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"realname/api/contract"
	"realname/shared/realname"
)

// glossary returns the expressions of testdata/glossary.txt with their replacements.
func glossary(t *testing.T) map[*regexp.Regexp]string {
	t.Helper()
	file, err := os.Open("testdata/glossary.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // a file only read loses nothing
	words := map[*regexp.Regexp]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if expression, instead, ok := strings.Cut(lines.Text(), "\t"); ok {
			words[regexp.MustCompile("(?i)"+expression)] = instead
		}
	}
	if len(words) < 10 {
		t.Fatalf("the glossary has %d lines", len(words))
	}
	return words
}

// exempt matches code, the header of that name, and two phrases: "login name" is
// the label of the field loginName, and a card is "reported lost".
var exempt = regexp.MustCompile("`[^`]*`|WWW-Authenticate|(?i)login names?|reported lost")

// misused returns a word of the text that the glossary forbids, and its replacement.
func misused(words map[*regexp.Regexp]string, text string) (word, instead string) {
	text = exempt.ReplaceAllString(text, "")
	for expression, instead := range words {
		if word := expression.FindString(text); word != "" {
			return word, instead
		}
	}
	return "", ""
}

func TestEnglishTextsKeepToTheGlossary(t *testing.T) {
	files, err := filepath.Glob("texts*_en.go")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	files = append(files, "../../functions/bank-returns/page.go", "../../functions/oauth/oauth.go",
		"../../local/sandbox/bank/words.go", "../provider/mailtext/mailtext.go")
	words := glossary(t)
	for _, path := range files {
		for _, s := range stringsOf(t, path) {
			if word, instead := misused(words, s); word != "" {
				t.Errorf("%s: %q: say %s, not %q", path, s, instead, word)
			}
		}
	}
}

func TestTheContractKeepsToTheGlossary(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	texts := textsOf(tree)
	if len(texts) < 300 {
		t.Fatalf("the contract has %d texts", len(texts))
	}
	words := glossary(t)
	for _, s := range texts {
		if word, instead := misused(words, s); word != "" {
			t.Errorf("%q: say %s, not %q", s, instead, word)
		}
	}
}

// textsOf returns the contract's texts for readers: summaries, descriptions, and
// the texts of problems and hints in its examples.
func textsOf(node any) []string {
	var texts []string
	switch node := node.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			value := node[key]
			switch key {
			case "summary", "description", "title", "detail", "message", "error_description":
				if s, ok := value.(string); ok {
					texts = append(texts, s)
				}
			case "causes":
				causes, _ := value.([]any) // in a schema it is not a list
				for _, cause := range causes {
					texts = append(texts, cause.(string))
				}
			}
			texts = append(texts, textsOf(value)...)
		}
	case []any:
		for _, value := range node {
			texts = append(texts, textsOf(value)...)
		}
	}
	return texts
}

func TestExamplesOfProblemsSayWhatTheServiceSays(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, response := range doc.Components.Responses {
		content := response.Value.Content["application/problem+json"]
		if content == nil {
			continue
		}
		for name, example := range content.Examples {
			shown := example.Value.Value.(map[string]any)
			says := (english{}).Problem(realname.Code(shown["code"].(string)))
			if shown["title"] != says.Title || shown["detail"] != says.Detail {
				t.Errorf("%s: %q, %q; the service says %+v", name, shown["title"], shown["detail"], says)
			}
		}
	}
}
