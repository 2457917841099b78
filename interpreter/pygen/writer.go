package pygen

import "fmt"

// A writer writes declarations on top of one of the two faces.
type writer struct {
	errors  bool // functions return errors
	classes map[string]*class
}

// face is the package of Object.
func (w writer) face() string {
	if w.errors {
		return "pybridge"
	}
	return "py"
}

// function is the declaration of a function for a member of the module, or behind a class in it.
func (w writer) function(n named) string {
	return fmt.Sprintf("func %s(%s) %s {%s}\n", n.name, n.parameters(), w.results(n), w.body(n, w.access(n)))
}

// method is the declaration of a method of a class.
func (w writer) method(c *class, n named) string {
	access := fmt.Sprintf("x.Attr(%q)", n.Name)
	if n.Callable() {
		access = fmt.Sprintf("x.Method(%q, args...)", n.Name)
	}
	return fmt.Sprintf("func (x %s) %s(%s) %s {%s}\n", c.name, n.name, n.parameters(), w.results(n), w.body(n, access))
}

func (n named) parameters() string {
	if n.Callable() {
		return "args ...any"
	}
	return ""
}

// result is the type of what comes back, "" for any object.
func (w writer) result(n named) string {
	c := w.classes[n.Result]
	switch {
	case c == nil:
		return ""
	case c.of != nil:
		return c.of.name
	}
	return c.name
}

func (w writer) results(n named) string {
	t := w.result(n)
	if t == "" {
		t = "*" + w.face() + ".Object"
	}
	if w.errors {
		return "(" + t + ", error)"
	}
	return t
}

// body is what a function does, where access is the expression for what comes back.
func (w writer) body(n named, access string) string {
	t := w.result(n)
	switch {
	case t == "":
		return " return " + access + " "
	case w.errors:
		return fmt.Sprintf("\n\to, err := %s\n\treturn %s{o}, err\n", access, t)
	}
	return fmt.Sprintf(" return %s{%s} ", t, access)
}

// access is the expression for a member of the module.
func (w writer) access(n named) string {
	switch {
	case w.errors && n.Callable():
		return fmt.Sprintf("method(%q, %q, args)", n.Of, n.Name)
	case w.errors:
		return fmt.Sprintf("attr(%q, %q)", n.Of, n.Name)
	}
	owner := moduleFunction + "()"
	if n.Of != "" {
		owner += fmt.Sprintf(".Attr(%q)", n.Of)
	}
	if n.Callable() {
		return fmt.Sprintf("%s.Method(%q, args...)", owner, n.Name)
	}
	return fmt.Sprintf("%s.Attr(%q)", owner, n.Name)
}
