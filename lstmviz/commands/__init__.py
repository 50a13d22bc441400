"""What the command line can do: `cli.py` starts here.

In reading order:

    parser.py       the commands and their options
    options.py      options that several commands take
    shared.py       networks and music by name
    music.py        songs, hear, compose, trace
    learning.py     train, evaluate
    drawing.py      snapshot, neuron, gallery, gates, saturation, film, page
    coursework.py   check
"""
