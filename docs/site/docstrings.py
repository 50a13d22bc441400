"""Docstrings on the site: tables and diagrams stay as they stand, equations are set.

In the source, a docstring is read as plain text: an indented block is a table, a
diagram or an equation. Here, blocks whose every line is an equation become formulas,
all others keep their lines and spaces.
"""

import inspect
import re
import textwrap

UNDERLINE = re.compile(r"^-{3,}$", re.MULTILINE)
ALIGNED = re.compile(r"\S {3,}\S")
COMMENT = re.compile(r" {4,}(?=\S)")
EQUATION = re.compile(r"^[^\"'\[\]:]*[^\"'\[\]:\s]'* +(=|≈|<-) [^\"\[\]:]+$")
WORD = re.compile(r"[A-Za-z]{2,}")
PRODUCT = re.compile(r"(?<=[\w'²)]) +(?=[\w(√])")  # a space between two factors
FUNCTIONS = {"tanh", "sin", "cos", "log", "exp"}
ENDING = re.compile(r"(?<!`)`(\.\w+)`(?!`)")  # of the name of a file
FIELD = re.compile(r"^ +(\w+): [^#\n]+# +(.*)$", re.MULTILINE)


def setup(app):
    """Connect to Sphinx; before numpydoc, which sees every docstring at 500."""
    app.connect("autodoc-process-docstring", process, priority=400)


def process(app, what, name, thing, options, lines):
    """Replace the lines of a docstring by what numpydoc and Sphinx shall read."""
    if what == "attribute" and lines and lines[0].startswith("Alias for field"):
        lines[:] = [field(name)]
        return
    text = "\n".join(lines)
    section = UNDERLINE.search(text)
    end = text.rfind("\n", 0, section.start() - 1) + 1 if section else len(text)
    blocks = re.split(r"\n[ \t]*\n", text[:end].rstrip())
    lines[:] = "\n\n".join([*map(block, blocks), escaped(text[end:])]).split("\n")


def block(text):
    """Return a paragraph as it is, or reStructuredText for a table or an equation."""
    rows = text.split("\n")
    if not (all(r.startswith("    ") for r in rows) or any(map(ALIGNED.search, rows))):
        return escaped(text)
    rows = textwrap.dedent(text).split("\n")
    if all(map(EQUATION.match, (COMMENT.split(row)[0] for row in rows))):
        formula = " \\\\\n".join(map(latex, rows))
        body = f"\\begin{{aligned}}\n{formula}\n\\end{{aligned}}"
        return ".. math::\n\n" + textwrap.indent(body, "   ")
    return ".. code-block:: none\n\n" + textwrap.indent("\n".join(rows), "   ")


def escaped(text):
    """Return text in which |x| is not the name of a substitution, `.npz` of nothing."""
    return re.sub(r"(?<![|`\w])\|(?=\w)", r"\\|", ENDING.sub(r"``\1``", text))


def latex(row):
    """Return a line of plain text, equations and perhaps a comment, as LaTeX."""
    first, *others = COMMENT.split(row)
    found = re.sub(r"=|≈|\\leftarrow", r"&\g<0>", formula(first), count=1)
    for part in others:
        if EQUATION.match(part):
            found += rf" \qquad {formula(part)}"
        else:
            found += rf" &&\quad \text{{{part}}}"
    return found


def formula(equation):
    """Return an equation in plain text as LaTeX."""
    equation = PRODUCT.sub(r"\\,", equation)
    equation = WORD.sub(word, equation.replace("<-", "←"))
    equation = re.sub(r"([^\W\d_])(\d)", r"\1_\2", equation.replace("Σ", r"\sum"))
    equation = re.sub(r"\^(-?[\d.]+)", r"^{\1}", equation)
    for power, raised in ("ᵀ", r"\top "), ("⁻¹", "{-1}"), ("²", "2"):
        equation = equation.replace(power, f"^{raised}")
    equation = re.sub("(.)\u0302", r"\\hat{\1}", equation)
    equation = re.sub(r"√\(([^()]*)\)|√(\\hat{.}|.)", r"\\sqrt{\1\2}", equation)
    return equation.replace("←", r"\leftarrow ")


def word(match):
    """Return a name of several letters upright."""
    name = match.group()
    return f"\\{name} " if name in FUNCTIONS else rf"\mathrm{{{name}}}"


def field(name):
    """Return the comment beside a field of a named tuple."""
    module, of_class, attribute = name.rsplit(".", 2)
    source = inspect.getsource(getattr(__import__(module, fromlist=["_"]), of_class))
    return dict(FIELD.findall(source)).get(attribute, "")
