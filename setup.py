"""The exercises of the tutorials become a folder of the installed package.

Everything else about the package is in setup.cfg, which cannot say this.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["lstmviz*"]), "lstmviz.exercises"],
    package_dir={"lstmviz.exercises": "tutorials/exercises"},
)
