package build

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The worker is built with an overlay over three packages of the standard library: files that are added,
// and lines in others that call them. Packages worker/goroutine, worker/loader, worker/stdin and worker/late say what for.

//go:embed _overlay/*/*.go
var overlayFiles embed.FS

// An insertion puts lines behind a line of a file of the standard library.
type insertion struct {
	file   string // below GOROOT/src
	in     string // the first line of the declaration that it is in
	behind string // the line
	lines  string
}

var insertions = []insertion{
	{"runtime/runtime2.go", "type g struct {\n", "\tgopc            uintptr", "\tcell            cellState\n"},
	{"runtime/proc.go", "func gopark(", "\tgp.waitreason = reason\n", "\tgp.cell.park(lock)\n"},
	{"runtime/proc.go", "func gopark(", "\tmcall(park_m)\n", "\tgp.cell.unpark()\n"},
	{"runtime/proc.go", "func park_m(", "\t\tif !ok {\n", "\t\t\tif mp == &m0 {\n\t\t\t\tcellGoOn(gp)\n\t\t\t}\n"},
	{"runtime/proc.go", "func park_m(", "\t\tbubble.decActive()\n\t}\n", "\tif mp == &m0 {\n\t\tcellParked()\n\t}\n"},
	{"runtime/proc.go", "func newproc1(", "\tnewg.parentGoid = callergp.goid\n", "\tnewg.cell.begin(callergp)\n"},
	{"runtime/proc.go", "func goexit1() {\n", "", "\tcellEnd()\n"},
	{"runtime/proc.go", "func LockOSThread() {\n", "", "\tif getg().cell.home.away {\n\t\tcellGo()\n\t}\n"},
	{"runtime/proc.go", "func UnlockOSThread() {\n", "", "\tif cellUnlocks() {\n\t\treturn\n\t}\n"},
	{"runtime/cgocall.go", "func cgocall(fn, arg unsafe.Pointer) int32 {\n", "", "\tif getg().cell.home.away {\n\t\tcellGo()\n\t}\n"},
	{"runtime/coro.go", "func newcoro(", "\tgp.coroarg = c\n", "\tcellNewcoro(c, gp)\n"},
	{"runtime/coro.go", "func coroswitch_m(", "\tlocked := gp.lockedm != 0\n", "\tours := cellCoroBegin(c, gp)\n"},
	{"runtime/coro.go", "func coroswitch_m(", "\ttrace := traceAcquire()\n", "\thas := cellCoroEnd(c, gp, ours)\n"},
	{"runtime/coro.go", "func coroswitch_m(", "\t\tgnext.lockedm.set(mp)\n", "\t\tif has {\n\t\t\tgnext.cellSet(true)\n\t\t}\n"},
	{"runtime/sema.go", "func sync_runtime_SemacquireRWMutexR(addr *uint32, lifo bool, skipframes int) {\n", "", "\tif cellAdmitted(addr) {\n\t\treturn\n\t}\n"},
	{"runtime/panic.go", "func gopanic(", "\t// ran out of deferred calls - old-school panic now\n", "\tcellPanic(&p)\n"},
	{"runtime/symtab.go", "func findmoduledatap(pc uintptr) *moduledata {\n", "", "\tif pc-cellModules.from < cellModules.size {\n\t\treturn cellModules.find(pc)\n\t}\n"},
	{"runtime/print.go", "func gwrite(", "\tgp := getg()\n", "\tif cellPrint(gp, b) {\n\t\treturn\n\t}\n"},
	{"time/sleep.go", "func AfterFunc(d Duration, f func()) *Timer {\n", "", "\tf = cellFunc(f)\n"},
	{"os/file.go", "func (f *File) Read(b []byte) (n int, err error) {\n", "", "\tif cellRead != nil && f == cellStdin {\n\t\treturn cellRead(b)\n\t}\n"},
	{"os/file.go", "func (f *File) Write(b []byte) (n int, err error) {\n", "", "\tif cellPrint != nil && f.cellPrinted() {\n\t\tif !cellBeginPrint() {\n\t\t\treturn cellPrint(f == cellStderr, b)\n\t\t}\n\t\tdefer cellPrinting.Add(-1)\n\t}\n"},
	{"os/file.go", "func (f *File) ReadFrom(r io.Reader) (n int64, err error) {\n", "", "\tif cellPrint != nil && f.cellPrinted() && cellPrintsLate() {\n\t\treturn genericReadFrom(f, r)\n\t}\n"},
	{"os/proc.go", "func Exit(code int) {\n", "", "\tif cellExit != nil {\n\t\tcellExit(code)\n\t}\n"},
}

// errUnknownGo says that an insertion has no place.
var errUnknownGo = errors.New("the sources of this version of Go are not known")

// apply puts the lines into the text of the file.
func (i insertion) apply(text string) (string, error) {
	declaration := strings.Index(text, "\n"+i.in)
	if declaration < 0 {
		return "", fmt.Errorf("%s has no %q any more", i.file, i.in)
	}
	at := declaration + 1 + len(i.in)
	if i.behind != "" {
		end := strings.Index(text[at:], "\n}\n")
		place := strings.Index(text[at:], i.behind)
		if place < 0 || place > end {
			return "", fmt.Errorf("%q in %s has no %q any more", i.in, i.file, i.behind)
		}
		at += place + len(i.behind)
		if !strings.HasSuffix(i.behind, "\n") { // a comment stands behind it
			at += strings.IndexByte(text[at:], '\n') + 1
		}
	}
	return text[:at] + i.lines + text[at:], nil
}

// overlayTexts are the files of the overlay for a Go distribution, by their names below GOROOT/src.
func overlayTexts(goroot string) (map[string]string, error) {
	texts := map[string]string{}
	for _, i := range insertions {
		text, ok := texts[i.file]
		if !ok {
			original, err := os.ReadFile(filepath.Join(goroot, "src", filepath.FromSlash(i.file)))
			if err != nil {
				return nil, fmt.Errorf("reading Go's sources: %w", err)
			}
			text = string(original)
		}
		text, err := i.apply(text)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errUnknownGo, err)
		}
		texts[i.file] = text
	}
	added, err := fs.Glob(overlayFiles, "_overlay/*/*.go")
	if err != nil {
		return nil, err
	}
	for _, name := range added {
		text, err := overlayFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts[strings.TrimPrefix(name, "_overlay/")] = string(text)
	}
	return texts, nil
}

// writeOverlay writes the overlay for a Go distribution: a list, which the go command wants with
// -overlay, and the files beside it.
func writeOverlay(goroot, list string) error {
	texts, err := overlayTexts(goroot)
	if err != nil {
		return err
	}
	dir := filepath.Dir(list)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	replace := map[string]string{}
	for name, text := range texts {
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		replace[filepath.Join(goroot, "src", filepath.FromSlash(name))] = path
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(list, text, 0o644)
}
