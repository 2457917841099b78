"""The public conformance suite of the Jupyter project, jupyter_kernel_test, with all its samples filled in."""

import jupyter_kernel_test
import pytest
from jupyter_client.manager import start_new_kernel

import kernels

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


class TestKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "gopy"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [
        {"text": "strings.TrimPre", "matches": {"TrimPrefix"}},
        {"text": "fmt.Fpri", "matches": {"Fprint", "Fprintf", "Fprintln"}},
        {"text": "fmt."},
        {"text": "swit", "matches": {"switch"}},
    ]
    complete_code_samples = [
        "",
        "x := 1",
        "func f() int { return 1 }",
        "func f() int {\n\treturn 1\n}\n",
        "if true { println(1) }",
        "type T struct{ A int }",
        'fmt.Println("a")',
        "var s = `a\nb`",
        "// a comment",
    ]
    incomplete_code_samples = [
        "func f() {",
        "x := []int{1,",
        "for i := 0; i < 3; i++ {",
        "var s = `abc",
        "a +",
        "/* open",
        "fmt.Println(",
        "type T struct {",
    ]
    invalid_code_samples = ["x := )", "func func", "}}", 'fmt.Println("a']
    code_generate_error = 'panic("no")'
    code_execute_result = [
        {"code": "1+2", "result": "3"},
        {"code": 'strings.ToUpper("a")', "result": "A"},
        {"code": "[]int{1, 2}", "result": "[]int{1, 2}"},
        {"code": "x := 2\nx * x", "result": "4"},
        {"code": 'py.Eval("1 + 2")', "result": "3"},
    ]
    code_display_data = [
        {"code": "display.Show(image.NewGray(image.Rect(0, 0, 2, 2)))", "mime": "image/png"},
        {"code": 'display.Show(display.HTML("<b>a</b>"))', "mime": "text/html"},
        {"code": 'display.Show(display.Markdown("**a**"))', "mime": "text/markdown"},
        {"code": 'display.Show(display.JSON(map[string]int{"a": 1}))', "mime": "application/json"},
        {"code": f"display.Show(display.SVG(`{SVG}`))", "mime": "image/svg+xml"},
        {"code": 'display.Show(display.Latex("$x$"))', "mime": "text/latex"},
        {"code": 'display.Show(display.JavaScript("1"))', "mime": "application/javascript"},
        {"code": "display.Show(42)", "mime": "text/plain"},
        {"code": 'py.Import("matplotlib.pyplot").Method("plot", []int{1, 2});', "mime": "image/png"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "strings.Split"
    code_clear_output = "display.Clear(false)"

    # The pager is a payload, which the protocol calls deprecated. Help comes with inspect_request.
    test_pager = None

    @classmethod
    def setUpClass(cls):
        kernels.kernelspec()
        cls.km, cls.kc = start_new_kernel(kernel_name=cls.kernel_name, startup_timeout=kernels.PATIENCE)


class TestWelcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "gopy"
    support_iopub_welcome = True
