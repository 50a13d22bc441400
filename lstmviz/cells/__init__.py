"""Cells: the LSTM in plain NumPy, with nothing but arrays in and arrays out.

In reading order:

    lstm.py        one layer: forward, and backward line by line
    stack.py       layers on top of each other
    sampling.py    one time step composed, note by note from the lowest up

These functions are the definition. `lstmviz.fast` has the same functions compiled.
"""
