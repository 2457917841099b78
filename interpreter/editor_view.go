package interpreter

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strings"
)

// A view is a cell that is being written, with its types, and the identifier in it that is looked at.
type view struct {
	*checkedCell
	desk *desk
	path []ast.Node // that enclose the identifier, the outermost first, it itself last; never empty
	lost bool       // the identifier is looked at alone, for the parser could not place it
}

// views checks a sketch, and then less of it if the parser complains and more is asked for: the items
// that it understands and the one with the identifier, up to there; at last, if the syntax had no place
// for the identifier, only that with what it is selected from.
func (d *desk) views(whole sketch) iter.Seq[*view] {
	return func(yield func(*view) bool) {
		v, err := d.view(whole)
		if v != nil && !yield(v) || err == nil {
			return
		}
		less, _ := d.view(whole.cut())
		if less != nil && !yield(less) || v != nil || less != nil {
			return
		}
		if v, _ := d.view(d.place.chain(whole)); v != nil {
			v.lost = true
			yield(v)
		}
	}
}

// view checks a sketch as far as it can be parsed; nil if its identifier is not to be found then.
// The error is the parser's.
func (d *desk) view(s sketch) (*view, error) {
	c, err := parse(d.checker.fset, s.text)
	if c == nil {
		return nil, err
	}
	path := pathTo(c, s.at)
	if path == nil {
		return nil, err
	}
	return &view{checkedCell: d.checker.check(c, d.session, leftOut{dependents: true}), desk: d, path: path}, err
}

// pathTo finds the identifier at an offset, and what encloses it.
func pathTo(c *parsedCell, offset int) []ast.Node {
	var path []ast.Node
	found := false
	visit := func(n ast.Node) bool {
		if found {
			return false
		}
		if n == nil {
			path = path[:len(path)-1]
			return false
		}
		path = append(path, n)
		id, ok := n.(*ast.Ident)
		found = ok && id.Pos().IsValid() && id.Name != "_" && c.offset(id.Pos()) == offset
		return !found
	}
	for _, d := range c.declarations.Decls {
		ast.Inspect(d, visit)
	}
	for _, s := range c.statements {
		ast.Inspect(s, visit)
	}
	if !found {
		return nil
	}
	return path
}

// cut leaves out the items that do not parse, and what follows the identifier in its own.
func (s sketch) cut() sketch {
	items, err := split(s.text)
	if err != nil {
		return s
	}
	text := []byte(s.text)
	blank := func(from, to int) {
		for k := from; k < to; k++ {
			if text[k] != '\n' {
				text[k] = ' '
			}
		}
	}
	for _, i := range items {
		switch {
		case i.start <= s.at && s.at < i.end:
			blank(s.identEnd(), i.end)
		case !parses(s.text[i.start:i.end]):
			blank(i.start, i.end)
		}
	}
	return mend(string(text), s.at)
}

// identEnd is where the identifier ends, or the call that was made of it.
func (s sketch) identEnd() int {
	end := s.at + len(s.ident())
	if strings.HasPrefix(s.text[s.at:], placeholder+"()") {
		end += len("()")
	}
	return end
}

func (s sketch) ident() string {
	rest := s.text[s.at:]
	return rest[:len(rest)-len(strings.TrimLeftFunc(rest, isWordRune))]
}

func parses(item string) bool {
	_, err := parse(token.NewFileSet(), item)
	return err == nil
}

// chain is the identifier with the names before it that it is selected from.
func (p *place) chain(whole sketch) sketch {
	names, _ := p.selected()
	slices.Reverse(names)
	names = append(names, whole.ident())
	text := strings.Join(names, ".")
	return sketch{text: text, at: len(text) - len(whole.ident())}
}

// ancestor is the n-th of the nodes that enclose the identifier, from the inside, or nil.
func (v *view) ancestor(n int) ast.Node {
	if len(v.path) <= n {
		return nil
	}
	return v.path[len(v.path)-1-n]
}

// ident is the identifier that is looked at.
func (v *view) ident() *ast.Ident { return v.ancestor(0).(*ast.Ident) }

// scopes are those that enclose the identifier within its top-level item, the innermost first.
func (v *view) scopes() []*types.Scope {
	var scopes []*types.Scope
	for _, n := range slices.Backward(v.path) {
		switch f := n.(type) {
		case *ast.FuncDecl:
			n = f.Type
		case *ast.FuncLit:
			n = f.Type
		}
		if s := v.info.Scopes[n]; s != nil {
			scopes = append(scopes, s)
		}
	}
	return scopes
}

// variables are the cell's variables that the identifier may mean: all of them in the declaration of
// a function and in a cell without statements; else those of the statements before its own, of each
// name the version that was declared last.
func (v *view) variables() map[string]types.Object {
	found := map[string]types.Object{}
	for k, ids := range v.declares {
		if v.cell.inOrder && v.path[0] == v.cell.statements[k] {
			break
		}
		for _, id := range ids {
			if o := v.object(id); o != nil {
				found[plainName(id.Name)] = o
			}
		}
	}
	return found
}

// object is what an identifier of the cell declares or stands for, or nil.
func (v *view) object(id *ast.Ident) types.Object {
	if o := v.info.Defs[id]; o != nil {
		return o
	}
	return v.info.Uses[id]
}
