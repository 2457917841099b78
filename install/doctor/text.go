package doctor

import (
	"fmt"
	"io"
	"strings"
)

// Write prints the report for people.
func (r *Report) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "gopy-kernel %s\n\n", r.Version)
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%-8s %-11s %s\n", c.State, c.Name, c.Found)
		for _, f := range c.Facts {
			fmt.Fprintf(&b, "%20s %s: %s\n", "", f.Name, f.Text)
		}
		if c.Remedy != "" {
			fmt.Fprintf(&b, "%20s to mend it: %s\n", "", c.Remedy)
		}
	}
	b.WriteString("\n" + r.conclusion() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) conclusion() string {
	if r.Ready {
		return "Go cells can run."
	}
	var names []string
	for _, c := range r.Checks {
		if c.Needed && c.State == Missing {
			names = append(names, c.Name)
		}
	}
	return "Cells cannot run: see " + strings.Join(names, ", ") + "."
}
