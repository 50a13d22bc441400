"""Lets `python -m lstmviz` do what `lstmviz` does."""

import sys

from lstmviz.commands.main import main

sys.exit(main())
