"""The documentation site: the pages of docs/, the tutorials, and the API by room.

    sphinx-build -W -c docs/site . SITE        in the root of the repository

The texts are the Markdown files and notebooks that are read in the repository, too.
`api.py` writes the pages of the API from the package, `docstrings.py` sets what the
docstrings show as plain text, `links.py` leads links to source files to the source.
"""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

import api  # noqa: E402
import docstrings  # noqa: E402
import links  # noqa: E402

project = "lstmviz"
author = "the lstmviz authors"
copyright = author
release = version = version_of("lstmviz")
html_title = f"lstmviz {version}"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
    "numpydoc",
    "myst_nb",
]

# What is on the site ----------------------------------------------------------------

root_doc = "docs/index"
include_patterns = [
    "docs/*.md",
    "docs/api/*.rst",
    "tutorials/*.md",
    "tutorials/*.ipynb",
]
include_patterns += ["CHANGELOG.md", "CONTRIBUTING.md", "lstmviz/weights/*.md"]
exclude_patterns = ["**/.ipynb_checkpoints"]
html_additional_pages = {"index": "to-root-doc.html"}

# How it is read ---------------------------------------------------------------------

templates_path = ["templates"]
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
nb_execution_mode = "off"  # the notebooks are stored as they ran
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "html_image"]
myst_heading_anchors = 4
highlight_language = "none"  # what commands print is no Python
smartquotes = False  # "--from" and "C4" stay as they are typed
default_role = "py:obj"  # `forward` in a docstring is a link where there is a page
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True  # the name of a module, not where it is installed
numpydoc_show_class_members = False
add_module_names = False
toc_object_entries_show_parents = "hide"


def setup(app):
    """Connect what this folder adds to Sphinx."""
    api.write_pages(ROOT / "docs" / "api")
    docstrings.setup(app)
    app.add_transform(links.LinkToSource)
