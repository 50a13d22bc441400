"""Small faults, such as `<=` instead of `<`, at random places of the package.

Texts, errors, annotations and what `repr` shows are left as they are.
"""

import ast
from collections import Counter
from copy import copy
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ROOMS = "cells", "network", "reading", "music"
SWAPS = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,), ast.Pow: (ast.Mult,), ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip
PAIRS = "min max", "minimum maximum", "argmin argmax", "any all", "floor ceil"
NAMES = {a: b for pair in PAIRS for a, b in (pair.split(), pair.split()[::-1])}


class Mutant(NamedTuple):
    """One fault: `new` stands for the characters from `start` to `end` of a file."""

    path: str
    lines: range  # of the statement, counted from 1
    start: int
    end: int
    new: str
    text: str  # the line, and what changes in it
    twin: int  # how many with the same text stand before it in the file

    def __str__(self):
        number = f" ({self.twin + 1})" if self.twin else ""
        return f"{self.path}: {self.text}{number}"


def changed(node, **fields):
    """Return the source of a node with other fields."""
    node = copy(node)
    for name, value in fields.items():
        setattr(node, name, value)
    text = ast.unparse(ast.fix_missing_locations(node))
    whole = isinstance(node, ast.stmt | ast.Slice)  # what stands without brackets
    return text if whole else f"({text})"


def faults(node):
    """Return the faults of a node: a list of (node to replace, its new source)."""
    match node:
        case ast.Compare(ops=[op, *rest]):
            return [(node, changed(node, ops=[o(), *rest])) for o in SWAPS[type(op)]]
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op):
            return [(node, changed(node, op=o())) for o in SWAPS.get(type(op), ())]
        case ast.Constant(value=bool()):
            return [(node, str(not node.value))]
        case ast.Constant(value=int() | float()) if abs(node.value) <= 1000:
            return [(node, str(node.value + 1)), (node, f"({node.value - 1})")]
        case ast.Slice():
            found = []
            for side in ("lower", "upper"):
                if bound := getattr(node, side):
                    later = ast.BinOp(bound, ast.Add(), ast.Constant(1))
                    found += [(node, changed(node, **{side: None}))]
                    found += [(node, changed(node, **{side: later}))]
            return found
        case ast.Name(id=name) if name in NAMES:
            return [(node, NAMES[name])]
        case ast.Attribute(attr=name) if name in NAMES:
            return [(node, changed(node, attr=NAMES[name]))]
        case ast.Return(value=ast.expr()):
            return [(node.value, "None")]
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return [(test, f"(not ({ast.unparse(test)}))")]
        case ast.comprehension(ifs=[test, *_]):
            return [(test, f"(not ({ast.unparse(test)}))")]
        case ast.UnaryOp(operand=operand):
            return [(node, f"({ast.unparse(operand)})")]
        case ast.Break() | ast.Continue():
            return [(node, "continue" if isinstance(node, ast.Break) else "break")]
    return []


def walk(node, lines=range(0)):
    """Yield (node, lines of its statement), except errors, texts and annotations."""
    if isinstance(node, ast.Raise | ast.JoinedStr):
        return
    if getattr(node, "name", "") == "__repr__":
        return
    if isinstance(node, ast.stmt):
        inner = getattr(node, "body", None)
        end = inner[0].lineno if inner else node.end_lineno + 1
        lines = range(node.lineno, max(end, node.lineno + 1))
    yield node, lines
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from walk(child, lines)


def all_mutants(path):
    """Return for each place of a file the list of its mutants."""
    source = (ROOT / path).read_text(encoding="utf-8")
    rows = source.split("\n")
    begins = [0, *accumulate(len(row) + 1 for row in rows)]

    def place(line, column):  # ast counts bytes
        return begins[line - 1] + len(rows[line - 1].encode()[:column].decode())

    places, seen = [], Counter()
    for node, lines in walk(ast.parse(source)):
        found = []
        for old, new in faults(node):
            start = place(old.lineno, old.col_offset)
            end = place(old.end_lineno, old.end_col_offset)
            ast.parse(source[:start] + new + source[end:])
            before = " ".join(source[start:end].split())
            text = f"{rows[old.lineno - 1].strip()}  [{before} -> {new}]"
            found.append(Mutant(path, lines, start, end, new, text, seen[text]))
            seen[text] += 1
        if found:
            places.append(found)
    return places


def draw(count, seed):
    """Draw places at random, and one mutant of each.

    What is drawn depends on the seed and on each line alone, so that a change elsewhere
    leaves most of it as it was.
    """

    def chance(mutant):
        return blake2b(f"{seed} {mutant}".encode()).digest()

    files = sorted(p for room in ROOMS for p in (ROOT / "lstmviz" / room).glob("*.py"))
    places = [p for path in files for p in all_mutants(str(path.relative_to(ROOT)))]
    places.sort(key=lambda place: chance(place[0]))
    return [min(place, key=chance) for place in places[:count]]
