"""Reading: what neurons follow, what they cause, and why a note was played.

In reading order:

    passages.py     hidden states over any amount of music, passage by passage
    decision.py     one decision as a function of the music, scaled from silence
    attribution.py  which notes made a note likely or unlikely
    deletion.py     whether the notes named matter: the log-odds without them
    moments.py      where in the music a neuron is most active, or a state is alike
    matching.py     the neurons that are on in a span of steps, and where else they are

Every finding comes with its control: what the same measure gives where there is
nothing to find.
"""
