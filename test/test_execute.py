"""Cells, from the outside: what comes back, in what order, what survives what."""

import queue
import signal

import nbformat
import pytest
from nbclient import NotebookClient

import kernels

DECLARATIONS = """
type point struct{ x, y int }
func (p point) sum() int { return p.x + p.y }
func twice(n int) int { return 2 * n }
kept := point{3, 4}
"""

CRASHES = {
    "SIGSEGV in C": ('py.Exec("import ctypes; ctypes.string_at(0)")', "SIGSEGV"),
    "stack overflow": ("func deep(n int) int { return deep(n+1) + 1 }\ndeep(0)", "stack overflow"),
    "SIGKILL": ("syscall.Kill(syscall.Getpid(), syscall.SIGKILL)", "SIGKILL"),
}


def test_values_types_and_functions_live_on(fresh):
    fresh.ok(DECLARATIONS)
    assert fresh.ok("twice(kept.sum())").result == "14"
    assert fresh.ok('import str "strings"\nstr.ToUpper("go")').result == "GO"
    assert fresh.ok('str.Repeat("go", 2)').result == "gogo"


@pytest.mark.parametrize("name", CRASHES)
def test_a_crash_costs_the_variables_only(fresh, name):
    code, cause = CRASHES[name]
    fresh.ok(DECLARATIONS)
    front, worker = fresh.front, fresh.worker()
    crashed = fresh.fails(code)
    assert [kind for kind, _ in crashed.outputs] == ["error"]
    assert cause in crashed.error
    assert "Lost with it: kept" in crashed.error
    assert crashed.reply["ename"] and crashed.reply["traceback"]
    assert fresh.ok("point{5, 6}.sum() + twice(1)").result == "13"
    assert "In[1]" in fresh.fails("kept").error, "the cell to run again is named"
    assert fresh.front == front, "the client has seen no death"
    assert fresh.worker() != worker
    assert not kernels.gone([worker])
    fresh.ok("kept := point{1, 1}")
    assert fresh.ok("kept.sum()").result == "2"


@pytest.mark.parametrize("name", CRASHES)
def test_a_notebook_goes_on_after_a_crash(name, tmp_path):
    cells = [DECLARATIONS, "twice(kept.sum())", CRASHES[name][0], "twice(point{1, 2}.sum())"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = NotebookClient(notebook, kernel_name="gopy", timeout=kernels.PATIENCE, allow_errors=True,
                            resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [c.outputs for c in notebook.cells]
    assert outputs[0] == []
    assert outputs[1][0].data["text/plain"] == "14"
    assert [o.output_type for o in outputs[2]] == ["error"]
    assert outputs[3][0].data["text/plain"] == "6"
    assert [c.execution_count for c in notebook.cells] == [1, 2, 3, 4]


@pytest.mark.parametrize("code,kinds", [
    ("1 + 1", ["execute_input", "execute_result"]),
    ("unused := 1", ["execute_input"]),
    ("", ["execute_input"]),
    ('fmt.Print("a"); fmt.Fprint(os.Stderr, "b"); 1', ["execute_input", "stream", "stream", "execute_result"]),
    ('panic("no")', ["execute_input", "error"]),
    ("x := )", ["execute_input", "error"]),
])
def test_messages_of_a_cell(kernel, code, kinds):
    cell = kernel.run(code)
    assert cell.messages[0] == ("status", {"execution_state": "busy"})
    assert cell.messages[-1] == ("status", {"execution_state": "idle"})
    assert [kind for kind, _ in cell.messages[1:-1]] == kinds


@pytest.mark.parametrize("request_of", [
    lambda c: c.kernel_info(),
    lambda c: c.execute("1"),
    lambda c: c.execute("panic(1)"),
    lambda c: c.execute("2", silent=True),
    lambda c: c.complete("fmt.Pr"),
    lambda c: c.inspect("fmt.Println"),
    lambda c: c.is_complete("func f() {"),
    lambda c: c.history(hist_access_type="tail", n=3),
    lambda c: c.comm_info(),
], ids=["kernel_info", "execute", "failing execute", "silent execute", "complete", "inspect", "is_complete", "history", "comm_info"])
def test_one_busy_and_one_idle_for_each_request(kernel, request_of):
    request = request_of(kernel.client)
    cell = kernel.collect(request)
    fence = kernel.client.kernel_info()
    late = []
    while True:
        message = kernel.client.get_iopub_msg(timeout=kernels.PATIENCE)
        if message["parent_header"].get("msg_id") == request:
            late.append(message)
        if message["parent_header"].get("msg_id") == fence and message["content"].get("execution_state") == "idle":
            break
    states = [c["execution_state"] for kind, c in cell.messages if kind == "status"]
    assert states == ["busy", "idle"]
    assert late == []
    assert kernel.client.get_shell_msg(timeout=kernels.PATIENCE)["parent_header"]["msg_id"] == fence


@pytest.mark.parametrize("stop", [True, False])
def test_stop_on_error(kernel, stop):
    kernel.ok("reached := 0")
    requests = [kernel.client.execute("panic(1)", stop_on_error=stop)]
    requests += [kernel.client.execute("reached++") for _ in range(3)]
    replies = [kernel.client.get_shell_msg(timeout=kernels.PATIENCE) for _ in requests]
    assert [r["parent_header"]["msg_id"] for r in replies] == requests
    assert replies[0]["content"]["status"] == "error"
    for reply in replies[1:]:
        assert (reply["content"]["status"] == "ok") == (not stop), reply["content"]
        assert "execution_count" in reply["content"]
    assert kernel.ok("reached").result == ("0" if stop else "3")


def test_silent(kernel):
    before = kernel.ok("told := 1").reply["execution_count"]
    cell = kernel.ok('told = 2; 3', silent=True)
    assert [kind for kind, _ in cell.messages] == ["status", "status"]
    # Text is passed on, as ipykernel does: front ends read what their own silent code prints.
    assert kernel.ok('fmt.Print("heard")', silent=True).stdout == "heard"
    after = kernel.ok("told")
    assert after.result == "2"
    assert after.reply["execution_count"] == before + 1


def test_without_history_nothing_is_counted(kernel):
    count = kernel.ok("1").reply["execution_count"]
    assert kernel.ok("2", store_history=False).reply["execution_count"] == count
    assert kernel.ok("3").reply["execution_count"] == count + 1


def test_user_expressions(kernel):
    kernel.ok("width := 6")
    reply = kernel.ok("height := 7", user_expressions={"area": "width * height", "wrong": "nothing()"}).reply
    assert reply["user_expressions"]["area"]["status"] == "ok"
    assert reply["user_expressions"]["area"]["data"]["text/plain"] == "42"
    assert reply["user_expressions"]["wrong"]["status"] == "error"
    assert "nothing" in reply["user_expressions"]["wrong"]["evalue"]
    failed = kernel.fails("panic(1)", user_expressions={"area": "width * height"}).reply
    assert not failed.get("user_expressions")


def test_input(kernel):
    request = kernel.client.execute('answer := py.As[string](py.Get("input").Call("name? "))', allow_stdin=True)
    asked = kernel.client.get_stdin_msg(timeout=kernels.PATIENCE)
    assert asked["msg_type"] == "input_request"
    assert asked["parent_header"]["msg_id"] == request
    assert asked["content"] == {"prompt": "name? ", "password": False}
    kernel.client.input("Ann")
    assert kernel.collect(request).reply["status"] == "ok"
    assert kernel.ok("answer").result == "Ann"


def test_input_of_go(kernel):
    request = kernel.client.execute('var name string\nfmt.Print("name? ")\nn, err := fmt.Scanln(&name)', allow_stdin=True)
    asked = kernel.client.get_stdin_msg(timeout=kernels.PATIENCE)
    assert asked["content"] == {"prompt": "", "password": False}
    kernel.client.input("Ann")
    cell = kernel.collect(request)
    assert cell.reply["status"] == "ok" and cell.stdout == "name? "
    assert kernel.ok("name").result == "Ann"


def test_password(kernel):
    request = kernel.client.execute('word, err := display.Password("word? ")', allow_stdin=True)
    asked = kernel.client.get_stdin_msg(timeout=kernels.PATIENCE)
    assert asked["content"] == {"prompt": "word? ", "password": True}
    kernel.client.input("secret")
    assert kernel.collect(request).reply["status"] == "ok"
    assert kernel.ok("len(word)").result == "6"


def test_input_is_refused_where_the_client_takes_none(kernel):
    assert kernel.fails('py.Get("input").Call("name? ")', allow_stdin=False).error
    assert "input" in kernel.ok("_, err = fmt.Scan(new(int))\nerr", allow_stdin=False).result


def test_lines_that_are_not_go(kernel):
    assert kernel.ok("!echo from the shell").stdout == "from the shell\n"
    assert kernel.ok("%%python\n6 * 7").result == "42"


LOOPS = {
    "empty loop": "for {}",
    "loop that counts": "for i := 0; ; i++ { counter = i }",
    "function of an earlier cell": "spin()",
    "Python loop": 'py.Exec("while True: pass")',
    "channel": "<-make(chan int)",
    "select": "select {}",
    "child process": 'exec.Command("sleep", "1000").Run()',
    "question": "fmt.Scan(new(int))",
}


@pytest.mark.parametrize("name", LOOPS)
def test_an_interrupt_keeps_the_state(fresh, name):
    fresh.ok("counter := 0\nkept := []int{1, 2, 3}\nfunc spin() { for { counter++ } }")
    fresh.ok('py.Exec("kept = 5")')
    worker = fresh.worker()
    request = fresh.client.execute(f'fmt.Println("running")\n{LOOPS[name]}')
    fresh.await_output(request, "running")
    fresh.manager.interrupt_kernel()
    cell = fresh.collect(request)
    assert cell.reply["status"] == "error"
    assert "interrupt" in cell.error.lower()
    assert fresh.ok("kept").result == "[]int{1, 2, 3}"
    assert fresh.ok('py.Get("kept")').result == "5"
    assert fresh.worker() == worker


def test_an_interrupt_without_a_cell_does_nothing(fresh):
    fresh.ok("kept := 1")
    control = fresh.client.control_channel
    control.send(fresh.client.session.msg("interrupt_request"))
    assert control.get_msg(timeout=kernels.PATIENCE)["content"]["status"] == "ok"  # or it would find the next cell
    assert fresh.ok("kept").result == "1"


def test_a_second_interrupt_replaces_the_worker(fresh):
    fresh.ok("kept := 1")
    worker = fresh.worker()
    # A loop in C that looks at no signal, as a long computation in a library is.
    request = fresh.client.execute('fmt.Println("running")\npy.Eval("sum(range(10**15))")')
    fresh.await_output(request, "running")
    fresh.manager.interrupt_kernel()
    with pytest.raises(queue.Empty):
        fresh.collect(request, timeout=1)
    fresh.manager.interrupt_kernel()
    cell = fresh.collect(request)
    assert cell.reply["status"] == "error"
    assert "interrupted" in cell.error and "Lost with it: kept" in cell.error
    assert fresh.ok("1 + 1").result == "2"
    assert fresh.worker() != worker and not kernels.gone([worker])


def test_restart(fresh):
    fresh.ok("kept := 1")
    before = fresh.processes()
    fresh.manager.restart_kernel(now=False)
    fresh.ready()
    assert not kernels.gone(before)
    assert "undefined: kept" in fresh.fails("kept").error
    assert fresh.ok("kept := 2\nkept").result == "2"


def test_shutdown_leaves_no_process(fresh):
    fresh.ok('child := exec.Command("sleep", "1000")\nchild.Start()')
    fresh.ok('py.Import("subprocess").Method("Popen", []any{"sleep", "1000"})')
    before = fresh.processes()
    assert [p.name() for p in before].count("sleep") == 2
    fresh.manager.shutdown_kernel(now=False)
    assert not kernels.gone(before)


def test_the_worker_ends_with_the_front(fresh):
    fresh.ok("1 + 1")
    before = fresh.processes()
    fresh.front.send_signal(signal.SIGKILL)
    assert not kernels.gone(before)


def test_output_of_children_and_c_code_is_heard(kernel):
    assert kernel.ok('out := exec.Command("echo", "from a child")\nout.Stdout = os.Stdout\nout.Run()').stdout == "from a child\n"
    cell = kernel.ok('py.Exec("import os; os.write(1, b\'from fd 1\\\\n\'); os.write(2, b\'from fd 2\\\\n\')")')
    assert (cell.stdout, cell.stderr) == ("from fd 1\n", "from fd 2\n")


def test_many_lines_come_whole_and_in_order(kernel):
    cell = kernel.ok("for i := range 100_000 { fmt.Println(i) }")
    assert cell.stdout == "".join(f"{i}\n" for i in range(100_000))
    assert len(cell.outputs) < 1000, "lines are sent together"


def test_output_belongs_to_the_cell_that_started_the_goroutine(fresh):
    """Below which cell something is shown says the id in the parent header of its message."""
    first = fresh.client.execute("goOn, done := make(chan int), make(chan int)\n"
                                 "go func() { for n := range goOn { fmt.Println(\"first\", n); done <- n }\n"
                                 "display.Show(display.Text(\"first\")); close(done) }()")
    fresh.collect(first)
    second = fresh.client.execute("for n := range 3 { fmt.Println(\"second\", n); goOn <- n; <-done }\n"
                                  "close(goOn); <-done; 2")
    shown, ended = {first: [], second: []}, False
    while not (ended and len(shown[first]) > 1 and shown[first][-1][0] == "display_data"):
        message = fresh.client.get_iopub_msg(timeout=kernels.PATIENCE)
        content, parent = message["content"], message["parent_header"]["msg_id"]
        ended = ended or parent == second and content.get("execution_state") == "idle"
        if message["msg_type"] == "stream":
            shown[parent].append(("stream", content["text"]))
        elif "data" in content:
            shown[parent].append((message["msg_type"], content["data"]["text/plain"]))

    def text(parent):
        return "".join(what for kind, what in shown[parent] if kind == "stream")
    assert text(first) == "first 0\nfirst 1\nfirst 2\n"
    assert shown[first][-1] == ("display_data", "first")
    assert text(second) == "second 0\nsecond 1\nsecond 2\n"
    assert shown[second][-1] == ("execute_result", "2")
