"""Music: from MIDI files and songs to the input of the network, and to sound.

In reading order:

    notes.py       note states: the one form in which music travels
    midi.py        MIDI files to note states and back
    songbook.py    18 pieces in a text notation
    synth.py       note states to sound
    library.py     folders of MIDI files
    features.py    the 80 note features
"""
