package pages

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// file is a file of the pages. It is read, marked and compressed once, at its first use.
type file struct {
	name    string
	content func() ([]byte, error)
	tag     func() string
	zipped  func() []byte // nil for a file that is not compressed
}

func newFile(name string, read func() ([]byte, error)) *file {
	f := &file{name: name, content: sync.OnceValues(read)}
	f.tag = sync.OnceValue(func() string {
		content, err := f.content()
		if err != nil {
			return "" // serve finds the same error
		}
		return digest(content)
	})
	f.zipped = sync.OnceValue(f.zip)
	return f
}

// files are the files of the pages, each from its first use. A cold start would otherwise
// take longer to list them than to serve one.
type files struct {
	pages fs.FS

	mu    sync.Mutex
	found map[string]*file
}

// get returns the file with that name, nil if there is none.
func (f *files) get(name string) *file {
	f.mu.Lock()
	defer f.mu.Unlock()
	if found, ok := f.found[name]; ok {
		return found
	}
	info, err := fs.Stat(f.pages, name)
	if err != nil || !info.Mode().IsRegular() {
		return nil // not kept: strangers choose the names
	}
	f.found[name] = newFile(name, func() ([]byte, error) { return fs.ReadFile(f.pages, name) })
	return f.found[name]
}

// texts are the types of files that compression makes smaller.
var texts = []string{".css", ".html", ".js", ".json", ".svg"}

// leastZipped is the size below which a compressed file saves no packet.
const leastZipped = 1024

// zip compresses the file.
func (f *file) zip() []byte {
	content, err := f.content()
	if err != nil || len(content) < leastZipped || !slices.Contains(texts, path.Ext(f.name)) {
		return nil
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write(content) // a buffer takes all
	_ = w.Close()
	return zipped.Bytes()
}

// serve answers with the file. suffix is what its answer depends on beside the content.
func (f *file) serve(w http.ResponseWriter, r *http.Request, suffix string) {
	content, err := f.content()
	if err != nil {
		http.Error(w, "internal server error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("ETag", `W/"`+f.tag()+suffix+`"`) // weak, because a compressed file has the same one
	if zipped := f.zipped(); zipped != nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header) && r.Header.Get("Range") == "" {
			w.Header().Set("Content-Encoding", "gzip")
			content = zipped
		}
	}
	http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(content))
}

// takesGzip reports whether the caller accepts gzip (RFC 9110, 12.5.3).
func takesGzip(header http.Header) bool {
	for part := range strings.SplitSeq(strings.Join(header.Values("Accept-Encoding"), ","), ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		_, value, _ := strings.Cut(weight, "=")
		return strings.Trim(value, "0. ") != "" || strings.TrimSpace(value) == ""
	}
	return false
}
