package interpreter

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
)

// A declaration that is replaced may be used by functions that do not compile with the new one. It is
// accepted all the same, for the user may be about to mend them: which they are is said at once, and is
// an error where one is used.

// explain puts in front of errors in earlier cells where this cell uses what has them.
func (cc *checkedCell) explain(err *CompileError) *CompileError {
	explained := &CompileError{}
	seen := map[*declaration]bool{}
	for _, d := range err.Diagnostics {
		broken := cc.declarationAt(d)
		if broken == nil || seen[broken] {
			continue
		}
		seen[broken] = true
		if use := cc.useOf(broken); use != nil {
			message := broken.called() + " no longer compiles" + cc.since(broken)
			if name := plainName(use.Name); name != broken.called() {
				message = name + " uses " + broken.called() + ", which no longer compiles" + cc.since(broken)
			}
			explained.Diagnostics = append(explained.Diagnostics, cc.cell.diagnostic(cc.cell.offset(use.Pos()), message))
		}
	}
	explained.Diagnostics = append(explained.Diagnostics, err.Diagnostics...)
	return explained
}

// declarationAt is the declaration of an earlier cell that has an error.
func (cc *checkedCell) declarationAt(d Diagnostic) *declaration {
	i := slices.IndexFunc(cc.closure.declarations, func(c *declaration) bool { return c.origin.file == d.File && c.contains(d) })
	if i < 0 {
		return nil
	}
	return cc.closure.declarations[i]
}

// contains reports whether a place in the cell that declared it is in the declaration's text.
func (d *declaration) contains(at Diagnostic) bool {
	after := func(offset int) int {
		line, column := position(d.source, offset)
		return cmp.Or(cmp.Compare(at.Line, line), cmp.Compare(at.Column, column))
	}
	return after(d.from) >= 0 && after(d.to) <= 0
}

// called is how people call what is declared.
func (d *declaration) called() string {
	if d.kind == methodKind {
		return d.receiver + "." + d.names[0]
	}
	return d.names[0]
}

// useOf is the first name in the cell that leads to a declaration.
func (cc *checkedCell) useOf(d *declaration) *ast.Ident {
	var use *ast.Ident
	cc.free(func(id *ast.Ident) {
		if use == nil && slices.Contains(cc.reach([]string{plainName(id.Name)}).declarations, d) {
			use = id
		}
	})
	return use
}

// since says what was declared anew after a declaration that uses it.
func (cc *checkedCell) since(d *declaration) string {
	for _, name := range d.uses {
		s := cc.session.symbols[name]
		switch {
		case cc.declared[name] != noName:
			return fmt.Sprintf(" with the %s of this cell", name)
		case s != nil && s.origin().count > d.origin.count:
			return fmt.Sprintf(" since %s was declared anew in cell %s", name, cellLabel(s.origin().count))
		}
	}
	return ""
}

// origin is the cell that a symbol stands for since.
func (s *symbol) origin() origin {
	if s.kind == variableName {
		return s.variable.origin
	}
	return s.declaration.origin
}

// brokenCallers says which functions do not compile any more with what a cell declares anew.
func (i *Interpreter) brokenCallers(session *names, cell Cell, cc *checkedCell, left leftOut) []string {
	callers := cc.callers()
	if len(callers) == 0 {
		return nil
	}
	c, err := parse(i.checker.fset, cell.Source)
	if err != nil {
		return nil // it was parsed before
	}
	tried := i.checker.check(c, session, left, callers...)
	var compile *CompileError
	if !errors.As(joinDiagnostics(tried.errs...), &compile) {
		return nil
	}
	var notices []string
	seen := map[*declaration]bool{}
	for _, d := range compile.Diagnostics {
		if broken := tried.declarationAt(d); broken != nil && !seen[broken] && slices.Contains(callers, broken.names[0]) {
			seen[broken] = true
			notices = append(notices, fmt.Sprintf("note: %s no longer compiles: %s:%d: %s", broken.called(), cellLabel(session.sources[d.File].count), d.Line, d.Message))
		}
	}
	return notices
}

// callers are the functions of the session that lead to what the cell gives another meaning.
func (cc *checkedCell) callers() []string {
	changed := cc.changed()
	changed = slices.DeleteFunc(changed, cc.keepsType)
	if len(changed) == 0 {
		return nil
	}
	var callers []string
	for name := range cc.session.affected(changed).has {
		if s := cc.session.symbols[name]; s != nil && s.kind == functionKind && cc.declared[name] == noName {
			callers = append(callers, name)
		}
	}
	slices.Sort(callers)
	return callers
}

// keepsType reports whether a name is that of a variable before and after, and of the same type.
func (cc *checkedCell) keepsType(name string) bool {
	s := cc.session.symbols[name]
	o, ok := cc.pkg.Scope().Lookup(checkedName(name)).(*types.Var)
	return ok && s.kind == variableName && s.variable.shown == types.TypeString(o.Type(), shortQualifier)
}
