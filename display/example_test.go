package display_test

import (
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/display"
)

type fraction struct{ Over, Under int }

func (f fraction) Latex() string { return fmt.Sprintf(`$\frac{%d}{%d}$`, f.Over, f.Under) }

func ExampleRender() {
	b := display.Render(map[string][]int{"odd": {1, 3, 5}, "even": {2, 4}})
	fmt.Println(b.Data["text/plain"])
	// Output: map[string][]int{"even": {2, 4}, "odd": {1, 3, 5}}
}

// A method gives a type its own look.
func ExampleRender_method() {
	b := display.Render(fraction{1, 2})
	fmt.Println(b.Data["text/latex"])
	fmt.Println(b.Data["text/plain"])
	// Output:
	// $\frac{1}{2}$
	// display_test.fraction{Over: 1, Under: 2}
}

func ExampleRenderAll() {
	n, err := fmt.Sscan("42", new(int))
	fmt.Println(display.RenderAll([]any{n, err}).Data["text/plain"])
	// Output: 1
}

// Outside a notebook, and before SetSink, the text is printed.
func ExampleShow() {
	display.Show(display.Markdown("**bold**"), 42)
	// Output:
	// **bold**
	// 42
}

func ExampleHandle() {
	progress := display.NewHandle("")
	progress.Show("0 %")
	progress.Update("100 %")
	// Output:
	// 0 %
	// 100 %
}

func ExampleHTML() {
	b := display.HTML("<b>12</b> apples &amp; pears")
	fmt.Println(b.Data["text/html"])
	fmt.Println(b.Data["text/plain"])
	// Output:
	// <b>12</b> apples &amp; pears
	// 12 apples & pears
}
