"""Statements about the biaxial network: who hears whom, the loss, its gradient."""

import numpy as np
import pytest
from helpers import central_differences, random_music

import lstmviz as lv
from lstmviz.cells.lstm import sigmoid
from lstmviz.music.features import note_features
from lstmviz.network.biaxial import choices_below
from lstmviz.network.loss import negative_log_likelihood


def small_net(
    time_layers=(4, 3), note_layers=(3, 2), notes=6, dtype=np.float64, seed=0
):
    """Return a network for a few notes, with every weight random."""
    net = lv.Biaxial(time_layers, note_layers, 60, 60 + notes, seed, dtype)
    rng = np.random.default_rng(seed)
    for array in net.parameters.values():
        array += rng.normal(0, 0.3, array.shape)
    return net


def test_the_weights_have_the_promised_names_and_shapes():
    parameters = lv.Biaxial().parameters
    assert {name: array.shape for name, array in parameters.items()} == {
        "time1.W": (80, 1200),
        "time1.U": (300, 1200),
        "time1.b": (1200,),
        "time2.W": (300, 1200),
        "time2.U": (300, 1200),
        "time2.b": (1200,),
        "note1.W": (302, 400),
        "note1.U": (100, 400),
        "note1.b": (400,),
        "note2.W": (100, 200),
        "note2.U": (50, 200),
        "note2.b": (200,),
        "out.W": (50, 2),
        "out.b": (2,),
    }
    assert {array.dtype for array in parameters.values()} == {np.dtype(np.float32)}


def test_first_weights_open_the_forget_gates_and_expect_few_notes():
    net = lv.Biaxial((20,), (10,))
    assert (net.parameters["time1.b"][20:40] == 1).all()
    assert (net.parameters["note1.b"][10:20] == 1).all()
    others = np.delete(net.parameters["time1.b"], slice(20, 40))
    assert np.abs(others).max() <= 1 / np.sqrt(20)
    assert np.abs(net.parameters["time1.W"][0]).max() <= 1 / np.sqrt(20) / 78
    play = net.probabilities(np.zeros((4, 78, 2), np.uint8))[..., 0]
    assert 0.01 < play.mean() < 0.15


def test_the_seed_decides_the_first_weights():
    one, same, other = (lv.Biaxial((5,), (4,), seed=s).parameters for s in (1, 1, 2))
    assert all((one[name] == same[name]).all() for name in one)
    assert any((one[name] != other[name]).any() for name in one)


def test_a_decision_knows_the_past_and_the_notes_below_and_nothing_else():
    net = small_net()
    states = random_music(1, T=6, N=6)
    before = net.probabilities(states)
    states[4, 3] = 1 - states[4, 3, :1]  # music changed at step 4 on note 3 ...
    changed = (net.probabilities(states) != before).any(axis=-1)
    assert not changed[:3].any()  # cannot change what was decided before,
    assert not changed[3, :4].any()  # nor at step 4 on the notes up to itself;
    assert changed[3, 4:].all()  # but it does on the notes above,
    assert changed[4].all()  # and on all notes afterwards


def test_the_lowest_note_has_silence_below():
    chosen = np.ones((2, 3, 2), np.uint8)
    assert choices_below(chosen)[:, :, 0].tolist() == [[0, 1, 1], [0, 1, 1]]


def test_the_loss_is_minus_the_log_of_the_probability_of_what_happened():
    net = small_net()
    batch = np.stack([random_music(seed, T=5, N=6) for seed in (1, 2)])
    nats = 0
    for states in batch:
        P = net.probabilities(states)
        for s, n in np.ndindex(4, 6):
            played, articulated = states[s + 1, n]
            nats -= np.log(P[s, n, 0] if played else 1 - P[s, n, 0])
            if played:
                nats -= np.log(P[s, n, 1] if articulated else 1 - P[s, n, 1])
    loss, _ = net.loss_and_gradients(batch)
    assert loss == pytest.approx(nats / (2 * 4), rel=1e-12)


def test_the_loss_stays_finite_for_the_surest_of_mistakes():
    z = np.array([[[1e4, -1e4]], [[-1e4, 1e4]]])
    chosen = np.array([[[0, 0]], [[1, 1]]], np.uint8)
    nats, dz = negative_log_likelihood(z, chosen)
    assert nats[..., 0].tolist() == [[1e4], [1e4]]
    assert dz[..., 0].tolist() == [[1], [-1]]


def test_articulation_counts_only_where_a_note_is_played():
    z = np.full((1, 2, 2), 0.3)
    nats, dz = negative_log_likelihood(z, np.array([[[0, 0], [1, 0]]], np.uint8))
    assert nats[0, 0, 1] == dz[0, 0, 1] == 0
    assert nats[0, 1, 1] == pytest.approx(-np.log(1 - sigmoid(0.3)))


@pytest.mark.parametrize(
    ("time_layers", "note_layers", "dropped"),
    [
        ((3, 2), (3, 2), False),
        ((2,), (2, 2, 3), True),
        pytest.param((3, 2), (3, 2), True, marks=pytest.mark.slow),
        pytest.param((2,), (2, 2, 3), False, marks=pytest.mark.slow),
    ],
)
def test_every_gradient_is_that_of_central_differences(
    time_layers, note_layers, dropped
):
    net = small_net(time_layers, note_layers, notes=3)
    batch = np.stack([random_music(seed, T=5, N=3) for seed in (1, 2)])
    masks = None
    if dropped:  # the first neuron of one sequence, the last of the other
        masks = {}
        for name, H in zip(net.layer_names, time_layers + note_layers, strict=True):
            masks[name] = np.full((2, H), 1.5)
            masks[name][0, 0] = masks[name][1, -1] = 0

    def loss():
        nats = 0
        for b, states in enumerate(batch):
            mask = masks and {name: mask[b] for name, mask in masks.items()}
            z = net.forward(states, masks=mask).z
            nats += negative_log_likelihood(z, states[1:])[0].sum()
        return nats / (2 * 4)

    _, gradients = net.loss_and_gradients(batch, masks)
    assert gradients.keys() == net.parameters.keys()
    # Weights of features that are always 0 make no difference, and need no measuring.
    silent = ~note_features(batch, net.low).any(axis=(0, 1, 2))
    assert (gradients["time1.W"][silent] == 0).all()
    for name, array in net.parameters.items():
        where = ~silent[:, None] if name == "time1.W" else True
        measured = central_differences(loss, array, where=where)
        error = np.abs(gradients[name] - measured).max() / np.abs(measured).max()
        assert error < 1e-6, name


def test_a_batch_is_the_mean_of_its_sequences():
    net = small_net()
    pieces = [random_music(seed, T=5, N=6)[None] for seed in (1, 2, 3)]
    loss, gradients = net.loss_and_gradients(np.concatenate(pieces))
    alone = [net.loss_and_gradients(piece) for piece in pieces]
    assert loss == pytest.approx(np.mean([loss for loss, _ in alone]))
    for name, gradient in gradients.items():
        mean = np.mean([gradients[name] for _, gradients in alone], axis=0)
        np.testing.assert_allclose(gradient, mean, atol=1e-12)


def test_the_bars_of_a_piece_are_heard():
    """With no weights but those of the beat, only the positions count."""
    net, states = small_net(), random_music(0, T=30, N=6)
    plain, own = lv.Piece(states, low=60), lv.Piece(states, range(3, 33), low=60)
    np.testing.assert_array_equal(net.probabilities(plain), net.probabilities(states))
    assert (net.probabilities(own) != net.probabilities(plain)).any()
    net.parameters["time1.W"][75:80] = 0  # beat and long bar
    np.testing.assert_array_equal(net.probabilities(own), net.probabilities(plain))


def test_pieces_of_a_batch_may_have_other_lengths_and_bars():
    net = small_net()
    states = [random_music(seed, T, N=6) for seed, T in ((1, 5), (2, 9))]
    batch = [lv.Piece(states[0], range(10, 15), low=60), states[1]]
    loss, gradients = net.loss_and_gradients(batch)
    alone = [net.loss_and_gradients([music]) for music in batch]
    assert loss == pytest.approx((4 * alone[0][0] + 8 * alone[1][0]) / 12)
    for name, gradient in gradients.items():
        mean = (4 * alone[0][1][name] + 8 * alone[1][1][name]) / 12
        np.testing.assert_allclose(gradient, mean, atol=1e-12)


def test_saved_and_loaded_it_thinks_the_same(tmp_path):
    net = lv.Biaxial((6, 5), (4,), low=40, high=60)
    net.save(tmp_path / "net.npz")
    again = lv.load(tmp_path / "net.npz")
    assert (again.low, again.high, again.layer_names) == (40, 60, net.layer_names)
    states = random_music(0, T=6, N=20)
    np.testing.assert_array_equal(
        again.probabilities(states), net.probabilities(states)
    )


def test_every_shipped_network_loads_and_knows_music_from_noise():
    from lstmviz.network.weights import shipped

    assert {"classical", "tiny"} <= shipped().keys()
    piece = lv.song("prelude-in-c")[:64]
    noise = random_music(0, T=64, N=78, density=piece[..., 0].mean())
    for name in shipped():
        net = lv.load(name)
        assert lv.evaluate(net, [piece]).total < 8
        assert lv.evaluate(net, [noise]).total > 12


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda arrays: arrays.pop("time1.U"), "'time1.U'"),
        (lambda arrays: arrays.pop("low"), "'low' is missing"),
        (lambda arrays: arrays.update({"note1.b": np.zeros(3, np.float32)}), "note1.b"),
        (lambda arrays: arrays.update(stray=np.zeros(3)), "stray"),
        (lambda arrays: arrays["out.b"].fill(np.nan), "'out.b' is not made of finite"),
        (lambda arrays: arrays.update({"out.b": np.array(["a", "b"])}), "out.b"),
        (lambda arrays: arrays.update(low=np.int64(200)), "'low' holds 200; 0 to 128"),
        (lambda arrays: arrays.update(low=np.int64(110)), "do not exist"),
        (
            lambda arrays: arrays.update({"out.b": np.array([None, 1])}),
            "not a readable",
        ),
    ],
)
def test_a_file_that_is_no_network_is_refused_in_one_line(tmp_path, spoil, said):
    net = lv.Biaxial((3,), (2,))
    arrays = net.parameters | {"low": np.int64(24), "high": np.int64(102)}
    spoil(arrays)
    np.savez(tmp_path / "net.npz", **arrays)
    refused(tmp_path / "net.npz", said)


def test_what_is_no_file_of_arrays_is_refused_in_one_line(tmp_path):
    (tmp_path / "text.npz").write_text("no network at all")
    refused(tmp_path / "text.npz", "text.npz: is not a readable")
    (tmp_path / "empty.npz").touch()
    refused(tmp_path / "empty.npz", "empty.npz: is not a readable")
    lv.Biaxial((3,), (2,)).save(tmp_path / "net.npz")
    (tmp_path / "cut.npz").write_bytes((tmp_path / "net.npz").read_bytes()[:-500])
    refused(tmp_path / "cut.npz", "cut.npz: is not a readable")
    np.save(tmp_path / "single.npy", np.zeros(3))
    refused(tmp_path / "single.npy", "single.npy: is not a readable")
    refused(tmp_path, "is a folder")
    refused(tmp_path / "none.npz", "neither a file")
    refused(
        "beethoven", "neither a file nor a shipped network .those are: classical, tiny"
    )


def refused(path, said):
    with pytest.raises(ValueError, match=said) as error:
        lv.load(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (dict(time_layers=()), "at least one layer"),
        (dict(note_layers=(3, 0)), "note_layers must be .* not 0"),
        (dict(low=60, high=60), "MIDI has the notes 0"),
        (dict(high=200), "MIDI has the notes 0"),
    ],
)
def test_impossible_networks_are_refused(what, said):
    with pytest.raises(ValueError, match=said):
        lv.Biaxial(**what)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (np.zeros((5, 7, 2)), r"7 notes \(C4 to F#4\), but the network covers 6 "),
        (lv.Piece(np.zeros((5, 6, 2)), low=61), r"6 notes \(C#4 to F#4\), but the net"),
        (lv.Piece(np.zeros((1, 6, 2)), low=60), "at least 2 steps"),
        (np.zeros((1, 6, 2)), "at least 2 steps"),
        (np.zeros((2, 5, 6, 2)), r"\(T, N, 2\)"),
    ],
)
def test_music_that_does_not_fit_is_refused(states, said):
    with pytest.raises(ValueError, match=said) as error:
        small_net().probabilities(states)
    assert "\n" not in str(error.value)
