"""What holds where nothing else is asked for: no progress is shown, the seed is 0."""

import importlib
import inspect
import pkgutil

import pytest

import lstmviz


def functions():
    """Yield all functions and methods of the package."""
    for module in pkgutil.walk_packages(lstmviz.__path__, "lstmviz."):
        if not module.name.endswith("__main__"):
            names = vars(importlib.import_module(module.name))
            classes = [names, *(vars(c) for c in names.values() if inspect.isclass(c))]
            for members in classes:
                yield from filter(inspect.isfunction, members.values())


@pytest.mark.parametrize(("name", "value"), [("progress", False), ("seed", 0)])
def test_the_same_default_everywhere(name, value):
    found = []
    for function in functions():
        parameter = inspect.signature(function).parameters.get(name)
        if parameter and parameter.default is not parameter.empty:
            found.append(function)
            assert parameter.default is value, function
    assert len(found) > 10
