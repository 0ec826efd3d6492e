package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const screenshots = "../docs/screenshots"

var (
	linked  = regexp.MustCompile(`\]\(([a-z0-9-]+)-(1280|375)\.png\)`)
	picture = regexp.MustCompile(`^([a-z0-9-]+)-(1280|375)\.png$`)
)

// names returns the pictures of one width in the links of a text.
func names(text, width string) []string {
	var found []string
	for _, m := range linked.FindAllStringSubmatch(text, -1) {
		if m[2] == width {
			found = append(found, m[1])
		}
	}
	return found
}

func TestEachPageOfTheManualHasItsPicturesInBothWidths(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(screenshots, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 || strings.HasPrefix(cells[0], " ---") || strings.Contains(cells[0], "manual") {
			continue
		}
		rows++
		wide, narrow := names(cells[1], "1280"), names(cells[2], "375")
		if len(wide) == 0 || !slices.Equal(wide, narrow) {
			t.Errorf("%s: at 1280 px %v, at 375 px %v", strings.TrimSpace(cells[0]), wide, narrow)
		}
	}
	if rows < 20 {
		t.Errorf("the table has %d pages of the manual", rows)
	}
}

func TestTheListOfPicturesIsWhole(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(screenshots, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, width := range []string{"1280", "375"} {
		for _, name := range names(string(raw), width) {
			listed[name] = true
			for _, other := range []string{"1280", "375"} {
				if _, err := os.Stat(filepath.Join(screenshots, name+"-"+other+".png")); err != nil {
					t.Error(err)
				}
			}
		}
	}
	files, err := os.ReadDir(screenshots)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name() == "en" {
			englishPicturesAreListed(t, listed)
			continue
		}
		if strings.HasSuffix(f.Name(), "-a4.png") { // on paper
			if !strings.Contains(string(raw), "("+f.Name()+")") {
				t.Errorf("%s is not in the list", f.Name())
			}
			continue
		}
		if m := picture.FindStringSubmatch(f.Name()); m != nil && !listed[m[1]] {
			t.Errorf("%s is not in the list", f.Name())
		} else if m == nil && f.Name() != "README.md" {
			t.Errorf("%s: want a picture with a width of 1280 or 375, or on A4", f.Name())
		}
	}
}

// englishPicturesAreListed checks that each English picture has a Chinese one of its name.
func englishPicturesAreListed(t *testing.T, listed map[string]bool) {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(screenshots, "en"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d English pictures: %v", len(files), err)
	}
	for _, f := range files {
		m := picture.FindStringSubmatch(f.Name())
		if strings.HasSuffix(f.Name(), "-a4.png") {
			if _, err := os.Stat(filepath.Join(screenshots, f.Name())); err != nil {
				t.Error(err)
			}
			continue
		}
		if m == nil || !listed[m[1]] {
			t.Errorf("en/%s: no Chinese picture of this name is in the list", f.Name())
		}
	}
}
