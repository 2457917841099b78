package pygen

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// objectNames are what each class has in Go, because it embeds an Object of one of the two faces. They mean the same on
// all classes, so a member that would be called the same takes another name. Only Close is left to Python: a file that
// is not closed would be noticed late.
var objectNames = []string{
	"AsyncIter", "AsyncWith", "Attr", "Attrs", "Await", "Call", "CallAwait", "CallContext", "Chain", "Compare",
	"Contains", "Decode", "DelAttr", "DelIndex", "Dir", "Doc", "Equal", "Go", "GoMethod", "HasAttr", "Hash", "Help",
	"ID", "Index", "Is", "IsInstance", "IsNone", "Iter", "Len", "MIMEBundle", "Method", "MethodAwait", "MethodContext",
	"Methods", "Object", "Op", "Pickle", "PyClass", "PyObject", "Repr", "SetAttr", "SetIndex", "Signature", "Str",
	"String", "Super", "Truth", "Type", "Using", "Weak", "With",
}

// A class is one with its names in Go.
type class struct {
	*Member
	name string // of the type
	// make and as are the functions that make an instance, and that take an object as one.
	make, as string
	of       *class // that an alias is another name of
	members  []named
}

// finish names the functions of a class, and what its instances have.
func (c *class) finish(of *class, used map[string]bool) {
	plain := exported(goName(c.Name))
	c.of, c.make, c.as = of, free(used, "New"+plain), free(used, "As"+plain)
	taken := map[string]bool{}
	for _, name := range objectNames {
		taken[name] = true
	}
	order := make([]*Member, len(c.Members))
	for i := range c.Members {
		m := c.Members[i]
		m.Of = c.Name
		order[i] = &m
	}
	slices.SortStableFunc(order, func(a, b *Member) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name))
	})
	for _, m := range order {
		c.members = append(c.members, named{m, free(taken, exported(goName(m.Name)))})
	}
	slices.SortFunc(c.members, func(a, b named) int { return cmp.Compare(a.name, b.name) })
}

// source writes the type, the functions that lead to it, and its methods.
func (c *class) source(b *bytes.Buffer, module string, w writer) {
	plain := comment{}
	if c.of != nil {
		plain.paragraph(fmt.Sprintf("%s is another name of %s.", c.name, c.of.name))
		fmt.Fprintf(b, "\n%stype %s = %s\n", plain.String(), c.name, c.of.name)
		c.constructor(b, module, w)
		return
	}
	full := module + "." + c.Name
	fmt.Fprintf(b, "\n%stype %s struct{ *%s.Object }\n", c.typeComment(full), c.name, w.face())
	c.constructor(b, module, w)
	plain.paragraph(fmt.Sprintf("%s takes an object as a %s; it is an error if it is none.", c.as, full))
	fmt.Fprintf(b, "\n%sfunc %s(o pybridge.Referrer) (%s, error) { return pybridge.As[%[3]s](o.PyObject()) }\n", plain.String(), c.as, c.name)
	plain = comment{}
	plain.paragraph(fmt.Sprintf("PyClass names the class: pybridge.ClassOf[%s] returns it.", c.name))
	fmt.Fprintf(b, "\n%sfunc (%s) PyClass() (module, name string) { return %q, %q }\n", plain.String(), c.name, module, c.Name)
	for _, m := range c.members {
		fmt.Fprintf(b, "\n%s%s", m.comment(module), w.method(c, m))
	}
}

func (c *class) constructor(b *bytes.Buffer, module string, w writer) {
	text := new(comment)
	text.paragraph(fmt.Sprintf("%s makes a %s.%s.", c.make, module, c.Name))
	text.verbatim(c.signature())
	made := named{&Member{Name: c.Name, Kind: Function, Result: c.Name}, c.make}
	fmt.Fprintf(b, "\n%s%s", text.String(), w.function(made))
}

func (c *class) typeComment(full string) string {
	text := new(comment)
	first, rest := summary(c.Doc)
	text.paragraph(fmt.Sprintf("%s is a %s. %s", c.name, full, first))
	text.verbatim(rest)
	return text.String()
}

// sorted are the classes by the names of their types.
func sorted(classes map[string]*class) []*class {
	return slices.SortedFunc(maps.Values(classes), func(a, b *class) int { return cmp.Compare(a.name, b.name) })
}
