"""Files of networks, traces and runs: what is not ours is refused before it is used."""

import io
import os
import zipfile

import numpy as np
import pytest
from helpers import random_music, tiny_trace

import lstmviz as lv
from lstmviz import arrays as reading
from lstmviz.arrays import load_arrays
from lstmviz.network.checkpoints import CHECKPOINT

MUSIC = [np.zeros((8, 10, 2), np.uint8)]


def small():
    return lv.Biaxial((3, 2), (2,), low=60, high=70)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """The arrays of a network, and what reads them from a path."""
    path = tmp_path_factory.mktemp("network") / "a.npz"
    small().save(path)
    return dict(np.load(path)), lv.load


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    path = tmp_path_factory.mktemp("trace") / "a.npz"
    tiny_trace().save(path)
    return dict(np.load(path)), lv.Trace.load


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    lv.train(small(), MUSIC, MUSIC, folder, steps=3, length=8, batch=1)

    def resume(path):
        return lv.train(small(), MUSIC, checkpoint=path.parent, resume=True, steps=4)

    return dict(np.load(folder / CHECKPOINT)), resume


HEARD = lv.Piece(random_music(1, T=13, N=10, density=0.6), low=60)


@pytest.fixture(scope="module")
def tuning(tmp_path_factory):
    path = tmp_path_factory.mktemp("tuning") / "a.npz"
    lv.tuning(small(), [HEARD], shifts=20, untrained=2).save(path)
    return dict(np.load(path)), lv.Tuning.load


def refused(tmp_path, kind, changes, said):
    """Fail unless a file with these changes is refused in one line that names it."""
    arrays, read = kind
    new = {name: a for name, a in (arrays | changes).items() if a is not None}
    path = tmp_path / CHECKPOINT
    np.savez(path, **new)
    with pytest.raises(ValueError, match=said) as error:
        read(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_right_is_read(tmp_path, network, trace, run, tuning):
    for arrays, read in network, trace, run, tuning:
        path = tmp_path / CHECKPOINT
        np.savez_compressed(path, **arrays)
        read(path)


NAN = np.full((2,), np.nan, np.float32)
ONE = np.ones((1, 1), np.float32)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"out.b": np.zeros(2, np.float64)}, "'out.b' is float64 .2,., but float32"),
        ({"out.b": np.zeros(2, np.complex64)}, "'out.b' is complex64"),
        ({"out.b": NAN}, "'out.b' is not made of finite numbers"),
        ({"low": np.inf}, "'low' is float64 .., but integer"),
        ({"low": 24.9}, "'low' is float64"),
        ({"low": 24j}, "'low' is complex128"),
        ({"low": np.array([60])}, "'low' is int64 .1,."),
        ({"low": 70}, "MIDI notes 70 up to 70, which do not exist"),
        ({"low": -1}, "'low' holds -1; 0 to 128 is right"),
        ({"high": 2**40}, "'high' holds 1099511627776"),
        ({"time2.U": None}, "'note1.W' is|does not belong"),
        ({"time1.U": None}, "'time1.U' is missing"),
        ({"note1.U": np.zeros((0, 0), np.float32)}, "'note1.U' is empty"),
        ({"time1.U": np.float32(1)}, "'time1.U' is empty|'time1.U' is float32"),
        ({"stray": np.zeros(1)}, "'stray' does not belong there"),
    ],
)
def test_a_network_is_complete_of_one_dtype_and_finite(
    tmp_path, network, changes, said
):
    refused(tmp_path, network, changes, said)


H = np.zeros((3, 2, 3), np.float32)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"heard": np.zeros((0, 2, 2), np.uint8)}, "is uint8|is int64|is empty"),
        ({"heard": np.zeros((3, 0, 2), np.uint8)}, "is uint8|is empty"),
        ({"time1.h": H[..., :0]}, "'time1.c' is float32|is empty"),
        ({"time1.c": H + np.nan}, "'time1.c' is not made of finite"),
        ({"time1.c": H.astype(np.float64)}, "'time1.c' is float64"),
        ({"time1.c": None}, "'time1.c' is missing"),
        ({"probability": np.full((3, 2, 2), 1.5, np.float32)}, "'probability' holds"),
        ({"heard": np.full((3, 2, 2), 2, np.uint8)}, "'heard' holds 2; 0 to 1"),
        ({"low": np.int64(127)}, "notes 127 up to but not including 129"),
        ({"bpm": 0.0}, "bpm must be"),
        ({"bpm": np.inf}, "'bpm' is not made of finite"),
        ({"bpm": 120}, "'bpm' is int64"),
        ({"position": np.array([0, 1, 3, 4])}, "position 3 at step 2 follows 1"),
        ({"position": np.array([-1, 0, 1, 2])}, "'position' holds numbers from -1"),
        ({"time_names": np.array(["note1"])}, "do not name its layers"),
        ({"time_names": np.array(["time1", "time1"])}, "do not name its layers"),
        ({"time_names": np.array([], "U5")}, "'time_names' is empty"),
        ({"../x.h": H}, "letters, digits and underscores"),
        ({"time1": H}, "a layer is called ''"),
    ],
)
def test_a_trace_has_every_number_of_every_layer(tmp_path, trace, changes, said):
    refused(tmp_path, trace, changes, said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"time1.slope": None}, "'names' is <U5 .3,."),
        ({"time1.slope": np.full(3, np.nan)}, "'time1.slope' is not made of finite"),
        ({"time1.slope": np.full(3, 1e300)}, "'time1.slope' holds 1e.300"),
        ({"time1.slope": np.zeros(3, np.complex128)}, "'time1.slope' is complex128"),
        ({"time1.slope": np.zeros(())}, "'time1.at.interval' is int64 .3,."),
        ({"time1.value.bar": np.zeros(4)}, "'time1.value.bar' is float64 .4,."),
        ({"time1.q.beat": np.full(3, 1.5)}, "'time1.q.beat' holds 1.5; 0 to 1"),
        ({"time1.at.interval": np.full(3, 13)}, "'time1.at.interval' holds 13"),
        ({"time1.at.interval": np.full(3, 1.0)}, "'time1.at.interval' is float64"),
        ({"time1.curves.beat": np.zeros((3, 3))}, "'time1.curves.beat' is float64"),
        ({"time1.curves.bar": np.zeros((0, 3))}, "'note1.chance.bar' is"),
        ({"time1.curves.bar": np.full((13, 3), np.inf)}, "not made of finite"),
        ({"time1.untrained.bar": np.zeros((1, 3))}, "'time1.untrained.bar' is float64"),
        ({"note1.untrained.onset": np.zeros((1, 2))}, "'note1.untrained.onset' is"),
        ({"time1.chance.note": None}, "'time1.chance.note' is missing"),
        ({"notes": np.int64(11)}, "'notes' holds 11; 10 to 10 is right"),
        ({"low": np.int64(120)}, "notes 120 up to but not including 130"),
        ({"low": -1}, "'low' holds -1"),
        ({"steps": 1.5}, "'steps' is float64"),
        ({"pieces": None}, "'pieces' is missing"),
        ({"names": np.array(["time1", "time1", "note1"])}, "does not name its layers"),
        ({"names": np.array(["time1", "time2", "x"])}, "does not name its layers"),
        ({"names": np.array([], "U5")}, "'names' is"),
        ({"stray": np.zeros(1)}, "'stray' does not belong there"),
        ({"../x.slope": np.zeros(3)}, "'../x.slope' does not belong there"),
    ],
)
def test_a_tuning_has_every_measure_of_every_layer(tmp_path, tuning, changes, said):
    refused(tmp_path, tuning, changes, said)


def use_tuning(tuning, trace):
    """Do with a tuning all that can be done with it."""
    tuning.counts(), tuning.table(), repr(tuning)
    lv.tuning_counts(tuning, zoom=1)
    for name in tuning:
        lv.tuning_layer(tuning, name, zoom=1)
        lv.tuning_curves(tuning, name, 0)
    lv.page(trace, "out.html", tuning=tuning)


@pytest.mark.filterwarnings("ignore:All-NaN|Mean of empty:RuntimeWarning")
@pytest.mark.parametrize("number", [0, 1, -1e9, 1e9, 1e-300, np.nan])
def test_a_tuning_that_is_read_can_be_used(tmp_path, monkeypatch, tuning, number):
    """Also with numbers that no music gives."""
    monkeypatch.chdir(tmp_path)
    arrays, read = tuning
    heard = lv.trace(small(), HEARD)
    allowed = {
        name: np.full_like(array, number)
        for name, array in arrays.items()
        if name.count(".") == 2
        and array.dtype == np.float64
        and (not np.isnan(number) or ".c" in name)
        and (0 <= number <= 1 or (".p." not in name and ".q." not in name))
    }
    np.savez("a.npz", **(arrays | allowed))
    use_tuning(read("a.npz"), heard)


def test_a_tuning_without_untrained_networks_or_of_one_position_is_read(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    piece = HEARD.replace(position=np.zeros(13, int))  # bars of one step
    lv.tuning(small(), [piece], shifts=20, untrained=0).save("a.npz")
    found = lv.Tuning.load("a.npz")
    assert found.untrained == 0
    assert len(found["time1"].curves["bar"]) == 1
    use_tuning(found, lv.trace(small(), piece))


def test_a_page_wants_the_layers_of_a_tuning_in_the_order_of_the_trace(
    tmp_path, monkeypatch, tuning
):
    monkeypatch.chdir(tmp_path)
    arrays, read = tuning
    np.savez("a.npz", **(arrays | {"names": arrays["names"][::-1]}))
    with pytest.raises(ValueError, match="layers are not those of the trace"):
        lv.page(lv.trace(small(), HEARD), "out.html", tuning=read("a.npz"))


def json_with(text, old, new):
    """Return a JSON text, as a file holds it, with one piece replaced."""
    assert old in str(text)
    return np.array(str(text).replace(old, new))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"optimizer/m.out.b": None}, "'optimizer/m.out.b' is missing"),
        ({"optimizer/m.b": np.zeros(2)}, "'optimizer/m.b' does not belong there"),
        ({"optimizer/m.out.b": np.zeros(2)}, "'optimizer/m.out.b' is float64"),
        ({"optimizer/m.out.b": NAN[:1]}, "'optimizer/m.out.b' is float32 .1,."),
        ({"optimizer/v.out.b": -ONE[0].repeat(2)}, "'optimizer/v.out.b' holds -1"),
        ({"optimizer/k": np.int64(2)}, "'optimizer/k' holds 2; 3 to 3 is right"),
        ({"optimizer/k": None}, "'optimizer/m.note1.U' does not belong"),
        ({"log/norm": np.zeros(2)}, "'log/norm' is float64 .2,., but float64 .3,."),
        ({"log/norm": np.full(3, np.nan)}, "'log/norm' is not made of finite"),
        ({"log/total": np.full(3, np.inf)}, "'log/total' is not made of finite"),
        ({"weights/out.b": NAN}, "'weights/out.b' is not made of finite"),
        ({"music": 2**40}, "'music' holds 1099511627776"),
        ({"settings": np.array("[" * 99999)}, "cannot be resumed"),
        ({"settings": np.array("{}")}, "cannot be resumed"),
        ({"settings": np.array("no JSON")}, "cannot be resumed"),
        ({"generator": np.array("{}")}, "cannot be resumed"),
        ({"generator": np.array("null")}, "cannot be resumed"),
        ({"settings": ('"batch": 1', '"batch": "x"')}, "batch must be"),
        ({"settings": ('"batch": 1', '"batch": 2.5')}, "batch must be"),
        ({"settings": ('"dropout": 0.5', '"dropout": NaN')}, "dropout must be"),
        ({"settings": ('"adam"', '"adadelta"')}, "not a run of the optimizer adadelta"),
        ({"settings": ('"seed": 0', '"speed": 0')}, "speed"),
        ({"generator": ('"uinteger": ', '"uinteger": -1')}, "cannot be resumed"),
        ({"generator": ('"inc": ', '"inc": 9' + "9" * 60)}, "cannot be resumed"),
        ({"generator": ("PCG64", "MT19937")}, "cannot be resumed"),
    ],
)  # fmt: skip
def test_a_run_is_resumed_only_if_all_of_it_is_there(tmp_path, run, changes, said):
    changes = {
        name: json_with(run[0][name], *new) if isinstance(new, tuple) else new
        for name, new in changes.items()
    }
    refused(tmp_path, run, changes, said)


# Before anything is read --------------------------------------------------------


def test_a_small_file_does_not_take_a_lot_of_memory(tmp_path):
    """Zeros that are compressed to 40 kB would be 40 MB."""
    path = tmp_path / "a.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file,
        file.open("a.npy", "w", force_zip64=True) as member,
    ):
        header = {"descr": "<f4", "fortran_order": False, "shape": (10**7,)}
        np.lib.format.write_array_header_1_0(member, header)
        for _ in range(10):
            member.write(bytes(4 * 10**6))
    assert path.stat().st_size < 10**5
    with pytest.raises(ValueError, match="said to take 40,000,128 bytes, too many"):
        load_arrays(path)


def test_an_array_that_is_not_as_large_as_it_says_is_refused(tmp_path):
    content = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        content, {"descr": "<f4", "fortran_order": False, "shape": (10**14,)}
    )
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr("a.npy", content.getvalue())
    with pytest.raises(ValueError, match=r"'a\.npy' has another size than it says"):
        load_arrays(tmp_path / "a.npz")


def test_shapes_are_refused_before_anything_is_read(tmp_path, network, monkeypatch):
    monkeypatch.delattr(reading, "read_array")
    refused(tmp_path, network, {"stray": np.zeros(1)}, "does not belong there")
    monkeypatch.setattr("lstmviz.checks.memory", lambda: 1000)
    refused(tmp_path, network, {}, "its arrays take .* GB, but there are 0.0 GB")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_that_numpy_did_not_write_is_refused(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", method) as file:
        file.writestr("a.npy", b"")
    with pytest.raises(ValueError, match="compressed in a way that NumPy does not"):
        load_arrays(tmp_path / "a.npz")


@pytest.mark.parametrize("name", ["a.txt", "a"])
def test_members_that_are_no_arrays_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr(name, b"text")
    with pytest.raises(ValueError, match=r"'a.*' is not an array"):
        load_arrays(tmp_path / "a.npz")


@pytest.mark.parametrize("read", [lv.load, lv.Trace.load, lv.read_midi])
def test_pipes_and_devices_are_refused_without_being_opened(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    for path in tmp_path / "pipe", "/dev/zero", "/dev/stdin":
        if not os.path.isfile(path):
            with pytest.raises(ValueError, match="is a device or pipe"):
                read(path)


@pytest.mark.parametrize("read", [lv.load, lv.Trace.load, lv.read_midi])
@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_names_that_no_file_can_have_are_refused_in_one_line(read, name):
    with pytest.raises(ValueError, match=r"cannot be read|no such file|neither a file"):
        read(name)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    small().save(tmp_path / "a.npz")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read everything
    with pytest.raises(ValueError, match="may not be read"):
        lv.load(tmp_path / "a.npz")


def test_an_order_of_axes_that_is_not_ours_makes_no_difference(tmp_path, network):
    arrays, read = network
    fortran = {name: np.array(a, order="F") for name, a in arrays.items()}
    np.savez(tmp_path / "f.npz", **fortran)
    net = read(tmp_path / "f.npz")
    assert net.parameters["time1.W"].flags.c_contiguous
    assert np.isfinite(lv.evaluate(net, MUSIC).total)
