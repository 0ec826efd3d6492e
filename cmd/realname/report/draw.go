package report

import (
	"html/template"
	"io"
)

// Sizes of the drawing, in pixels.
const (
	labelWidth = 220
	barLength  = 480
	rowHeight  = 28
	barHeight  = 18
)

// row is one line of the drawing.
type row struct {
	Y, TextY        int
	Title           bool
	Label, Figures  string
	Reached, Passed int // lengths
}

//nolint:lll // an SVG's elements are long
var drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="{{.Width}}" height="{{.Height}}" viewBox="0 0 {{.Width}} {{.Height}}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Verification sessions by method and step">
<rect width="100%" height="100%" fill="#fff"/>
{{range .Rows}}{{if .Title}}<text x="8" y="{{.TextY}}" font-weight="bold">{{.Label}}</text>
{{else}}<text x="8" y="{{.TextY}}">{{.Label}}</text><rect x="{{$.Label}}" y="{{.Y}}" width="{{.Reached}}" height="{{$.Bar}}" fill="#f2b8b5"><title>reached</title></rect><rect x="{{$.Label}}" y="{{.Y}}" width="{{.Passed}}" height="{{$.Bar}}" fill="#2e7d32"><title>passed</title></rect><text x="{{$.Right}}" y="{{.TextY}}">{{.Figures}}</text>
{{end}}{{end}}</svg>
`

// Draw writes the funnels as an SVG image. For each step, it draws a bar of the
// sessions that reached it and, over it, a bar of those that passed it.
func Draw(w io.Writer, funnels []Funnel) error {
	var rows []row
	add := func(r row) {
		r.Y = 8 + rowHeight*len(rows)
		r.TextY = r.Y + barHeight - 4
		rows = append(rows, r)
	}
	for _, f := range funnels {
		add(row{Title: true, Label: title(f)})
		for _, st := range f.Steps {
			add(row{
				Label: string(st.Step), Figures: figures(st),
				Reached: barLength * st.Reached / f.Started, Passed: barLength * st.Passed / f.Started,
			})
		}
	}
	t, err := template.New("funnels").Parse(drawing)
	if err != nil {
		return err
	}
	return t.Execute(w, map[string]any{
		"Rows": rows, "Width": labelWidth + barLength + 220, "Height": 16 + rowHeight*max(1, len(rows)),
		"Label": labelWidth, "Right": labelWidth + barLength + 8, "Bar": barHeight,
	})
}
