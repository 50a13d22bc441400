"""The command of coursework: mark what students have written."""

from tqdm import tqdm

from lstmviz.coursework.marking import check_file
from lstmviz.files import save_table

__all__ = ["COURSEWORK"]

MARKS = "file", "exercise", "right", "what is wrong"  # right is 1 or 0


def run_check(options):
    rows = []
    bar = tqdm(options.files, desc="checking", unit="file", delay=2, leave=False)
    for path in bar:
        verdicts, printed = check_file(path, options.seconds)
        bar.clear()
        print(report(path, verdicts, printed), flush=True)
        rows += [(path, v.exercise, int(v.right), " ".join(v.lines)) for v in verdicts]
    right = sum(row[2] for row in rows)
    print(f"{right} of {len(rows)} right")
    if options.csv:
        save_table(options.csv, [MARKS, *rows])
        print(f"wrote {options.csv}")
    return 0 if right == len(rows) else 1


def report(path, verdicts, printed):
    """Write out for a student what became of a file."""
    lines = [str(path)]
    for verdict in verdicts:
        name = verdict.exercise or "the file"
        lines.append(f"  {name}: {'right' if verdict.right else 'wrong'}")
        lines += [f"    {line}" for line in verdict.lines]
    if printed.strip():
        lines.append("  it printed:")
        lines += [f"    {line}" for line in printed.strip().splitlines()]
    return "\n".join(lines)


COURSEWORK = {"check": run_check}
