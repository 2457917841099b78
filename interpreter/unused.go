package interpreter

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// A variable of a function that nothing uses is an error in Go, and in a notebook in the way: a line was
// taken out to try something. So it is used behind its declaration, and a note says that nothing else does.

// isUnused matches what the type-checker says of such a variable, the second form of one of a type switch.
var isUnused = regexp.MustCompile(`^(?:declared and not used: ([^ ]+)|([^ ]+) declared and not used)$`)

// useUnused uses a variable that nothing else uses; false if that is not possible where it stands.
func (cc *checkedCell) useUnused(e types.Error) bool {
	found := isUnused.FindStringSubmatch(e.Msg)
	if found == nil || cc.inEarlierCell(e.Pos) {
		return false
	}
	name := plainName(found[1] + found[2])
	if cc.usable == nil {
		cc.usable = map[token.Pos]token.Pos{}
		for _, d := range cc.cell.declarations.Decls {
			ast.Inspect(d, cc.findUsable)
		}
		for _, s := range cc.cell.statements {
			ast.Inspect(s, cc.findUsable)
		}
	}
	at, ok := cc.usable[e.Pos]
	if !ok {
		return false
	}
	cc.unused = append(cc.unused, unusedVariable{name: name, declared: cc.cell.offset(e.Pos), at: cc.cell.offset(at)})
	return true
}

// An unusedVariable is one of a function that nothing uses. Both are offsets in the cell.
type unusedVariable struct {
	name     string
	declared int
	at       int // where it can be used
}

// useUnusedEdits are the changes of the text that use the variables. They stand behind all others of their places:
// what is put around a call ends there too.
func (cc *checkedCell) useUnusedEdits() (edits []edit) {
	for _, v := range cc.unused {
		edits = append(edits, edit{at: v.at, end: v.at, text: fmt.Sprintf("; _ = %s; ", v.name)})
	}
	return edits
}

// noteUnused says which variables nothing uses.
func (cc *checkedCell) noteUnused() (notices []string) {
	var said []string
	slices.SortFunc(cc.unused, func(v, w unusedVariable) int { return cmp.Compare(v.declared, w.declared) })
	for _, v := range cc.unused {
		line, _ := position(cc.cell.source, v.declared)
		said = append(said, fmt.Sprintf("%s (line %d)", v.name, line))
	}
	if len(said) > 0 {
		notices = append(notices, "note: declared and not used: "+strings.Join(said, ", "))
	}
	return notices
}

// noteUnshown says where something is made to be shown and is not: in a loop, or before the cell's last expression.
func (cc *checkedCell) noteUnshown() []string {
	var lines []string
	look := func(n ast.Node) bool {
		s, ok := n.(*ast.ExprStmt)
		if !ok || !isBundle(cc.info.Types[s.X].Type) {
			return true
		}
		line, _ := position(cc.cell.source, cc.cell.offset(s.Pos()))
		lines = append(lines, fmt.Sprint(line))
		return true
	}
	for _, d := range cc.cell.declarations.Decls {
		ast.Inspect(d, look)
	}
	last := len(cc.cell.statements) - 1 - len(cc.cell.commas)
	for n, s := range cc.cell.statements {
		if _, result := s.(*ast.ExprStmt); !result || n < last {
			ast.Inspect(s, look)
		}
	}
	if lines = slices.Compact(lines); len(lines) == 0 {
		return nil
	}
	return []string{"note: not shown: what line " + strings.Join(lines, ", ") + " makes; display.Show(…) around it shows it"}
}

// isBundle reports whether a type is display.Bundle, which is there to be shown and for nothing else.
func isBundle(t types.Type) bool { return isOurs(t, "/display", "Bundle") }

// noteMain says that a cell that is a whole program but for its package clause only declares it.
func (cc *checkedCell) noteMain() []string {
	if cc.declared[mainPath] != functionKind || cc.cell.program || len(cc.cell.statements) > 0 {
		return nil
	}
	return []string{"note: main is declared, and not run: the line main() runs it"}
}

func (cc *checkedCell) inEarlierCell(pos token.Pos) bool {
	file := cc.cell.fset.File(pos)
	return file == nil || file != cc.cell.fset.File(cc.cell.declarations.Pos()) && !cc.inStatements(pos)
}

// findUsable finds where variables that a node declares can be used: behind the statement, or where the
// block begins in whose header they stand.
func (cc *checkedCell) findUsable(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		cc.usableBehind(n.List)
	case *ast.CaseClause:
		cc.usableBehind(n.Body)
	case *ast.CommClause:
		cc.usableBehind(n.Body)
		cc.usableAt(n.Colon+1, n.Comm)
	case *ast.IfStmt:
		cc.usableAt(n.Body.Lbrace+1, n.Init)
	case *ast.ForStmt:
		cc.usableAt(n.Body.Lbrace+1, n.Init)
	case *ast.RangeStmt:
		cc.usableAt(n.Body.Lbrace+1, &ast.AssignStmt{Tok: n.Tok, Lhs: []ast.Expr{n.Key, n.Value}})
	case *ast.SwitchStmt:
		cc.usableInFirst(n.Body, n.Init)
	case *ast.TypeSwitchStmt:
		cc.usableInFirst(n.Body, n.Init, n.Assign)
	}
	return true
}

func (cc *checkedCell) usableBehind(list []ast.Stmt) {
	for _, s := range list {
		for l, ok := s.(*ast.LabeledStmt); ok; l, ok = s.(*ast.LabeledStmt) {
			s = l.Stmt
		}
		cc.usableAt(s.End(), s)
	}
}

func (cc *checkedCell) usableInFirst(body *ast.BlockStmt, statements ...ast.Stmt) {
	if len(body.List) > 0 {
		cc.usableAt(body.List[0].(*ast.CaseClause).Colon+1, statements...)
	}
}

func (cc *checkedCell) usableAt(at token.Pos, statements ...ast.Stmt) {
	for _, s := range statements {
		for _, id := range topNames(s) {
			cc.usable[id.Pos()] = at
		}
	}
}
