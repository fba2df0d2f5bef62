"""Drive the app in a real browser: the app as a process, Chromium, and waiting until a page is drawn."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RUNS = """window.kbRuns = {asked: 0, part: false, runs: false, clock: false, n: 0};
const fields = (bytes) => { // tag and place of each field of a message of protocol buffers
  const found = [];
  let at = 0;
  const number = () => { let n = 0, shift = 1, byte; do { byte = bytes[at++]; n += (byte & 127) * shift; shift *= 128; } while (byte > 127); return n; };
  while (at < bytes.length) {
    const tag = number(), kind = tag & 7;
    const length = kind === 2 ? number() : kind === 1 ? 8 : kind === 5 ? 4 : 0;
    const value = kind ? 0 : number();
    found.push([tag >> 3, bytes.subarray(at, at + length), value]);
    at += length;
  }
  return found;
};
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  const runs = window.kbRuns;
  if (!this.kbHeard) {
    this.kbHeard = true;
    this.addEventListener("close", () => { runs.asked = 0; runs.runs = false; });
    this.addEventListener("message", (event) => {
      let part = false;
      for (const [field, bytes, value] of fields(new Uint8Array(event.data))) {
        if (field === 2) { // metadata: its run, and of that the fragment_ids
          const run = fields(bytes).find(([field]) => field === 6);
          part = !!run && fields(run[1]).some(([field]) => field === 2);
        }
        if (field === 4) { // new_session
          runs.clock = part && !(runs.asked && runs.part);
          if (!runs.clock) runs.asked = 0;
          Object.assign(runs, {runs: !runs.clock, n: runs.n + 1});
        }
        if (field !== 6 || value === 2) continue; // script_finished; 2: another run follows at once
        const n = runs.n;
        setTimeout(() => { if (runs.n === n) runs.runs = false; }, 50); // the page hears it as late as this script
      }
    });
  }
  if (data instanceof Uint8Array || data instanceof ArrayBuffer) {
    const run = fields(new Uint8Array(data)).find(([field]) => field === 11); // rerun_script
    const asked = run ? fields(run[1]) : [];
    if (run && !asked.some(([field, , value]) => field === 6 && value)) { // is_auto_rerun
      Object.assign(runs, {asked: performance.now(), part: asked.some(([field, bytes]) => field === 5 && bytes.length > 0)});
    }
  }
  return send.call(this, data);
};"""
"""Notes in a page whether it has asked for a run of the script that has not ended: Streamlit's own mark says
“notRunning” from a click until the server's first answer. A part of a page that draws itself anew by the clock alone
does not count (`is_auto_rerun`), though Streamlit says “running”: a page with work under way would hardly ever be
still. The numbers are those of Streamlit's messages BackMsg and ForwardMsg, which test_ui_settled.py
compares with the installed ones."""
READY = """const app = document.querySelector('[data-testid=stApp]'), runs = window.kbRuns;
if (runs && (runs.runs || (runs.asked && performance.now() - runs.asked < 20000))) return false; // the server drops what is out of date
return !!app && (runs?.clock || app.getAttribute('data-test-script-state') === 'notRunning') && document.querySelectorAll('h1').length > 0"""
"""Whether the page is drawn, and has no answer of the server before it."""


def live_or_made(root, folder) -> str:
    """Return the folder of an index that can be searched: a copy of the installation's own, to which a test may add
    documents; without one, the corpus indexed by words only."""
    from kb.build.job import BuildJob, build
    from kb.commitments.documents import register_documents
    from kb.config import settings
    from kb.errors import KBError
    from kb.index.live import open_index
    from kb.sources.documents import corpus_documents

    try:
        here = settings().indexes
        live = open_index(here, root / "corpus").folder.name
        folder.mkdir(parents=True, exist_ok=True)
        for entry in here.iterdir():  # what was embedded before is not embedded anew
            if entry.name in (live, "models"):
                shutil.copytree(entry, folder / entry.name, copy_function=os.link)
            elif entry.is_file() and entry.name != ".lock":
                shutil.copy2(entry, folder / entry.name)
        return str(folder)
    except KBError:
        corpus = root / "corpus"
        build(
            BuildJob(
                indexes=folder,
                tag=lambda document: document,
                encoders={},
                inputs={},
                documents=lambda: [*corpus_documents(corpus), *register_documents(corpus / "commitments", corpus)],
            )
        )
        return str(folder)


SETTLES = 30.0  # seconds: a page of much text is drawn within five, beside other work within twenty
ASKED = "Write your name at the top right"


class Served:
    """The app in a process of its own, with its own port and workspace."""

    def __init__(
        self, root, folder, env: dict[str, str] | None = None, flags: tuple[str, ...] = (), before=lambda app: None
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.root, self.log, self.workspace = root, folder / "log", folder / "workspace"
        self.address = f"http://127.0.0.1:{self.port}/"
        self.env = {
            **os.environ,
            "KB_INDEXES": live_or_made(root, folder / "indexes"),
            "KB_WORKSPACE": str(self.workspace),
            **(env or {}),
        }
        self.flags = flags
        self.workspace.mkdir(parents=True, exist_ok=True)
        before(self)
        self.start()

    def start(self) -> None:
        """Start the app and wait until it answers."""
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            str(self.port),
            "--server.address",
            "127.0.0.1",
            "--server.headless",
            "true",
            "--server.fileWatcherType",
            "none",
            *self.flags,
        ]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, cwd=self.root, env=self.env, stdout=log, stderr=log)
        try:
            wait_for(lambda: answers(f"{self.address}_stcore/health"), "the app to answer")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(20)


def answers(url: str) -> bool:
    """Return whether a server answers at this address."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def wait_for(what, name: str, seconds: float = 180.0) -> None:
    """Wait until `what()` is true; after `seconds` fail with `name`, which says what was awaited."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.2)
    pytest.fail(f"waited {seconds:.0f} s for {name}")


def open_browser(profile, frames: bool = False):
    """Return a new Chromium; skips the test, with the reason, if there is none. With `frames` it records the messages
    of its WebSockets."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("needs chromium and chromedriver")
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=1400,1200"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", **({"performance": "ALL"} if frames else {})})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    opened.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": f"(() => {{{RUNS}}})()"})
    return opened


def visit(browser, url: str) -> None:
    """Open an address and wait until the page is drawn and no longer changes: one run of the script may follow
    another."""
    browser.get(url)
    drawn(browser, url)


def drawn(browser, name: str = "the page") -> None:
    """Wait until the page is drawn and no longer changes; `name` is used in a failure."""
    wait_for(lambda: all(ready_after(browser, pause) for pause in (0, 0.4, 0.4, 0.4)), f"{name} to be drawn")


def ready_after(browser, pause: float) -> bool:
    """Return whether the page is drawn after a pause of `pause` seconds."""
    time.sleep(pause)
    return browser.execute_script(READY)


def element(browser, how: str, what: str):
    """Wait for an element and return it: a page is drawn piece by piece."""
    wait_for(lambda: browser.find_elements(how, what), what)
    return browser.find_elements(how, what)[0]


def body(browser) -> str:
    """Return all text of the page."""
    return browser.execute_script("return document.body.innerText")


def shows(browser, words: str) -> None:
    """Wait until the page shows these words, then until the run that drew them has ended: what it replaces stands on
    the page until then. A run that goes on for longer than `SETTLES` is not awaited."""
    wait_for(lambda: words in body(browser), f"the words “{words}”")
    end = time.monotonic() + SETTLES
    while not browser.execute_script(READY) and time.monotonic() < end:
        time.sleep(0.1)


def named(browser, name: str = "Ada Example") -> None:
    """Type a person's name at the top right, and wait until the server has it: the page no longer asks for it."""
    from selenium.webdriver.common.keys import Keys

    element(browser, "css selector", "[aria-label='Your name']").send_keys(name, Keys.ENTER)
    wait_for(lambda: ASKED not in body(browser), "the name to be known")
    drawn(browser)


def downloaded(folder, suffix: str):
    """Wait for a downloaded file with this suffix and return it."""
    wait_for(lambda: [one for one in folder.iterdir() if one.suffix == suffix], f"a {suffix} file")
    return next(one for one in folder.iterdir() if one.suffix == suffix)
