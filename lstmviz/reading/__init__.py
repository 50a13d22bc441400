"""Reading: what neurons follow, what they cause, and why a note was played.

In reading order:

    passages.py    hidden states over any amount of music, passage by passage
    means.py       the mean hidden state of every neuron
    effect.py      what is lost when neurons are clamped, beside random groups
    effects.py     its result: intervals over pieces, table
    estimate.py    the effect of every neuron, estimated by two backward passes

Every finding comes with its control: what the same measure gives where there is
nothing to find.
"""
