"""Music: from MIDI files and songs to the input of the network, and to sound.

In reading order:

    notes.py       note states: which notes sound, and which are struck
    bars.py        where in its bar each step stands, in any metre
    piece.py       a piece: note states, bars, tempo, name
    parsing.py     the bytes of a MIDI file to messages
    midi.py        MIDI files to pieces
    writing.py     pieces to MIDI files
    songbook.py    27 pieces in a text notation
    synth.py       pieces to sound
    score.py       a piece in a notebook: a drawing and a player
    library.py     folders of MIDI files
    features.py    the 80 note features
"""
