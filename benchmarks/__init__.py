"""Benchmarks: how fast the network is, and how well it predicts music.

In reading order:

    contestants.py      who does the work: libraries, each in a process of its own
    threaded_numpy.py   NumPy with threads, blocks and buffers, but without kernels
    torch_twin.py       the same network in PyTorch, with the same weights
    cases.py            what is timed: the same work for every contestant
    measure.py          times on a busy machine, peak memory, the products alone
    growth.py           how the time grows with each size, and falls with cores
    startup.py          how long importing, loading and compiling take
    machine.py          on which machine, with which libraries and instructions
    report.py           the tables in the text, made from docs/speed.json
    chart.py            the times as a chart
    __main__.py         `python -m benchmarks`: times everything
    tricks.py           how much faster each optimisation makes a training step
    baselines.py        predictions without a recurrent network
    polyphonic.py       the published benchmark of polyphonic music
    learned.py          a trained network compared with the baselines
    neurons.py          what the neurons of a trained network do: tables and figures
    neurons_tuning.py   its part about what they follow
    neurons_cause.py    its part about what they cause
    neurons_why.py      whether the notes named by an attribution matter, by deletion
    cases.py        what is timed: the same work in NumPy, numba and PyTorch
    torch_twin.py   the same network in PyTorch, with the same weights
    measure.py      times on a busy machine, peak memory, the matrix products alone
    chart.py        the times as a bar chart
    __main__.py     `python -m benchmarks`: times all cases and prints the tables
    tricks.py       how much faster each optimisation makes a training step
    baselines.py    predictions without a recurrent network
    polyphonic.py   the published benchmark of polyphonic music
    learned.py      a trained network compared with the baselines
    neurons.py      what the neurons of a trained network do: tables and figures
    neurons_tuning.py   its part about what they follow
    neurons_cause.py    its part about what they cause
    neurons_why.py  whether the notes named by an attribution matter, by deletion
"""
