"""See how an LSTM thinks: a biaxial network that composes music, in plain arrays.

Music flows one way, and imports follow it:

    lstmviz.music       MIDI files and songs to note states and features
    lstmviz.network     the biaxial LSTM: listening, learning, composing, traces
    lstmviz.pictures    traces to images and pages
"""

from lstmviz.music.features import note_features
from lstmviz.music.midi import read_midi, write_midi
from lstmviz.music.songbook import song, songbook
from lstmviz.music.synth import Sound, hear, synthesise, write_wav
from lstmviz.network.biaxial import Biaxial, load
from lstmviz.network.composing import compose
from lstmviz.network.evaluating import evaluate
from lstmviz.network.trace import Trace, trace
from lstmviz.network.training import train
from lstmviz.pictures.film import Film, film
from lstmviz.pictures.gallery import gallery, liveliest
from lstmviz.pictures.gates import gates
from lstmviz.pictures.neuron import neuron
from lstmviz.pictures.page import page
from lstmviz.pictures.picture import Picture, write_image
from lstmviz.pictures.saturation import saturation, saturation_chart
from lstmviz.pictures.snapshot import snapshot

__all__ = [
    "Biaxial",
    "Film",
    "Picture",
    "Sound",
    "Trace",
    "compose",
    "evaluate",
    "film",
    "gallery",
    "gates",
    "hear",
    "liveliest",
    "load",
    "neuron",
    "note_features",
    "page",
    "read_midi",
    "saturation",
    "saturation_chart",
    "snapshot",
    "song",
    "songbook",
    "synthesise",
    "trace",
    "train",
    "write_image",
    "write_midi",
    "write_wav",
]
