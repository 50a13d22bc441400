"""The examples in the docstrings of the installed package say what is true."""

import doctest
import importlib
import pkgutil

import pytest

import lstmviz

MODULES = [
    module.name
    for module in pkgutil.walk_packages(lstmviz.__path__, "lstmviz.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
