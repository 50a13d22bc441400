"""Pages in a real browser, for all tests of this folder."""

import os
import shutil

import numpy as np
import pytest
from browsing import HOSTILE_TITLE, LOW, SIZES, N, S, hostile_trace
from helpers import random_music, trace_of
from playwright.sync_api import sync_playwright

import lstmviz as lv
from lstmviz.cells.lstm import Layer, sigmoid

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--autoplay-policy=no-user-gesture-required"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What is done in a browser is slow."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser():
    """Debian's chromium. Without it, these tests are skipped; in CI they fail."""
    chromium = shutil.which("chromium")
    if chromium is None:
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop("the page needs a browser: apt-get install chromium")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def trace():
    """A trace of large numbers: many cell states are outside the range of a byte."""
    rng = np.random.default_rng(0)
    layers = {}
    for name, H in SIZES.items():
        z = rng.normal(0, 2, (6, S, N, H)).astype(np.float32)
        i, f, g, o = sigmoid(z[0]), sigmoid(z[1]), np.tanh(z[2]), sigmoid(z[3])
        layers[name] = Layer(i, f, g, o, 2 * z[4], np.tanh(z[5]))
    music = random_music(0, T=S + 1, N=N, density=0.4)
    probability = rng.random((S, N, 2)).astype(np.float32)
    return trace_of(layers, music, probability, LOW)


@pytest.fixture(scope="session")
def files(trace, tmp_path_factory):
    """A folder with the trace as two pages, without and with gates."""
    folder = tmp_path_factory.mktemp("pages")
    lv.page(trace, folder / "plain.html", title="A & <B>", step=0)
    lv.page(trace, folder / "gates.html", gates=True, step=0)
    hostile = {"gates": True, "title": HOSTILE_TITLE, "step": 0}
    lv.page(hostile_trace(), folder / "hostile.html", **hostile)
    return folder


@pytest.fixture
def visit(browser, files):
    """Open pages; expect no error message, and no request except for the file."""
    contexts, complaints, requests = [], [], []

    def opened(name="plain.html", address="", window=(1280, 800), scale=1):
        width, height = window
        context = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale
        )
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda request: requests.append(request.url))
        tab.goto(f"{(files / name).as_uri()}{address}")
        tab.wait_for_selector("body[data-ready]", timeout=30_000)
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert {url.split(":")[0] for url in requests} <= {"file", "data"}
