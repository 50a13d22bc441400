"""The network: a biaxial LSTM that hears, learns and composes music.

In reading order:

    biaxial.py      two stacks, along time and up the notes; loss and gradients
    arguments.py    what it may be given, checked
    loss.py         minus the log likelihood of what happened
    weights.py      the weights: initial values, names, files
    loading.py      networks by name
    clamping.py     neurons that always output the same value, by an edit of weights
    schemas.py      what the files of networks, traces and training runs hold
    optimizers.py   Adam and Adadelta
    settings.py     the settings of a training run
    training.py     the training loop
    checkpoints.py  runs that can be resumed
    evaluating.py   how surprising music is: nats per time step
    trace.py        every gate, state and decision
    composing.py    music step by step
"""
