// Package web holds the wizard's built pages and the HTTP headers that they are
// served with, wherever that is.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Pages returns the built pages; ok is false when they were not built before
// this program was (`make web/dist/index.html`).
func Pages() (pages fs.FS, ok bool) {
	pages, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, false
	}
	_, err = fs.Stat(pages, "index.html")
	return pages, err == nil
}
