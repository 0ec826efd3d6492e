// Package web holds the wizard's built pages and their HTTP headers.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Pages returns the built pages. ok is false if this program was built without them
// (`make web/dist/index.html`).
func Pages() (pages fs.FS, ok bool) {
	pages, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, false
	}
	_, err = fs.Stat(pages, "index.html")
	return pages, err == nil
}
