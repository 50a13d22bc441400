"""Coursework: gaps fail, solutions pass, and no student's file can hurt the marking."""

import csv
import time

import numpy as np
import pytest
from helpers import TUTORIALS, told

import lstmviz as lv
from lstmviz.cells.lstm import sigmoid
from lstmviz.commands.main import main
from lstmviz.coursework import lesson1
from lstmviz.coursework.comparing import Wrong, same, same_parts
from lstmviz.coursework.exercises import load_lessons
from lstmviz.coursework.judge import defined, imported, judge
from lstmviz.coursework.marking import check_file
from lstmviz.coursework.mistakes import OutdatedWarning, changed, outcomes
from lstmviz.coursework.student import Student

GAPS = sorted((TUTORIALS / "exercises").glob("*.py"))
SOLUTIONS = sorted((TUTORIALS / "solutions").glob("*.py"))


# The exercises ------------------------------------------------------------------


def test_every_exercise_has_a_gap_and_a_solution():
    assert [path.name for path in GAPS] == [path.name for path in SOLUTIONS]
    lessons = {name: e.tutorial for name, e in load_lessons().items()}
    for path in GAPS:
        name = path.stem[3:]
        assert name in defined(path.read_text())
        assert lessons.pop(name) == int(path.stem[0])
    assert not lessons


@pytest.mark.parametrize("path", GAPS, ids=lambda path: path.stem)
def test_a_gap_is_not_written_yet(path):
    [name], faults = judge(path)
    assert name == path.stem[3:]
    line = int(faults[0].removeprefix("not written yet: fill the gap at line "))
    assert "raise NotImplementedError" in path.read_text().splitlines()[line - 1]


@pytest.mark.filterwarnings("always::lstmviz.coursework.mistakes.OutdatedWarning")
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_solution_is_right_and_all_mistakes_are_still_changes_of_the_library(
    path, recwarn
):
    assert list(judge(path)) == [[path.stem[3:]], ()]
    assert {str(w.message) for w in recwarn if w.category is OutdatedWarning} == set()


@pytest.mark.parametrize("path", GAPS, ids=lambda path: path.stem)
def test_a_solution_fills_the_gap_and_nothing_else(path):
    gap = path.read_text().splitlines()
    solution = (TUTORIALS / "solutions" / path.name).read_text().splitlines()
    kept = [line for line in gap if line in solution]
    missing = [line.strip() for line in gap if line not in kept]
    assert "raise NotImplementedError" in missing
    assert all(line.startswith(("#", "raise Not")) for line in missing), missing


# What is said -------------------------------------------------------------------

RNG = np.random.default_rng(0)
RIGHT = RNG.normal(size=(3, 3, 4))
CONSTANT = np.ones((2, 2))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (-RIGHT, "The sign is wrong."),
        (2 * RIGHT, "Every number is 2 times as large"),
        (RIGHT[::-1], "The steps are in reverse order."),
        (RIGHT.swapaxes(0, 1), "The axes step and row are swapped."),
        (np.roll(RIGHT, 1, axis=0), "Everything is one step late."),
        (np.roll(RIGHT, -1, axis=2), "Everything is one neuron early."),
        (0 * RIGHT, "Everything is zero."),
        (RIGHT * np.nan, "nan results from"),
        (np.where(np.arange(4) == 3, 1e-310, RIGHT), "1e-310 is typical of memory"),
        (RIGHT.swapaxes(1, 2), "not (3, 4, 3)\nThe axes are in another order."),
        (RIGHT[0], "shape (3, 3, 4): step, row, neuron, not (3, 4)"),
        (RIGHT + (np.arange(4) == 3), "c at [step 0, row 0, neuron 3]: expected"),
        (RIGHT + (np.arange(4) == 3), "(9 of 36 numbers are wrong)"),
        (None, "c is None: is there a `return` missing?"),
        (RIGHT + 1j, "an array of numbers"),
        ([[1], [2, 3]], "differ in length"),
        ("red", "should be an array of numbers, not a str"),
    ],
)
def test_the_reason_is_told(found, said):
    with pytest.raises(Wrong) as wrong:
        same("c", found, RIGHT, "step row neuron")
    assert said in "\n".join(wrong.value.args)


def test_what_is_right_is_right_in_any_form():
    same("c", RIGHT.astype(np.float32), RIGHT, "step row neuron")
    same("c", RIGHT.tolist(), RIGHT, "step row neuron")
    same("c", True, 1, "")


def test_a_constant_is_not_called_late():
    with pytest.raises(Wrong) as wrong:
        same("c", CONSTANT + 1, CONSTANT, "step row")
    assert "late" not in "\n".join(wrong.value.args)


def test_a_mistake_that_explains_everything_is_believed_first():
    expected = np.ones(2), np.zeros(2)
    mistakes = {
        "half an explanation": (np.full(2, 5.0), np.ones(2)),
        "the explanation": (np.full(2, 5.0), np.full(2, 7.0)),
    }
    found = [np.full(2, 5.0), np.full(2, 7.0)]
    with pytest.raises(Wrong) as wrong:
        same_parts({"a": "row", "b": "row"}, found, expected, mistakes)
    assert wrong.value.args[1] == "the explanation"


def test_a_mistake_that_gives_another_shape_is_told():
    with pytest.raises(Wrong) as wrong:
        same("c", RIGHT.sum(0), RIGHT, "step row neuron", {"summed": RIGHT.sum(0)})
    assert wrong.value.args[1] == "summed"


def test_a_single_number_is_not_called_some_times_as_large():
    with pytest.raises(Wrong) as wrong:
        same("loss", 3.0, 2.0, "")
    assert wrong.value.args == ("loss: expected 2, found 3",)


def test_lists_that_differ_in_length_are_one_fault_not_a_crash():
    ragged = [[1], [2, 3]]
    with pytest.raises(Wrong, match="differ in length"):
        same_parts({"a": "row column"}, [ragged], [CONSTANT], {"why": [CONSTANT]})


def test_a_method_can_be_changed():
    class Counter:
        def step(self):
            return 1

    assert changed(Counter.step, "return 1 -> return 2")(Counter()) == 2


def test_a_change_may_take_several_lines_and_come_after_another():
    long = "It is the sine.\n    np.tanh(z)\n        -> np.sin(z)\n        -> + 1\n"
    [found] = outcomes(sigmoid, long, 2.0, first="(0.5 * z) -> (z)").values()
    assert found == 0.5 + 0.5 * np.sin(2.0) + 1


def test_a_message_without_a_change_is_an_error():
    with pytest.raises(ValueError, match=r"should be a change: 'It is half\.'"):
        outcomes(sigmoid, "It is half.\n\nIt is 1.\n    0.5 + 0.5 -> 1\n", 2.0)


def test_causes_can_be_compared_before_effects():
    with pytest.raises(Wrong, match="cause"):
        same_parts(
            dict.fromkeys(("effect", "cause"), "row column"),
            (CONSTANT, CONSTANT),
            (CONSTANT + 1, CONSTANT + 2),
            order=("cause", "effect"),
        )


def test_arrays_in_a_list_are_the_callers_too(tmp_path):
    def change(pairs):
        pairs[0][1][:] = 5

    pairs = [(np.zeros(3), np.zeros(3))]
    with pytest.raises(Wrong, match="it leaves its argument pairs changed") as wrong:
        Student(change, tmp_path / "x.py")(pairs, unchanged="Copy it.")
    assert wrong.value.args[1] == "Copy it."
    assert not pairs[0][1].any()


def test_what_should_stand_there_is_told():
    with pytest.raises(Wrong) as wrong:
        same(
            "c", CONSTANT, np.eye(2), "step row", about=lambda s, r: f"{s} is not {r}."
        )
    assert wrong.value.args[-1] == "0 is not 1."


def test_a_function_may_change_its_arguments_which_are_copies(tmp_path):
    def change(x):
        x += 1
        return x

    x = np.zeros(3)
    assert Student(change, tmp_path / "x.py")(x).all()
    assert not x.any()


def test_a_mistake_may_have_another_shape():
    with pytest.raises(Wrong) as wrong:
        same("c", RIGHT[0], RIGHT, "step row neuron", {"One step only.": RIGHT[0]})
    assert wrong.value.args[1] == "One step only."


def test_a_function_given_to_a_student_may_complain(tmp_path):
    def ask(question):
        raise Wrong(f"{question} is no question")

    path = tmp_path / "x.py"
    path.write_text("def answer(ask):\n    return ask(6 * 7)\n")
    with pytest.raises(Wrong) as wrong:
        Student(imported(path).answer, path)(ask)
    assert wrong.value.args == (
        "42 is no question",
        "at line 2: return ask(6 * 7)",
    )


@pytest.mark.parametrize(
    ("exercise", "right", "only_here"),
    [
        (
            "1a_gates",
            "np.split(z, 4, axis=1)",
            "(z[:, k : k + 5] for k in (0, 5, 10, 15))",
        ),
        ("1b_lstm_forward", "H = len(U)", "H = 5"),
        ("1b_lstm_forward", "T, R, _ = x.shape", "T, R = len(x), 2"),
        ("2a_finite_differences", "np.ndindex(w.shape)", "range(3)"),
        ("2b_lstm_backward", "T, R, H = h.shape", "T, R, H = len(h), 2, 5"),
        ("2b_lstm_backward", "T, R, H = h.shape", "T, R, H = len(h), 2, len(U)"),
        ("3b_vicinity", "T, N, _ = states.shape", "T, N = 3, states.shape[1]"),
        ("3c_context", "np.eye(12)[pitch_class]", "np.eye(12)[np.arange(36, 66) % 12]"),
        ("4a_note_inputs", "np.zeros_like(states[1:])", "np.zeros((5, 8, 2))"),
        ("4b_sample_notes", "N = len(y)", "N = 16"),
        ("5a_nats", "len(z)", "3"),
        ("6b_beat_tuning", "np.arange(len(h))", "np.arange(32)"),
        ("7a_gates_kernel", "R, H = c_before.shape", "R, H = 1, 2"),
        ("7b_all_steps_at_once", "T, R, four_H = dz.shape", "T, R, four_H = 2, 3, 12"),
    ],
)
def test_what_is_right_for_one_size_only_is_wrong(tmp_path, exercise, right, only_here):
    assert told(tmp_path, exercise, right, only_here)


@pytest.mark.parametrize(
    ("exercise", "pieces"),
    [
        (
            "1a_gates",
            (
                *("return sigmoid(i)", "g[:] = np.tanh(g); return sigmoid(i)"),
                *("np.tanh(g), sigmoid(o)", "g, sigmoid(o)"),
            ),
        ),
        (
            "2b_lstm_backward",
            ("dh_t = dh[t] + dh_after", "dh_t = dh[t]; dh_t += dh_after"),
        ),
        ("3a_beat", ("bits =", "t %= 16; bits =")),
        ("4b_sample_notes", ("chosen, P = np.zeros((N, 2)),", "chosen, P = dice,")),
        ("5a_nats", ("- chosen * z", "\n    z *= chosen; surprise -= z")),
        ("7a_gates_kernel", ("gates = np.empty((R, 4 * H), z.dtype)", "gates = z")),
        ("7a_gates_kernel", ("c, h = np.empty((R, H), z.dtype)", "c, h = c_before")),
        (
            "8b_deletion_test",
            (
                "states.copy()",
                "states; kept = states.copy()",
                "return abs(log_odds(silent) - before)",
                "z = log_odds(silent); states[:] = kept; return abs(z - before)",
            ),
        ),
    ],
)
def test_a_result_that_is_written_into_an_argument_is_right(tmp_path, exercise, pieces):
    assert told(tmp_path, exercise, *pieces) == ""


def test_a_change_of_an_argument_is_told_where_the_result_is_wrong(tmp_path):
    doubled = "T, R, _ = x.shape", "T, R, _ = x.shape; x *= 2"
    said = told(tmp_path, "1b_lstm_forward", *doubled)
    assert said.endswith("It leaves x changed.")


# What students hand in ----------------------------------------------------------

GATES = "def gates(z):\n    "


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\n", "it defines no function of any exercise"),
        ("def gates(z)\n    pass\n", "line 1 is not Python"),
        (GATES + "return tanh(z)\n", "NameError: name 'tanh' is not defined"),
        (GATES + "return tanh(z)\n", "at line 2: return tanh(z)"),
        ("import numpie\n" + GATES + "pass\n", "No module named 'numpie'"),
        ("gates = 5\n", "TypeError: 'int' object is not callable"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path, source, said):
    path = tmp_path / "handed in.py"
    path.write_text(source)
    _, *faults = judge(path)
    assert said in "\n".join(line for lines in faults for line in lines)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param(
            *(GATES + "while True: pass\n", "took longer than 5 seconds"),
            marks=pytest.mark.slow,
        ),
        (GATES + "raise SystemExit(3)\n", "ended Python itself (exit status 3)"),
        (GATES + "import os; os._exit(0)\n", "ended Python itself (exit status 0)"),
        (GATES + "input()\n", "EOFError"),
    ],
)
def test_no_file_hurts_the_marking(tmp_path, source, said):
    path = tmp_path / "handed in.py"
    path.write_text(source)
    seconds = 5 if "while" in source else 60
    verdicts, _ = check_file(path, seconds)
    assert not any(verdict.right for verdict in verdicts)
    assert said in "\n".join(line for v in verdicts for line in v.lines)
    assert [p.name for p in tmp_path.iterdir()] == ["handed in.py"]


def test_files_beside_it_can_be_imported_but_replace_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    solution = (TUTORIALS / "solutions" / "1a_gates.py").read_text()
    (tmp_path / "mine.py").write_text(f"import helper_of_mine\n{solution}")
    (tmp_path / "helper_of_mine.py").touch()
    (tmp_path / "json.py").write_text("raise ImportError('this is not Python\\'s own')")
    [verdict], _ = check_file("mine.py")
    assert verdict.right, verdict


FORGED = """
import json, os, subprocess, sys
for name in os.listdir("/proc/self/fd"):
    for line in ['["gates"]', "[]", "x []"]:
        try:
            os.write(int(name), (line + "\\n").encode())
        except OSError:
            pass
"""


@pytest.mark.parametrize(
    "ends",
    [
        *("os._exit(0)", "os.close(1)"),
        *(
            pytest.param(end, marks=pytest.mark.slow)
            for end in ("sys.exit(0)", "os.kill(os.getpid(), 9)")
        ),
    ],
)
def test_a_file_cannot_mark_itself_right(tmp_path, ends):
    """Writing to all open files, in the format of the judge, has no effect."""
    path = tmp_path / "forger.py"
    path.write_text(f"{FORGED}\n{GATES}{ends}\n    return z\n{ends}\n")
    [verdict], _ = check_file(path)
    assert verdict.exercise == "gates"
    assert not verdict.right


def test_nothing_that_a_file_is_given_holds_the_secret(tmp_path):
    """The only argument is its own name, and the input is at its end."""
    path = tmp_path / "curious.py"
    path.write_text(
        f"import sys\nprint(sys.argv[1:], repr(sys.stdin.read()))\n{GATES}pass\n"
    )
    _, printed = check_file(path)
    assert printed == f"[{str(path)!r}] ''\n"


@pytest.mark.slow
def test_what_a_file_starts_ends_with_it(tmp_path):
    path, beat = tmp_path / "parent.py", tmp_path / "beat"
    child = tmp_path / "child.py"
    child.write_text(
        f"import time\nwhile True: open({str(beat)!r}, 'w').close(); time.sleep(0.05)"
    )
    path.write_text(
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, {str(child)!r}])\n"
        "time.sleep(1)\n" + GATES + "while True: pass\n"
    )
    check_file(path, seconds=10)
    beat.unlink()  # it was written
    time.sleep(0.5)
    assert not beat.exists()


def test_an_edited_library_costs_a_reason_and_no_verdict(tmp_path, monkeypatch):
    """A lecturer has renamed a variable: the mistakes in that line are left out."""
    gone = "\nIt is gone.\n    no such line -> x\n"
    mistakes = gone + "The sign.\n    0.5 + 0.5 -> -0.5\n"
    with pytest.warns(OutdatedWarning, match="'It is gone.' does not apply any more"):
        found = outcomes(sigmoid, mistakes, np.zeros(2))
    assert list(found) == ["The sign."]
    monkeypatch.setattr(lesson1, "GATE_MISTAKES", lesson1.GATE_MISTAKES + gone)
    path = tmp_path / "mine.py"
    path.write_text((TUTORIALS / "solutions" / "1a_gates.py").read_text())
    with pytest.warns(OutdatedWarning):
        assert list(judge(path)) == [["gates"], ()]


def test_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "picture.py"
    path.write_bytes(b"\x89PNG\xff")
    assert next(judge(path)) == [""]


@pytest.mark.slow
def test_work_before_an_endless_loop_counts(tmp_path):
    path = tmp_path / "two.py"
    solution = (TUTORIALS / "solutions" / "1a_gates.py").read_text()
    path.write_text(
        solution + "\n\ndef lstm_forward(*_):\n    while True:\n        pass\n"
    )
    gates, layer = check_file(path, seconds=10)[0]
    assert gates.right
    assert layer.exercise == "lstm_forward"
    assert "never ends" in layer.lines[0]


def test_the_command_reports_and_marks(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    solution = (TUTORIALS / "solutions" / "1a_gates.py").read_text()
    (tmp_path / "ann.py").write_text(solution)
    (tmp_path / "bob.py").write_text(GATES + "print('here')\n    return z\n")
    assert main(["check", "ann.py"]) == 0
    assert capsys.readouterr().out == "ann.py\n  gates: right\n1 of 1 right\n"
    assert main(["check", "ann.py", "bob.py", "--csv", "marks.csv"]) == 1
    said = capsys.readouterr().out
    assert "bob.py\n  gates: wrong\n    it should return i, f, g, o" in said
    assert "it printed:\n    here" in said
    header, ann, bob = csv.reader((tmp_path / "marks.csv").read_text().splitlines())
    assert header == ["file", "exercise", "right", "what is wrong"]
    assert ann == ["ann.py", "gates", "1", ""]
    assert bob[:3] == ["bob.py", "gates", "0"]


def test_a_missing_file_is_one_line(capsys):
    assert main(["check", "nobody.py"]) == 1
    assert "there is no file nobody.py" in capsys.readouterr().err


# Exercises of the installed package, and of lecturers ------------------------------


def test_the_exercises_are_written_once(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert main(["exercises", str(folder)]) == 0
    assert [path.name for path in sorted(folder.iterdir())] == [p.name for p in GAPS]
    assert f"lstmviz check {folder / GAPS[0].name}" in capsys.readouterr().out
    assert main(["exercises", str(folder)]) == 1
    assert "already has 1a_gates.py" in capsys.readouterr().err


ENTROPY = """import numpy as np
def entropy(p):
    q = np.clip(np.stack([p, 1 - p]), 1e-300, 1)
    return -(np.stack([p, 1 - p]) * np.log(q)).sum(axis=0)
"""


def test_the_example_of_a_lecturers_own_exercise(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LSTMVIZ_EXERCISES", "")
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(ENTROPY)
    wrong.write_text(ENTROPY.replace("np.log(", "np.log2("))
    checks = str(TUTORIALS / "my_checks.py")
    assert main(["check", "--exercises", checks, str(right)]) == 0
    assert "entropy: right" in capsys.readouterr().out
    assert main(["check", "--exercises", checks, str(wrong)]) == 1
    assert "These are bits" in capsys.readouterr().out


def test_an_error_in_a_check_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LSTMVIZ_EXERCISES", "")
    checks, path = tmp_path / "checks.py", tmp_path / "x.py"
    checks.write_text(
        "from lstmviz.coursework.exercises import exercise\n"
        "@exercise()\ndef double(student):\n    student(2) / 0\n"
    )
    path.write_text("def double(x):\n    return 2 * x\n")
    assert main(["check", "--exercises", str(checks), str(path)]) == 1
    assert "the check failed with ZeroDivisionError" in capsys.readouterr().out


def test_a_function_is_checked_where_it_is_written(capsys):
    def gates(z):
        i, f, g, o = np.split(z, 4, axis=-1)
        return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)

    lv.check(gates)
    assert capsys.readouterr().out == "gates: right\n"

    def beat(t):
        raise NotImplementedError

    lv.check(beat)
    assert "beat: wrong\n  not written yet: fill the gap" in capsys.readouterr().out
    with pytest.raises(ValueError, match="told: is no exercise"):
        lv.check(told)
    with pytest.raises(ValueError, match="5: is no exercise"):
        lv.check(5)


def test_an_error_in_a_cell_of_a_notebook_names_its_line(capsys):
    """The source of a cell is in no file."""
    cell = {}
    exec(compile(GATES + "return tanh(z)", "/tmp/ipykernel_1/2.py", "exec"), cell)
    lv.check(cell["gates"])
    said = "gates: wrong\n  NameError: name 'tanh' is not defined\n  at line 2\n"
    assert capsys.readouterr().out == said
