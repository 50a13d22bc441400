"""Reading: what neurons follow, what they cause, and why a note was played.

In reading order:

    passages.py    hidden states over any amount of music, passage by passage

Every finding comes with its control: what the same measure gives where there is
nothing to find.
"""
