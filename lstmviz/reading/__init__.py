"""Reading: what neurons follow, what they cause, and why a note was played.

In reading order:

    passages.py     hidden states over any amount of music, passage by passage
    decision.py     one decision as a function of the music, scaled from silence
    attribution.py  which notes made a note likely or unlikely

Every finding comes with its control: what the same measure gives where there is
nothing to find.
"""
