"""Links from the texts to files and folders that are not pages of the site.

In the repository, a text links to the source: `../lstmviz/cells/lstm.py`. On the site,
such a link leads to the highlighted source. A link to a room of the package leads to
its page of the API, one to the README to the first page of the site, one to any other
file to a copy of it. Other folders have no page: of their links, the text remains.

Where the repository is on GitHub, each notebook begins with links that run it.
"""

import os
import re
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import download_reference, pending_xref
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).parents[2]
GITHUB = re.compile(r"github\.com[:/]([^/]+/[^/]+?)(\.git)?/?$")
RUN = {  # where notebooks are run: {} is owner/name of the repository, then the file
    "Binder": "https://mybinder.org/v2/gh/{}/HEAD?labpath={}",
    "Colab": "https://colab.research.google.com/github/{}/blob/HEAD/{}",
}
DEFINITION = re.compile(r"^(def|class) ", re.MULTILINE)


class LinkToSource(SphinxTransform):
    """Lead the links of a text to the pages that show the source."""

    default_priority = 800  # before the files to copy are collected

    def apply(self):
        """Replace the links of one page."""
        path = Path(self.env.doc2path(self.env.docname))
        folder = path.parent
        if path.suffix == ".ipynb" and repository():
            place = path.relative_to(ROOT).as_posix()
            title = next(iter(self.document.findall(nodes.title)))
            title.parent.insert(title.parent.index(title) + 1, links_to_run(place))
        for link in list(self.document.findall(download_reference)):
            self.replace(link, (folder / link["reftarget"]).resolve())
        for link in list(self.document.findall(pending_xref)):
            if link.get("refdomain") == "doc" and link["reftarget"] == "README":
                link["reftarget"] = self.config.root_doc
            elif link["reftype"] == "myst" and not link.get("refdomain"):
                self.replace(link, (folder / link["reftarget"]).resolve())

    def replace(self, link, path):
        """Lead a link to the page of a file or folder, if there is one."""
        page = page_of(path)
        if page:
            uri = self.app.builder.get_relative_uri(self.env.docname, page)
            link.replace_self(nodes.reference("", "", *link.children, refuri=uri))
        elif path.is_dir():
            link.replace_self(link.children)


def repository():
    """Return the owner/name of the repository on GitHub; "" if it is elsewhere."""
    found = GITHUB.search(os.environ.get("READTHEDOCS_GIT_CLONE_URL", ""))
    return found.group(1) if found else ""


def links_to_run(place):
    """Return a paragraph of links that run a notebook."""
    line = nodes.paragraph("", "Run it: ")
    for number, (name, address) in enumerate(RUN.items()):
        line += nodes.Text(" · " if number else "")
        line += nodes.reference("", name, refuri=address.format(repository(), place))
    return line


def page_of(path):
    """Return the page that shows a file or a room of the package, or None."""
    if not path.is_relative_to(ROOT / "lstmviz"):
        return None
    if (path / "__init__.py").exists():
        return f"docs/api/{path.name}"
    if path.suffix == ".py" and DEFINITION.search(path.read_text(encoding="utf-8")):
        return f"_modules/{path.relative_to(ROOT).with_suffix('').as_posix()}"
    return None
