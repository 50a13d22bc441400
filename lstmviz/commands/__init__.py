"""The command line, `lstmviz COMMAND ...`: `main.py` starts here.

In reading order:

    starting.py     Ctrl-C while the package is being imported
    main.py         all commands; errors become one line
    options.py      options that several commands have
    shared.py       networks and music by name
    demo.py         demo
    music.py        songs, hear, compose, trace
    learning.py     train, evaluate
    diary.py        what a training run leaves to be looked at and heard
    drawing.py      snapshot, neuron, gallery, gates, saturation
    showing.py      film, page
    reading.py      tuning, styles
    ablating.py     ablate
    explaining.py   why
    finding.py      moments, similar, match
    coursework.py   exercises, check

Each command is a pair of functions: `add_NAME` says which arguments it takes, and
`run_NAME` is called with them, by keyword.
"""
