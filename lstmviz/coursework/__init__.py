"""Exercises that mark themselves: `lstmviz check FILE`.

A student fills the gap in a file of `tutorials/exercises/`. A check calls what was
written, compares it with the library's own function, and says precisely what is
wrong: which array, which element, and, where it knows the mistake, which one.

    comparing.py    found against expected: the first wrong number, and likely reasons
    mistakes.py     mistakes made on purpose, to know them again
    student.py      a student's function: called safely, complained about kindly
    exercises.py    the list of all exercises
    lesson1.py ...  the checks of each tutorial's exercises, and the typical mistakes
                    (long lists of them in files beside)
    judge.py        runs the checks on one file, in a process of its own
    marking.py      starts that process, with a time limit, and reads its verdicts
"""
