"""Exercise 3a: the place of a step in the bar.

Check your solution with

    lstmviz check 3a_beat.py
"""

import numpy as np


def beat(t):
    """Return the beat of time steps t (steps,): their place in the bar, (steps, 4).

    The music is in 4/4: a bar has 16 time steps, and t counts integers from 0. The beat
    of t consists of the four binary digits of t mod 16, the lowest first: -1 for a 0
    and +1 for a 1. So t = 18 is 2 in its bar, in binary 0010, and has the beat
    -1, +1, -1, -1.
    """
    # Compute the binary digits, lowest first, and turn 0 and 1 into -1 and +1.
    raise NotImplementedError
