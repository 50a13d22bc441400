"""Lets `python -m lstmviz` do what `lstmviz` does."""

import sys

from lstmviz.cli import main

sys.exit(main())
