"""A plugin of pytest for `mutants.py`: which test reaches which line, in what order."""

import json
import os
import resource
from pathlib import Path

MEMORY = 8 * 2**30  # bytes; an endless loop may fill a list


def pytest_configure():
    if "MUTANTS_TESTS" in os.environ:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        seconds = int(os.environ["MUTANTS_LIMIT"])  # of processor time
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def pytest_collection_modifyitems(items):
    """Keep the tests that are asked for, in their order."""
    if "MUTANTS_TESTS" in os.environ:
        by_name = {item.nodeid: item for item in items}
        names = json.loads(Path(os.environ["MUTANTS_TESTS"]).read_text())
        items[:] = [by_name[name] for name in names if name in by_name]


def pytest_runtest_setup(item):
    """What happens while a test is set up may serve all tests of its file."""
    switch_context(item.nodeid.split("::")[0])


def pytest_runtest_call(item):
    switch_context(item.nodeid)


def switch_context(name):
    if "MUTANTS_RECORD" in os.environ:
        from coverage import Coverage

        Coverage.current().switch_context(name)


def pytest_runtest_logreport(report):
    """Record how long each test that passes takes."""
    if "MUTANTS_RECORD" in os.environ and report.when == "call" and report.passed:
        with open(os.environ["MUTANTS_RECORD"], "a") as file:
            file.write(json.dumps([report.nodeid, report.duration]) + "\n")
