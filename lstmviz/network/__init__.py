"""The network: a biaxial LSTM that listens, learns and composes.

In reading order:

    lstm.py         one layer: forward, and backward line by line
    stack.py        layers on top of each other
    biaxial.py      two stacks, along time and up the notes; loss and gradients
    weights.py      the weights: first values, names, files
    optimizers.py   Adam and Adadelta
    settings.py     what can be set in a training run
    training.py     the training loop
    checkpoints.py  runs that stop and go on
    evaluating.py   how surprising music is: nats per time step
    trace.py        everything the network thought, kept
    composing.py    dice, step by step ...
    walk.py         ... and note by note
    kernels.py      the fast twins of lstm.py and walk.py
    backends.py     which twin is used
    threads.py      all cores at work
    memory.py       memory used again
"""
