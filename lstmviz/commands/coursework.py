"""The command of coursework: mark what students have written."""

from tqdm import tqdm

from lstmviz.coursework.marking import SECONDS, check_file
from lstmviz.files import check_output, save_table

__all__ = ["add_check"]

MARKS = "file", "exercise", "right", "what is wrong"  # right is 1 or 0
CHECK = (
    "The exercises are in tutorials/exercises. Each FILE runs in its own process. The "
    "exit status is 0 if everything is right, otherwise 1."
)


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
    sub.add_argument("--csv", metavar="FILE", help="also write the marks there (.csv)")


def run_check(files, seconds, csv):
    if csv is not None:
        check_output(csv, [".csv"], files)
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
