"""usage_request, which is ipykernel's and has no specification: what ipykernel answers is what is compared with."""

import time

import pytest
from jupyter_client import KernelManager

import kernels


def usage(client):
    """The content of the reply; the control channel answers while a cell runs."""
    request = client.session.msg("usage_request", {})
    client.control_channel.send(request)
    deadline = time.monotonic() + kernels.PATIENCE
    while True:
        reply = client.get_control_msg(timeout=max(0.1, deadline - time.monotonic()))
        if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
            assert reply["msg_type"] == "usage_reply"
            return reply["content"]


@pytest.fixture(scope="module")
def ipykernel():
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=kernels.PATIENCE)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def kinds(value):
    """The names in a reply and what they hold; 0 and 0.0 are both what Python writes for nothing."""
    if isinstance(value, dict):
        return {name: kinds(v) for name, v in value.items() if name != "status"}
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def busy(client):
    """A reply of which nothing is left out: the machine was busy since the one before."""
    deadline = time.monotonic() + kernels.PATIENCE
    while True:
        content = usage(client)
        if "host_cpu_percent" in content:
            return content
        assert time.monotonic() < deadline, content


def test_the_reply_has_the_form_of_ipykernels(kernel, ipykernel):
    ours, theirs = busy(kernel.client), busy(ipykernel)
    assert kinds(ours) == kinds(theirs)
    assert ours["hostname"] == theirs["hostname"] and ours["cpu_count"] == theirs["cpu_count"]
    host, same = ours["host_virtual_memory"], theirs["host_virtual_memory"]
    assert host["total"] == same["total"]
    for name in ("available", "used", "cached", "active"):
        assert abs(host[name] - same[name]) < 0.25 * host["total"], name


def test_all_processes_count(kernel):
    kernel.ok("data := make([]byte, 300<<20)\nfor i := range data { data[i] = 1 }")
    request = kernel.client.execute('exec.Command("sleep", "1000").Run()')
    deadline = time.monotonic() + kernels.PATIENCE
    while not any(p.name() == "sleep" for p in kernel.processes()):
        assert time.monotonic() < deadline
        time.sleep(0.02)  # until the next look
    content = usage(kernel.client)
    sizes = [getattr(m := p.memory_full_info(), "pss", m.rss) for p in kernel.processes()]
    assert content["pid"] == kernel.front.pid and len(sizes) == 3
    assert content["kernel_memory"] > 300 << 20, "the worker's counts"
    assert content["kernel_memory"] == pytest.approx(sum(sizes), rel=0.2)
    kernel.manager.interrupt_kernel()
    kernel.collect(request)


def test_a_cell_that_computes_is_seen(kernel):
    usage(kernel.client)
    request = kernel.client.execute("for {}")
    deadline = time.monotonic() + kernels.PATIENCE
    while usage(kernel.client)["kernel_cpu"] < 10:
        assert time.monotonic() < deadline
        time.sleep(0.2)  # there is something to measure
    kernel.manager.interrupt_kernel()
    kernel.collect(request)
