"""A piece heard passage by passage is the piece heard at once."""

import numpy as np
import pytest

import lstmviz as lv
from lstmviz.reading.passages import passages


@pytest.mark.parametrize("length", [1, 16, 100, 1000])
def test_passages_join_to_the_trace_of_the_piece(length):
    net, piece = lv.Biaxial((6, 5), (4, 3), seed=1), lv.song("greensleeves")[:101]
    trace, heard = lv.trace(net, piece), list(passages(net, piece, length))
    assert [p.start for p in heard] == list(range(0, 100, length))
    assert (np.concatenate([p.heard.position for p in heard]) == trace.position).all()
    assert (np.concatenate([p.chosen.states for p in heard]) == trace.chosen).all()
    for name in trace.names:
        h = np.concatenate([p.h[name] for p in heard])
        np.testing.assert_allclose(h, trace[name].h, atol=1e-6)
