"""Executes a notebook from its top to its end and writes it, with its outputs, to another file."""

import argparse
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    notebook = nbformat.read(given.notebook, as_version=4)
    folder = {"metadata": {"path": str(given.notebook.resolve().parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=folder).execute()
    nbformat.write(notebook, given.out)


if __name__ == "__main__":
    main()
