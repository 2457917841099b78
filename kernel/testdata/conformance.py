"""Runs jupyter_kernel_test against a running kernel. Argument: its connection file."""

import sys
import unittest

import jupyter_kernel_test
from jupyter_client import BlockingKernelClient

PATH = sys.argv.pop()


class KernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "gopy"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = "hello"
    code_stderr = "warn"
    completion_samples = [{"text": "ab", "matches": {"ab1"}}]
    complete_code_samples = ["x := 1", ""]
    incomplete_code_samples = ["func f() {"]
    invalid_code_samples = ["}}"]
    code_generate_error = "fail"
    code_execute_result = [{"code": "1+2", "result": "1+2", "mime": "text/plain"}]
    code_display_data = [{"code": "display", "mime": "image/png"}, {"code": "display", "mime": "text/html"}]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "strings.Split"
    code_clear_output = "clear"

    @classmethod
    def setUpClass(cls):
        cls.kc = BlockingKernelClient(connection_file=PATH)
        cls.kc.load_connection_file()
        cls.kc.start_channels()
        cls.kc.wait_for_ready(timeout=30)

    @classmethod
    def tearDownClass(cls):  # the suite's own stops a kernel that it has started
        cls.kc.shutdown(reply=True, timeout=30)
        cls.kc.stop_channels()

    # Payloads are deprecated, and here there are none.
    test_pager = None


if __name__ == "__main__":
    unittest.main(verbosity=2)
