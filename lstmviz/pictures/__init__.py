"""Pictures: from the activations of a network to images, films and pages.

In reading order:

    colours.py      numbers to colours
    picture.py      an array of pixels that a notebook shows; writing it as PNG
    snapshot.py     all neurons at one step
    neuron.py       one neuron over time and notes
    labels.py       pitches, bars and names around both pictures
    legends.py      keyboards and colour legends
    sheet.py        the canvas for pictures with labels
    gallery.py      many neurons on one sheet
    gates.py        every gate and state of one neuron
    saturation.py   how often each gate is closed, and how often open
    plots.py        lines, bands and bars within two axes
    tuning.py       what neurons follow: one, a layer, how many
    styles.py       the neurons that differ most between styles
    contributions.py  why a note was played: the score, coloured by contributions
    excerpts.py     moments of the music: the notes, and what was searched for
    curve.py        the loss during training
    effects.py      what groups of neurons cause, beside random groups
    film.py         the snapshot of every step, with the music
    encoders.py     frames to GIF, APNG and MP4
    packing.py      the arrays of a trace, compressed for a page
    weighing.py     the weights of a network, rounded for a page
    findings.py     what neurons follow and cause, and why notes came, for a page
    page.py, web/   a trace as one HTML file
"""
