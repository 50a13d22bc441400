"""See how an LSTM thinks: a biaxial network that composes music, in plain arrays.

Data flows through these folders in order, and imports never point back:

    lstmviz.music       pieces: MIDI, songs, sound, note features
    lstmviz.cells       the LSTM in NumPy: one layer, a stack, sampling up the notes
    lstmviz.fast        the same functions compiled, on all cores
    lstmviz.network     the biaxial network: training, composing, traces
    lstmviz.reading     what neurons follow, what they cause, why a note was played
    lstmviz.pictures    traces to images, films and pages
    lstmviz.coursework  exercises that mark themselves
    lstmviz.commands    the command line
"""

from lstmviz.commands import starting  # noqa: F401  (first: it sees Ctrl-C)
from lstmviz.coursework.inplace import check
from lstmviz.music.features import note_features
from lstmviz.music.midi import read_midi
from lstmviz.music.piece import Piece
from lstmviz.music.songbook import song, songbook
from lstmviz.music.synth import Sound, hear, synthesise, write_wav
from lstmviz.music.writing import write_midi
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.composing import compose
from lstmviz.network.evaluating import evaluate
from lstmviz.network.loading import load
from lstmviz.network.trace import Trace, trace
from lstmviz.network.training import train
from lstmviz.pictures.contributions import attribution_chart
from lstmviz.pictures.effects import effect_chart
from lstmviz.pictures.excerpts import excerpts
from lstmviz.pictures.film import Film, film
from lstmviz.pictures.gallery import gallery, liveliest
from lstmviz.pictures.gates import gates
from lstmviz.pictures.neuron import neuron
from lstmviz.pictures.page import page
from lstmviz.pictures.picture import Picture, write_image
from lstmviz.pictures.saturation import saturation, saturation_chart
from lstmviz.pictures.snapshot import snapshot
from lstmviz.pictures.styles import styles_chart
from lstmviz.pictures.tuning import tuning_counts, tuning_curves, tuning_layer
from lstmviz.reading.attribution import attribution
from lstmviz.reading.deletion import deletion_test
from lstmviz.reading.effect import effect
from lstmviz.reading.effects import Effect
from lstmviz.reading.estimate import EffectEstimate, estimate_effects
from lstmviz.reading.matching import match
from lstmviz.reading.moments import moments, similar
from lstmviz.reading.styles import Styles, styles
from lstmviz.reading.tuned import Tuning
from lstmviz.reading.tuning import tuning

__all__ = [
    "Biaxial",
    "Effect",
    "EffectEstimate",
    "Film",
    "Picture",
    "Piece",
    "Sound",
    "Styles",
    "Trace",
    "Tuning",
    "attribution",
    "attribution_chart",
    "check",
    "compose",
    "deletion_test",
    "effect",
    "effect_chart",
    "estimate_effects",
    "evaluate",
    "excerpts",
    "film",
    "gallery",
    "gates",
    "hear",
    "liveliest",
    "load",
    "match",
    "moments",
    "neuron",
    "note_features",
    "page",
    "read_midi",
    "saturation",
    "saturation_chart",
    "similar",
    "snapshot",
    "song",
    "songbook",
    "styles",
    "styles_chart",
    "synthesise",
    "trace",
    "train",
    "tuning",
    "tuning_counts",
    "tuning_curves",
    "tuning_layer",
    "write_image",
    "write_midi",
    "write_wav",
]
