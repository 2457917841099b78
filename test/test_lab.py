"""JupyterLab in a real browser: notebooks are opened and run through its menu, looked at, and used."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import kernels
import notebooks

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="there is no Chromium with its driver here; on Debian: apt install chromium chromium-driver",
)

# High enough that the whole tour is in the picture.
FLAGS = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--window-size=1300,6800"]

SETTINGS = {
    # All cells are drawn, not only those near the view, so that all can be looked at.
    "notebook-extension/tracker": {"windowingMode": "none"},
    # No question about news on the first start, and nothing is looked up.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture
def lab(tmp_path):
    """JupyterLab on a port of its own, with copies of the notebooks without outputs. Gives its address and its token."""
    kernels.kernelspec()
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for path in notebooks.paths():
        notebook = notebooks.read(path)
        for cell in notebooks.code(notebook):
            cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, folder / path.name)
    for name, values in SETTINGS.items():
        file = tmp_path / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))

    port, token = free_port(), os.urandom(16).hex()
    log = (tmp_path / "lab.txt").open("w")
    command = [Path(sys.prefix) / "bin" / "jupyter", "lab", "--no-browser", "--ServerApp.ip=127.0.0.1",
               f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    server = subprocess.Popen(command, env=environment(tmp_path, token), cwd=tmp_path, stdout=log, stderr=log)
    try:
        await_port(port, server, log)
        yield f"http://127.0.0.1:{port}", token
    finally:
        started = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        server.terminate()
        left = kernels.gone(started)
        kernels.end(left)
        log.close()
    assert not left, "the server, the kernel and its worker end with the server"


def environment(folder, token):
    """Nothing of what the user has set for Jupyter, and nothing is left in their folders."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "JPY_"))}
    environ["JUPYTER_TOKEN"] = token
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        environ[f"JUPYTER_{name}"] = str(folder / name.lower())
    environ["JUPYTERLAB_SETTINGS_DIR"] = str(folder / "settings")
    environ["JUPYTERLAB_WORKSPACES_DIR"] = str(folder / "workspaces")
    return environ


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def await_port(port, server, log):
    deadline = time.monotonic() + kernels.PATIENCE
    while True:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None and time.monotonic() < deadline, Path(log.name).read_text()
        time.sleep(0.05)  # until the next look


@pytest.fixture
def browser(tmp_path):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in [*FLAGS, f"--user-data-dir={tmp_path / 'chromium'}"]:
        options.add_argument(flag)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's sandbox does not work for root
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(kernels.PATIENCE)
    yield driver
    driver.quit()


class Page:
    """A notebook that is open in JupyterLab."""

    def __init__(self, browser):
        self.browser = browser

    def find(self, css):
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def wait(self, true, what):
        """JupyterLab may replace an element between two looks at it: then it is looked for again."""
        wait = WebDriverWait(self.browser, kernels.PATIENCE, ignored_exceptions=[StaleElementReferenceException])
        return wait.until(lambda _: true(), f"waited in vain until {what}")

    def menu(self, name, entry):
        self.click(".lm-MenuBar-item", name)
        self.click(".lm-Menu-item", entry)

    def click(self, css, text):
        def click():
            shown = [e for e in self.find(css) if e.is_displayed() and e.text.startswith(text)]
            if shown:
                shown[0].click()
            return shown

        self.wait(click, f"{text!r} is there")

    def prompts(self):
        return [e.text for e in self.find(".jp-CodeCell .jp-InputPrompt")]

    def idle(self):
        return self.find(".jp-Notebook-ExecutionIndicator[data-status=idle]")

    def run_all(self, cells):
        """Runs all of so many cells through the menu."""
        self.wait(lambda: len(self.prompts()) == cells, "all cells are there")
        self.wait(self.idle, "the kernel is idle")
        assert not self.find(".jp-OutputArea-output"), "the outputs come from this run"
        self.menu("Run", "Run All Cells")
        numbers = [f"[{n}]:" for n in range(1, cells + 1)]
        self.wait(lambda: self.prompts() == numbers, "all cells have their numbers")
        self.wait(self.idle, "the kernel is idle again")

    def picture(self, name):
        kernels.BUILD.mkdir(exist_ok=True)
        self.browser.save_screenshot(str(kernels.BUILD / name))

    def assert_no_complaint(self):
        assert not self.find("[data-mime-type='application/vnd.jupyter.error']"), "no cell has failed"
        assert not self.find("[data-mime-type='application/vnd.jupyter.stderr']"), "nothing was complained about"


def opened(browser, lab, name):
    address, token = lab
    browser.get(f"{address}/lab/tree/{name}?token={token}")
    return Page(browser)


def test_the_tour_runs_through_the_menu(lab, browser):
    tour = notebooks.code(notebooks.read(notebooks.FOLDER / "tour.ipynb"))
    page = opened(browser, lab, "tour.ipynb")
    page.run_all(len(tour))
    page.picture("lab.png")
    page.assert_no_complaint()
    for picture in page.find(".jp-OutputArea-output img"):
        assert int(picture.get_property("naturalWidth")) >= 400, "the picture was decoded and drawn"
    cells = page.find(".jp-CodeCell")
    for cell, expected in zip(cells, tour):
        outputs = cell.find_elements(By.CSS_SELECTOR, ".jp-OutputArea-output")
        assert len(outputs) == len(expected.outputs), expected.source
        for output, want in zip(outputs, expected.outputs):
            check_output(output, want)


def check_output(output, want):
    """What is drawn is what the notebook was committed with, in its richest form."""
    data = want.get("data", {})
    if "image/png" in data:
        assert output.find_elements(By.TAG_NAME, "img")
    elif "text/html" in data:
        assert output.find_elements(By.TAG_NAME, "table")
        words = re.findall(r"<t[hd][^>]*>([^<]+)</t[hd]>", data["text/html"])
        assert words and output.text.split()[: len(words)] == " ".join(words).split()
    else:
        assert output.text.split() == (want.get("text") or data["text/plain"]).split()


def test_a_slider_calls_go(lab, browser):
    page = opened(browser, lab, "widgets.ipynb")
    page.run_all(3)
    labels = lambda: [e.text for e in page.find(".jp-OutputArea-output .widget-label-basic, .jp-OutputArea-output .widget-label")]
    page.wait(lambda: any("20! = 2432902008176640000" == text for text in labels()), "the second cell has moved it")

    page.find(".noUi-handle")[0].send_keys(Keys.ARROW_LEFT)
    page.wait(lambda: any("19! = 121645100408832000" == text for text in labels()), "Go has computed what the slider stands for")

    page.click("button.jupyter-button", "another walk")
    figure = ".jupyter-widgets-output-area img, .jupyter-widgets.widget-output img"
    page.wait(lambda: page.find(figure), "the figure is in its widget")
    first = page.find(figure)[0].get_attribute("src")
    page.click("button.jupyter-button", "another walk")
    page.wait(lambda: page.find(figure) and page.find(figure)[0].get_attribute("src") != first, "there is another one")
    assert len(page.find(figure)) == 1, "in place of the first"
    page.picture("widgets.png")
    page.assert_no_complaint()
