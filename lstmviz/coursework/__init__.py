"""Exercises that mark themselves: `lstmviz check FILE`.

A student fills the gap in a file of `tutorials/exercises/`. A check calls the
student's function, compares the result with that of the library's own function, and
says precisely what is wrong: which array, which element and, if it recognises the
mistake, which mistake.

    comparing.py    compares found with expected: the first wrong number, the reason
    mistakes.py     runs the library's function with typical mistakes
    student.py      calls a student's function, and turns its errors into messages
    exercises.py    the list of all exercises
    lesson1.py ...  the checks of each tutorial's exercises, and their typical mistakes
    judge.py        runs the checks on one file, in a separate process
    inplace.py      checks a function of a notebook, in the notebook
    marking.py      starts that process, with a time limit, and reads its verdicts
"""
