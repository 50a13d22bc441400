"""The judge: checks one file, in a separate process that `marking` starts.

It runs the file, and checks every exercise whose function the file defines. It writes
lines of JSON: first the names of the exercises, then for each exercise the lines that
say what is wrong. Each is written at once, so that exercises before an endless loop
have their verdict. Each is signed, so that only the judge can write them.
"""

import ast
import hmac
import importlib.util
import json
import os
import sys
import warnings
from pathlib import Path

from lstmviz.coursework.comparing import Wrong
from lstmviz.coursework.exercises import load_lessons
from lstmviz.coursework.mistakes import OutdatedWarning
from lstmviz.coursework.student import Student, complaint

__all__ = ["defined", "judge", "main", "signed", "verdict"]


def judge(path):
    """Check a file: yield the names of its exercises, then the faults of each.

    Faults are lines of text; there are none if the work is right. The only name is
    "" if the file defines no function of an exercise.
    """
    exercises = load_lessons()
    path = Path(path).resolve()
    try:
        names = [name for name in defined(read(path)) if name in exercises]
        if not names:
            known = ", ".join(exercises)
            raise Wrong(
                "it defines no function of any exercise", f"The exercises are {known}."
            )
    except Wrong as wrong:
        yield [""]
        yield wrong.args
        return
    yield names
    try:
        module = imported(path)
    except Exception as error:
        yield from [complaint(error, path)] * len(names)
        return
    for name in names:
        yield verdict(exercises[name].check, Student(getattr(module, name), path))


def read(path):
    """Return the text of a file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Wrong("it is not text: it should be a Python file in UTF-8") from None


def verdict(check, student):
    """Return the lines that say what a check found wrong; none if it is right."""
    try:
        check(student)
    except Wrong as wrong:
        names = ", ".join(student.changed)
        return (*wrong.args, *[f"It leaves {names} changed."] * bool(names))
    except Exception as error:  # in the check itself, such as a lecturer's own
        return (f"the check failed with {type(error).__name__}: {error}",)
    return ()


def defined(source):
    """Return the names that a source defines at its top level, in order, once each.

    >>> defined("import math\\ndef gates(z): ...\\nbeat = gates")
    ['gates', 'beat']
    """
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        line = (error.text or "").strip()
        raise Wrong(
            f"line {error.lineno} is not Python ({error.msg}): {line}"
        ) from None
    names = []
    for node in body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [t.id for t in node.targets if isinstance(t, ast.Name)]
    return list(dict.fromkeys(names))


def imported(path):
    """Run a Python file as a module, and return it."""
    spec = importlib.util.spec_from_file_location("handed_in", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where pickle and dataclasses look for it
    sys.path.append(str(path.parent))  # it may import files of the same folder
    spec.loader.exec_module(module)
    return module


def signed(secret, number, text):
    """Return a line of text with its signature (HMAC), which depends on its number."""
    message = f"{number} {text}".encode(errors="replace")
    return f"{hmac.new(secret, message, 'sha256').hexdigest()} {text}"


def main():
    """Write the verdicts on a file, each as soon as it is known.

    The secret comes from standard input, which is then at its end. Verdicts go to what
    is standard output at the beginning; later, that is where errors go.
    """
    [path] = sys.argv[1:]
    secret = sys.stdin.buffer.read()
    verdicts = os.dup(1)  # not inherited by processes that the student's code starts
    os.dup2(2, 1)
    sys.dont_write_bytecode = True  # write nothing to the student's folder
    warnings.simplefilter("ignore", OutdatedWarning)
    with open(verdicts, "w", encoding="utf-8") as file:
        for number, verdict in enumerate(judge(path)):
            print(signed(secret, number, json.dumps(verdict)), file=file, flush=True)
            sys.stdout.flush()
