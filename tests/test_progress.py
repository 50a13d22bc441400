"""Progress bars: nothing is printed unless it is asked for."""

import importlib
import inspect
import pkgutil

import lstmviz


def functions():
    """Yield all functions and methods of the package."""
    for module in pkgutil.walk_packages(lstmviz.__path__, "lstmviz."):
        if not module.name.endswith("__main__"):
            names = vars(importlib.import_module(module.name))
            classes = [names, *(vars(c) for c in names.values() if inspect.isclass(c))]
            for members in classes:
                yield from filter(inspect.isfunction, members.values())


def test_progress_is_shown_only_where_it_is_asked_for():
    found = 0
    for function in functions():
        parameter = inspect.signature(function).parameters.get("progress")
        if parameter and parameter.default is not parameter.empty:
            found += 1
            assert parameter.default is False, function
    assert found > 10
