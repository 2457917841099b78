package interpreter

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// What the type-checker says is right for one Go file. Here more is known: the session, packages that are
// imported as they are used, Python. An advice says what else the user may have meant; it is looked for
// only when a cell has failed, and never changes what is wrong or where.

// advise adds advice to what is wrong with a cell.
func (k *checker) advise(cc *checkedCell, err *CompileError) *CompileError {
	advised := &CompileError{Diagnostics: oncePerLine(err.Diagnostics)}
	for n, d := range advised.Diagnostics {
		if d.File != cc.cell.file {
			continue
		}
		a := adviser{checkedCell: cc, checker: k, at: cc.cell.offsetAt(d.Line, d.Column)}
		advised.Diagnostics[n].Message = a.reword(d.Message)
		for _, advice := range advices {
			if match := advice.message.FindStringSubmatch(d.Message); match != nil {
				advised.Diagnostics[n].Message += advice.give(&a, match[1:])
				break
			}
		}
	}
	return advised
}

// oncePerLine leaves out what was said of the same line before, as the Go compiler does: a name that nothing has
// may stand there more than once.
func oncePerLine(all []Diagnostic) (said []Diagnostic) {
	seen := map[Diagnostic]bool{}
	for _, d := range all {
		line := Diagnostic{File: d.File, Line: d.Line, Message: d.Message}
		if !seen[line] {
			said = append(said, d)
		}
		seen[line] = true
	}
	return said
}

// An adviser looks at one place of a cell that has an error.
type adviser struct {
	*checkedCell
	checker *checker
	at      int // offset in the cell
}

// advices are what is said after which messages, "" if nothing.
var advices = []struct {
	message *regexp.Regexp
	give    func(a *adviser, match []string) string
}{
	{regexp.MustCompile(`^undefined: ([\pL_][\pL\pN_]*)$`), (*adviser).undefined},
	{regexp.MustCompile(`^undefined: ([\pL_][\pL\pN_]*)\.([\pL_][\pL\pN_]*)$`), (*adviser).undefinedInPackage},
	{regexp.MustCompile(`undefined \(type .* has no field or method ([\pL_][\pL\pN_]*)\)$`), (*adviser).noMember},
	{regexp.MustCompile(`^invalid operation: .*(?:mismatched types|operator .* not defined)`), (*adviser).operands},
	{regexp.MustCompile(`\(untyped float constant\) truncated to `), (*adviser).truncated},
	{regexp.MustCompile(`^invalid operation: cannot call (\w+) \(variable of type`), (*adviser).calledVariable},
	{regexp.MustCompile(`^(.+) \(type\) is not an expression$`), (*adviser).typeAlone},
	{regexp.MustCompile(`^assignment mismatch: \d+ variables but .+ returns 1 value$`), (*adviser).oneObject},
	{regexp.MustCompile(`^(?:invalid operation: )?cannot index (.+) \(`), (*adviser).indexed},
	{regexp.MustCompile(`^invalid argument: (.+) \(.*\) for built-in len$`), (*adviser).length},
}

// inSingle is the type-checker's complaint about a call with several results.
var inSingle = regexp.MustCompile(`^multiple-value (.+) \(value of type .*\) in single-value context$`)

// reword says of a variable that gets several values what is said where it stands in a function: for the
// type-checker it is one of the package.
func (a *adviser) reword(message string) string {
	call := inSingle.FindStringSubmatch(message)
	if call == nil {
		return message
	}
	for _, d := range a.specs {
		for _, s := range d.(*ast.GenDecl).Specs {
			s := s.(*ast.ValueSpec)
			if len(s.Names) != 1 || len(s.Values) != 1 || !a.isAt(s.Values[0]) {
				continue
			}
			if c, ok := s.Values[0].(*ast.CallExpr); ok {
				if f, ok := a.info.Types[c.Fun].Type.(*types.Signature); ok {
					return fmt.Sprintf("assignment mismatch: 1 variable but %s returns %d values", call[1], f.Results().Len())
				}
			}
		}
	}
	return message
}

// undefined is for a name that nothing has.
func (a *adviser) undefined(match []string) string {
	name := match[0]
	if a.declared[name] != noName {
		return "\nIt is declared further down in this cell."
	}
	if count, ok := a.session.failed[name]; ok {
		return fmt.Sprintf("\nCell %s, which declares it, has failed.", cellLabel(count))
	}
	if goes := inGo[name]; goes != "" {
		return fmt.Sprintf(" (in Go: %s)", goes)
	}
	names := slices.Concat(slices.Collect(maps.Keys(a.session.symbols)), slices.Collect(maps.Keys(a.declared)), types.Universe.Names())
	selector := a.selector(func(s *ast.SelectorExpr) ast.Node { return s.X })
	if selector != nil {
		names = append(names, slices.Collect(maps.Keys(a.checker.packages.byName))...)
	}
	switch near := nearest(name, names); {
	case near != "":
		return near
	case selector != nil:
		return fmt.Sprintf("\nIf %s is a package of a module, import it by its path, such as import \"example.com/%[1]s\".", name)
	case len(a.checker.packages.byName[name]) > 0:
		return fmt.Sprintf("\n%s is a package: %[1]s? shows what it has.", name)
	case a.isAssigned():
		return fmt.Sprintf("\n%s := … declares it.", name)
	}
	return ""
}

// isAssigned reports whether the error is at a name that gets a value.
func (a *adviser) isAssigned() bool {
	_, found := first(a, func(s *ast.AssignStmt) bool {
		return s.Tok == token.ASSIGN && slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool { return a.isAt(e) })
	})
	return found
}

// inGo has what people write who come from other languages.
var inGo = map[string]string{"None": "nil", "null": "nil", "NULL": "nil", "nullptr": "nil", "undefined": "nil", "True": "true", "False": "false", "str": "string", "boolean": "bool"}

// undefinedInPackage is for a name that a package has not.
func (a *adviser) undefinedInPackage(match []string) string {
	pkg, err := a.checker.importer.Import(a.imports[match[0]])
	if err != nil {
		return ""
	}
	return nearest(match[1], exported(pkg))
}

func exported(pkg *types.Package) []string {
	return slices.DeleteFunc(pkg.Scope().Names(), func(name string) bool { return !ast.IsExported(name) })
}

// noMember is for a selector that a type has not.
func (a *adviser) noMember(match []string) string {
	s := a.selector(func(s *ast.SelectorExpr) ast.Node { return s.Sel })
	if s == nil {
		return ""
	}
	of, name := types.ExprString(s.X), match[0]
	t := a.info.Types[s.X].Type
	if _, class := t.Underlying().(*types.Struct); isPythonObject(t) && (!class || !ast.IsExported(name)) {
		near := nearest(name, members(t))
		if a.isCalled(s) {
			return near + fmt.Sprintf("\nIt is a Python object: %s.Method(%q, …) calls the method.", of, name)
		}
		return near + fmt.Sprintf("\nIt is a Python object: %s.Attr(%q) is the attribute.", of, name)
	}
	if of, path := a.pythonAttribute(s.X, t); path != "" {
		return fmt.Sprintf("\n%s() is the attribute's value. If it is a module, import %q has its functions.", of, path)
	}
	if id, ok := s.X.(*ast.Ident); ok {
		for _, path := range a.checker.packages.byName[id.Name] {
			if pkg, err := a.checker.importer.Import(path); err == nil && pkg.Scope().Lookup(name) != nil {
				return fmt.Sprintf("\n%s is a variable%s, and no longer the package. import %q makes it the package again.", id.Name, a.declaredIn(id.Name), path)
			}
		}
	}
	return nearest(name, members(t))
}

// pythonAttribute tells whether an expression is a function of a Python module's package that returns what
// an attribute of the module holds, and by which path that is imported if it is a module.
func (a *adviser) pythonAttribute(e ast.Expr, t types.Type) (of, path string) {
	s, selector := e.(*ast.SelectorExpr)
	f, function := t.(*types.Signature)
	if !selector || !function || f.Params().Len() > 0 || f.Results().Len() != 1 || !isPythonObject(f.Results().At(0).Type()) {
		return "", ""
	}
	id, ok := s.X.(*ast.Ident)
	if module := a.imports[types.ExprString(s.X)]; ok && isPython(module) {
		return id.Name + "." + s.Sel.Name, module + "/" + strings.ToLower(s.Sel.Name)
	}
	return "", ""
}

// declaredIn says in which cell a variable of the session was declared.
func (a *adviser) declaredIn(name string) string {
	if s := a.session.symbols[name]; s != nil {
		return " of cell " + cellLabel(s.origin().count)
	}
	return ""
}

// isPythonObject reports whether a type is that of Python objects in cells, or of those of a class.
func isPythonObject(t types.Type) bool {
	if t == nil {
		return false
	}
	if s, ok := t.Underlying().(*types.Struct); ok && s.NumFields() == 1 && s.Field(0).Embedded() {
		t = s.Field(0).Type()
	}
	p, ok := t.(*types.Pointer)
	if !ok {
		return false
	}
	return isOurs(p.Elem(), "/pybridge/py", "Object")
}

// isOurs reports whether a type is a named one of one of our packages.
func isOurs(t types.Type, pkg, name string) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && strings.HasSuffix(n.Obj().Pkg().Path(), "/gopy-kernel"+pkg)
}

// members are the fields and methods that can be selected from a value.
func members(t types.Type) []string {
	if t == nil {
		return nil
	}
	found := newSet()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		found.add(m.Obj().Name())
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			found.add(f.Name())
		}
	case *types.Interface:
		for m := range u.Methods() {
			found.add(m.Name())
		}
	}
	n, ok := types.Unalias(t).(*types.Named)
	foreign := ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() != mainPath
	return slices.DeleteFunc(found.list, func(name string) bool { return foreign && !ast.IsExported(name) })
}

// binary is the operation at which the error is, or one of whose operands has it, or nil.
func (a *adviser) binary() *ast.BinaryExpr {
	b, _ := first(a, func(e *ast.BinaryExpr) bool {
		return a.isAt(e) || a.cell.offset(e.OpPos) == a.at || a.isAt(e.Y)
	})
	return b
}

// truncated is for a constant with a fraction beside an integer.
func (a *adviser) truncated([]string) string {
	b := a.binary()
	if b == nil {
		return ""
	}
	other := b.X
	if a.isAt(b.X) {
		other = b.Y
	}
	return fmt.Sprintf("\nGo converts no numbers by itself: float64(%s) does.", types.ExprString(other))
}

// operands is for an operator between values of two types.
func (a *adviser) operands([]string) string {
	b := a.binary()
	if b == nil {
		return ""
	}
	x, y := a.info.Types[b.X], a.info.Types[b.Y]
	for _, e := range []ast.Expr{b.X, b.Y} {
		if of := types.ExprString(e); a.isObject(e) {
			return fmt.Sprintf("\n%s is a Python object: py.As[float64](%[1]s) is its value in Go, and %[1]s.Op(%[2]q, …) what Python computes.", of, b.Op)
		}
	}
	if basicInfo(x.Type)&types.IsNumeric == 0 || basicInfo(y.Type)&types.IsNumeric == 0 || (basicInfo(x.Type)|basicInfo(y.Type))&types.IsUntyped != 0 {
		return ""
	}
	from, to := b.X, y.Type
	if x.Value != nil || basicInfo(y.Type)&types.IsInteger != 0 && y.Value == nil {
		from, to = b.Y, x.Type
	}
	return fmt.Sprintf("\nGo converts no numbers by itself: %s(%s) does.", types.TypeString(to, shortQualifier), types.ExprString(from))
}

// basicInfo is what sort of basic type a type is, 0 if it is none.
func basicInfo(t types.Type) types.BasicInfo {
	if t == nil {
		return 0
	}
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()
	}
	return 0
}

// calledVariable is for a variable that has the name of a predeclared function.
func (a *adviser) calledVariable(match []string) string {
	if name := match[0]; predeclared(name) && a.session.kind(name) == variableName {
		return fmt.Sprintf("\n%s is a variable%s. %%forget %[1]s takes that away.", name, a.declaredIn(name))
	}
	return ""
}

// typeAlone is for a type where a value should be.
func (a *adviser) typeAlone(match []string) string {
	return fmt.Sprintf("\n%s? shows what it is.", match[0])
}

// oneObject is for what Python takes apart, a tuple mostly.
func (a *adviser) oneObject([]string) string {
	c, ok := first(a, func(c *ast.CallExpr) bool { return a.isAt(c) && a.isObject(c) })
	if !ok {
		return ""
	}
	return fmt.Sprintf("\nPython's tuple is one object: t := %s, and then t.Index(0), t.Index(1).", types.ExprString(c))
}

// indexed is for o[i], and length for len(o).
func (a *adviser) indexed(match []string) string {
	x, ok := first(a, func(x *ast.IndexExpr) bool { return a.isAt(x) && a.isObject(x.X) })
	if !ok {
		return ""
	}
	return fmt.Sprintf("\nIt is a Python object: %s.Index(%s).", match[0], types.ExprString(x.Index))
}

func (a *adviser) length(match []string) string {
	if _, ok := first(a, func(e ast.Expr) bool { return a.isAt(e) && a.isObject(e) }); !ok {
		return ""
	}
	return fmt.Sprintf("\nIt is a Python object: %s.Len().", match[0])
}

func (a *adviser) isObject(e ast.Expr) bool { return isPythonObject(a.info.Types[e].Type) }

// first is the first node of a type in the cell that is wanted. Of two that begin at one place it is the outer one.
func first[N ast.Node](a *adviser, wanted func(N) bool) (found N, ok bool) {
	look := func(n ast.Node) bool {
		if node, is := n.(N); is && !ok && wanted(node) {
			found, ok = node, true
		}
		return !ok
	}
	for _, d := range a.cell.declarations.Decls {
		ast.Inspect(d, look)
	}
	for _, s := range a.cell.statements {
		ast.Inspect(s, look)
	}
	return found, ok
}

func (a *adviser) isAt(n ast.Node) bool { return a.cell.offset(n.Pos()) == a.at }

// selector is the selector of which a part stands where the error is, or nil.
func (a *adviser) selector(part func(*ast.SelectorExpr) ast.Node) *ast.SelectorExpr {
	found, _ := first(a, func(s *ast.SelectorExpr) bool {
		_, name := part(s).(*ast.Ident)
		return name && a.isAt(part(s))
	})
	return found
}

func (a *adviser) isCalled(s *ast.SelectorExpr) bool {
	_, called := first(a, func(c *ast.CallExpr) bool { return c.Fun == s })
	return called
}

// nearest asks whether one of the names was meant that are most like one, "" if none is like it.
func nearest(name string, names []string) string {
	most := max(1, len(name)/4)
	distances := map[string]int{}
	for _, other := range names {
		if other == name || strings.HasPrefix(other, "_") || plainName(other) != other {
			continue
		}
		small, smallOther := strings.ToLower(name), strings.ToLower(other)
		if d := distance(small, smallOther); d <= most && (d == 0 || len(name) > 2 || len(name) == 2 && strings.HasPrefix(smallOther, small)) {
			distances[other] = d
		}
	}
	found := slices.SortedFunc(maps.Keys(distances), func(x, y string) int {
		return cmp.Or(cmp.Compare(distances[x], distances[y]), cmp.Compare(x, y))
	})
	if len(found) == 0 {
		return ""
	}
	closest := slices.DeleteFunc(found, func(other string) bool { return distances[other] > distances[found[0]] })
	return " (did you mean " + strings.Join(closest[:min(len(closest), 3)], " or ") + "?)"
}

// distance is how many letters have to be put in, left out, replaced, or swapped with their neighbour.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			replaced := rows[i-1][j-1]
			if x[i-1] != y[j-1] {
				replaced++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replaced)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
