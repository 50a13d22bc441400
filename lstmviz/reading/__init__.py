"""Reading: what neurons follow, what they cause, and why a note was played.

In reading order:

    passages.py     hidden states over any amount of music, passage by passage
    gathering.py    the sums that tuning needs, of music and of music that is shifted
    statistics.py   from sums to η², Cohen's d, regression, and false-discovery rates
    measures.py     one number and one curve for each neuron: beat, onset, interval ...
    tuned.py        the result of tuning: arrays, counts, table, file
    tuned_file.py   what such a file must hold
    tuning.py       what every neuron follows, beside its controls
    styles.py       whether neurons do something else in the music of another composer
    means.py        the mean hidden state of every neuron
    effect.py       what is lost when neurons are clamped, beside random groups
    effects.py      its result: intervals over pieces, table
    estimate.py     the effect of every neuron, estimated by two backward passes
    decision.py     one decision as a function of the music, scaled from silence
    integral.py     an integral that is refined until its parts add up
    attribution.py  which notes made a note likely or unlikely
    deletion.py     whether the notes named matter: removed, with others as a control
    moments.py      where in the music a neuron is most active, or a state is alike
    matching.py     the neurons that are on in a span of steps, and where else they are

Every finding comes with its control: what the same measure gives where there is
nothing to find.
"""
