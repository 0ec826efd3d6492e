package pages

import (
	"encoding/json"
	"fmt"
	"io/fs"
)

// configFile is the deployment's own data, which the pages read when they start.
const configFile = "config.json"

// withDownload returns config.json with the address of the E-Port client control's
// download.
func withDownload(pages fs.FS, address string) ([]byte, error) {
	raw, err := fs.ReadFile(pages, configFile)
	if err != nil {
		return nil, err
	}
	var config map[string]any
	if err := json.Unmarshal(raw, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", configFile, err)
	}
	links, _ := config["links"].(map[string]any)
	if links == nil {
		links = map[string]any{}
	}
	links["control"], config["links"] = address, links
	return json.Marshal(config)
}
