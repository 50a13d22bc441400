"""The commands of coursework: write the exercises, mark what students have written."""

import os
from pathlib import Path

from tqdm import tqdm

from lstmviz.coursework.exercises import OWN_CHECKS
from lstmviz.coursework.marking import SECONDS, check_file
from lstmviz.files import check_output, save_bytes, save_table

__all__ = ["add_check", "add_exercises"]

MARKS = "file", "exercise", "right", "what is wrong"  # right is 1 or 0
CHECK = (
    "`lstmviz exercises` writes the exercises. Each FILE runs in its own process. The "
    "exit status is 0 if everything is right, otherwise 1."
)


PACKAGE = Path(__file__).parents[1]
# Where setup.py puts the exercises in an installation, and where a clone has them.
EXERCISES = PACKAGE / "exercises", PACKAGE.parent / "tutorials" / "exercises"


def add_exercises(commands):
    sub = commands.add(
        "exercises", run_exercises, "write the exercises, files with gaps to fill"
    )
    sub.add_argument(
        "folder", nargs="?", default="exercises", help="folder to write into"
    )


def run_exercises(folder):
    folder, found = Path(folder), find_exercises()
    present = [path.name for path in found if (folder / path.name).exists()]
    if present:
        raise ValueError(f"{folder}: already has {present[0]}; give another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path in found:
        save_bytes(path.read_bytes(), folder / path.name)
    print(f"wrote {len(found)} exercises to {folder}")
    print(f"fill the gap in one of them, then `lstmviz check {folder / found[0].name}`")


def find_exercises():
    """Return the files of the exercises, as installed or in a clone."""
    place = next(place for place in EXERCISES if place.is_dir())
    return sorted(place.glob("[0-9]*.py"))


def add_check(commands):
    sub = commands.add(
        "check",
        run_check,
        "mark exercises: what is right, what is wrong",
        CHECK,
    )
    sub.add_argument("files", metavar="FILE", nargs="+", help="a student's Python file")
    sub.add_argument(
        "--seconds", type=float, default=SECONDS, help="time limit for each file"
    )
    sub.add_argument(
        "--exercises",
        metavar="CHECKS",
        help="a Python file with checks of your own exercises, added to ours",
    )
    sub.add_argument("--csv", metavar="FILE", help="also write the marks there (.csv)")


def run_check(files, seconds, exercises, csv):
    if csv is not None:
        check_output(csv, [".csv"], files)
    if exercises is not None:
        if not Path(exercises).is_file():
            raise ValueError(f"--exercises {exercises}: there is no such file")
        # The judge is a process of its own, which inherits this.
        os.environ[OWN_CHECKS] = str(Path(exercises).resolve())
    rows = []
    bar = tqdm(files, desc="checking", unit="file", delay=2, leave=False)
    for path in bar:
        verdicts, printed = check_file(path, seconds)
        bar.clear()
        print(report(path, verdicts, printed), flush=True)
        rows += [(path, v.exercise, int(v.right), " ".join(v.lines)) for v in verdicts]
    right = sum(row[2] for row in rows)
    print(f"{right} of {len(rows)} right")
    if csv is not None:
        save_table([MARKS, *rows], csv)
        print(f"wrote {csv}")
    return 0 if right == len(rows) else 1


def report(path, verdicts, printed):
    """Return the result of a file as text for a student."""
    lines = [str(path)]
    for verdict in verdicts:
        name = verdict.exercise or "the file"
        lines.append(f"  {name}: {'right' if verdict.right else 'wrong'}")
        lines += [f"    {line}" for line in verdict.lines]
    if printed.strip():
        lines.append("  it printed:")
        lines += [f"    {line}" for line in printed.strip().splitlines()]
    return "\n".join(lines)
