"""Pictures: from what a network thought to images, films and pages.

In reading order:

    colours.py      two numbers to a pixel
    picture.py      an array of pixels that a notebook shows, and its file
    snapshot.py     all neurons at one moment
    neuron.py       one neuron over time and notes
    labels.py       pitches, bars and names around both
    legends.py      keyboards and colour legends
    sheet.py        what all that is drawn on
    gallery.py      many neurons on one sheet
    gates.py        every part of one neuron
    saturation.py   how often gates are shut, and how often open
    curve.py        how the loss sank in training
    film.py         a snapshot of every step, with the music
    encoders.py     frames to GIF, APNG and MP4
    packing.py      a trace in few bytes
    page.py, web/   a trace as one HTML file
"""
