package bank

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"realname/shared/bank"
)

// Path is the path of the sandbox bank.
const Path = "/sandbox/bank/"

// Config configures the sandbox bank.
type Config struct {
	Client *http.Client // sends callbacks
	Now    func() time.Time
	NewID  func() string
	Nonce  func() string
	Wait   func(ctx context.Context, d time.Duration) error
	// Slow is how long a slow callback takes.
	Slow time.Duration
}

// Bank plays the three banks.
type Bank struct {
	cfg    Config
	names  map[string]bank.Bank
	keys   map[string]keyring
	visits visits
	pages  *template.Template
	mux    *http.ServeMux
	run    context.Context // the context of callbacks
}

// keyring holds the keys with which one bank signs and verifies.
type keyring struct {
	own      pair
	partners map[string]bank.Key // the service's keys by serial
}

//go:embed page.html style.css
var files embed.FS

// New returns the bank. Its callbacks end with the context.
func New(ctx context.Context, cfg Config) (*Bank, error) {
	b := &Bank{cfg: cfg, names: map[string]bank.Bank{}, keys: map[string]keyring{}, mux: http.NewServeMux(), run: ctx}
	for _, known := range bank.Known() {
		own := bankKeys[known.Code]
		partner, _, err := ownKeys[own.algorithm].key()
		if err != nil {
			return nil, err
		}
		b.names[known.Code] = known
		b.keys[known.Code] = keyring{own: own, partners: map[string]bank.Key{partner.Serial: partner}}
	}
	var err error
	if b.pages, err = template.ParseFS(files, "page.html"); err != nil {
		return nil, fmt.Errorf("sandbox bank: %w", err)
	}
	b.mux.HandleFunc("GET "+Path+"style.css", b.style)
	b.mux.HandleFunc("GET "+Path+"{$}", b.index)
	b.mux.HandleFunc("GET "+Path+"{code}", b.index)
	b.mux.HandleFunc("POST "+Path+"{code}", b.enter)
	b.mux.HandleFunc("GET "+Path+"{code}/visits/{visit}", b.show)
	b.mux.HandleFunc("POST "+Path+"{code}/visits/{visit}", b.act)
	return b, nil
}

// ServeHTTP implements http.Handler.
func (b *Bank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	b.mux.ServeHTTP(w, r)
}

// maxForm is the largest form that the bank reads, in bytes.
const maxForm = 16 * 1024

func (b *Bank) style(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "style.css")
}

var errNoBank = errors.New("unknown bank")

// enter receives a browser that was handed over.
func (b *Bank) enter(w http.ResponseWriter, r *http.Request) {
	code := r.PathValue("code")
	handed, err := b.handed(code, r)
	if err != nil {
		b.write(w, r, http.StatusBadRequest, view{
			Code: code, Name: b.names[code].Name, Stage: "refused", Problem: err.Error(),
		})
		return
	}
	v := b.visits.open(&visit{
		ID: b.cfg.NewID(), Code: code, Handed: handed, Stage: stageCertificate, OpenedAt: b.cfg.Now(),
	})
	http.Redirect(w, r, Path+code+"/visits/"+v, http.StatusSeeOther)
}
