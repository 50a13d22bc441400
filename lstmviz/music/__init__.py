"""Music: from MIDI files and songs to the numbers that a network hears, and to sound.

In reading order:

    notes.py       note states: the one form in which music travels
    midi.py        MIDI files to note states and back
    songbook.py    18 pieces in a text notation
    synth.py       note states to sound
    library.py     folders of MIDI files
    features.py    the 80 numbers that each note is told
    kernels.py     the same 80 numbers, fast
"""
