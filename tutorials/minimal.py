"""The whole idea of lstmviz in one file: learn a song, compose, show every neuron.

    python tutorials/minimal.py                # about a minute
    python tutorials/minimal.py korobeiniki    # another song in 4/4

Music is an array of note states (T, N, 2): T time steps of a sixteenth note, N notes
from low to high, and for each whether it sounds and whether it is struck at this step.
The network hears S = T - 1 steps and predicts after each of them the next one:

    note features (S, N, 80) -> LSTM along the steps, notes side by side: (S, N, H)
    -> swap axes, add the two choices for the note below: (N, S, H + 2)
    -> LSTM up the notes, steps side by side: (N, S, H) -> P(play), P(articulate)

It writes minimal.mid, what it composed, and minimal.png, all neurons at the last step.
"""

import sys
from collections import namedtuple

import imageio.v3 as imageio
import numpy as np
from threadpoolctl import threadpool_limits

import lstmviz as lv  # reads the song and writes the MIDI file, nothing else

LOW, N = 24, 78  # MIDI notes 24 (C1) to 101 (F7)


def note_features(states, start=0):
    """Describe the music as seen from each note: (S, N, 2) -> (S, N, 80)."""
    pitch_class = (LOW + np.arange(N)) % 12  # 0 is C
    padded = np.pad(states, ((0, 0), (12, 12), (0, 0)))  # silence below and above
    sounding = states[..., 0] @ np.eye(12)[pitch_class]  # (S, 12) notes per pitch class
    t = start + np.arange(len(states))[:, None, None]
    x = np.zeros((len(states), N, 80), np.float32)
    x[..., 0] = np.arange(N)  # position on the keyboard
    x[..., 1:13] = np.eye(12)[pitch_class]
    x[..., 13:63] = np.concatenate([padded[:, k : k + N] for k in range(25)], axis=-1)
    x[..., 63:75] = sounding[:, (pitch_class[:, None] + np.arange(12)) % 12]  # relative
    x[..., 75:79] = 2 * (t >> np.arange(4) & 1) - 1  # bits of the sixteenth of the bar
    return x  # 13:63 are the neighbours up to an octave away; 79 is always 0 in 4/4


Layer = namedtuple("Layer", "x i f g o c h")  # x is (T, R, D), the others (T, R, H)


def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)  # 1 / (1 + exp(-z)) without overflow


def lstm_forward(p, name, x, before=None):
    """Run one layer over x (T, R, D): T steps in sequence, R rows side by side."""
    W, U, b = (p[f"{name}.{part}"] for part in "WUb")  # (D, 4H), (H, 4H), (4H,)
    T, R, H = *x.shape[:2], len(U)
    h, c = (before.h[-1], before.c[-1]) if before else np.zeros((2, R, H), b.dtype)
    z, (all_h, all_c) = x @ W + b, np.empty((2, T, R, H), b.dtype)
    for t in range(T):
        z[t] += h @ U  # z = x W + h U + b
        i, f, g, o = np.split(z[t], 4, axis=-1)  # views: the gates overwrite z
        i[:], f[:], g[:], o[:] = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        all_c[t] = c = f * c + i * g  # keep a part of the cell, add a part of g
        all_h[t] = h = o * np.tanh(c)  # show a part of the cell
    return Layer(x, *np.split(z, 4, axis=-1), all_c, all_h)


def lstm_backward(p, name, dh, layer):
    """From dh (T, R, H), compute dx and the gradients; dX stands for dloss / dX."""
    W, U, (x, i, f, g, o, c, h) = p[f"{name}.W"], p[f"{name}.U"], layer
    tanh_c, c_before = np.tanh(c), np.concatenate([np.zeros_like(c[:1]), c[:-1]])
    dz = np.empty((*h.shape[:2], 4 * len(U)), h.dtype)
    dh_after = dc_after = np.zeros_like(h[0])  # what step t + 1 sends back to step t
    for t in reversed(range(len(h))):
        dh_t = dh[t] + dh_after
        dc = dh_t * o[t] * (1 - tanh_c[t] ** 2) + dc_after  # h = o tanh(c)
        dz_i, dz_f, dz_g, dz_o = np.split(dz[t], 4, axis=-1)
        dz_i[:] = dc * g[t] * i[t] * (1 - i[t])  # c = f c_before + i g
        dz_f[:] = dc * c_before[t] * f[t] * (1 - f[t])  # σ' = σ (1 - σ)
        dz_g[:] = dc * i[t] * (1 - g[t] ** 2)  # tanh' = 1 - tanh²
        dz_o[:] = dh_t * tanh_c[t] * o[t] * (1 - o[t])
        dh_after, dc_after = dz[t] @ U.T, dc * f[t]
    dW = np.tensordot(x, dz, axes=((0, 1), (0, 1)))  # sums over steps and rows
    dU = np.tensordot(h[:-1], dz[1:], axes=((0, 1), (0, 1)))
    return dz @ W.T, {f"{name}.W": dW, f"{name}.U": dU, f"{name}.b": dz.sum((0, 1))}


def initial_weights(H_time, H_note, seed=0):
    """Draw the weights p of both layers and of the output: a dict of arrays."""
    rng, p = np.random.default_rng(seed), {}
    for name, D, H in ("time1", 80, H_time), ("note1", H_time + 2, H_note):
        for part, shape in ("W", (D, 4 * H)), ("U", (H, 4 * H)), ("b", 4 * H):
            p[f"{name}.{part}"] = rng.uniform(-1 / np.sqrt(H), 1 / np.sqrt(H), shape)
        p[f"{name}.b"][H : 2 * H] = 1  # forget gates start open
    p["time1.W"][0] /= N  # the position goes up to N, most other features up to 1
    p["out.W"] = rng.uniform(-1 / np.sqrt(H), 1 / np.sqrt(H), (H, 2))
    p["out.b"] = np.array([-3.0, 0.0])  # log-odds: few notes are played
    return {name: array.astype(np.float32) for name, array in p.items()}


def forward(p, states):
    """Hear states[:-1]; return both layers and the log-odds (S, N, 2) of states[1:]."""
    time = lstm_forward(p, "time1", note_features(states[:-1]))
    below = np.pad(states[1:, :-1], ((0, 0), (1, 0), (0, 0)))  # 0 for the lowest note
    x = np.concatenate([time.h, below.astype(time.h.dtype)], axis=-1).swapaxes(0, 1)
    note = lstm_forward(p, "note1", x)
    return time, note, (note.h @ p["out.W"] + p["out.b"]).swapaxes(0, 1)


def loss_and_gradients(p, states):
    """Return -log P(states[1:]) in nats per time step, and its gradient by all of p."""
    (time, note, z), y = forward(p, states), states[1:]
    counts = y[..., :1] | [1, 0]  # articulation counts only where a note is played
    loss = (counts * (np.logaddexp(0, z) - y * z)).sum() / len(y)
    dz = (counts * (sigmoid(z) - y) / len(y)).astype(z.dtype).swapaxes(0, 1)
    dW = np.tensordot(note.h, dz, axes=((0, 1), (0, 1)))
    dx, of_note = lstm_backward(p, "note1", dz @ p["out.W"].T, note)
    _, of_time = lstm_backward(p, "time1", dx[..., :-2].swapaxes(0, 1), time)
    return loss, of_time | of_note | {"out.W": dW, "out.b": dz.sum((0, 1))}


def adam_step(p, gradients, m, v, k, rate):
    """Take step k = 1, 2, ... of Adam (Kingma & Ba 2015) and change p in place."""
    for name, gradient in gradients.items():
        m[name] += (1 - 0.9) * (gradient - m[name])  # running mean
        v[name] += (1 - 0.999) * (gradient**2 - v[name])  # running mean square
        m_hat, v_hat = m[name] / (1 - 0.9**k), v[name] / (1 - 0.999**k)
        p[name] -= rate * m_hat / (np.sqrt(v_hat) + 1e-8)


def sample_notes(p, y, dice):
    """Choose one step from the lowest note up; y (N, H) is the time layer's output."""
    chosen, note, below = np.zeros((N, 2), np.uint8), None, np.zeros(2, y.dtype)
    for n in range(N):
        x = np.concatenate([y[n], below])[None, None]  # (1, 1, H + 2)
        note = lstm_forward(p, "note1", x, before=note)
        play, articulate = dice[n] < sigmoid(note.h[0, 0] @ p["out.W"] + p["out.b"])
        chosen[n] = below[:] = play, play and articulate
    return chosen


def sample(p, prompt, steps, rng):
    """Hear the prompt (T, N, 2), then choose step after step and hear each of them."""
    states, time = list(prompt), lstm_forward(p, "time1", note_features(prompt))
    for t in range(len(prompt), len(prompt) + steps):
        states.append(sample_notes(p, time.h[-1], rng.random((N, 2))))
        time = lstm_forward(p, "time1", note_features(states[-1][None], t), before=time)
    return np.array(states)


def text_roll(states):
    """Write a line for each note that sounds, the highest first: O struck, - held."""
    notes = np.flatnonzero(states[..., 0].any(axis=0))[::-1]
    return "\n".join("".join(".-O"[s.sum()] for s in states[:, n]) for n in notes)


def snapshot(time, note, probability, chosen, past=128):
    """Draw the last step: a column is a neuron, green its output h, blue its cell c."""
    score = np.concatenate([probability[..., :1], chosen], axis=-1)[-past:]  # RGB
    score = np.pad(score, ((past - len(score), 0), (0, 0), (0, 0)))  # black before
    bands = [score.swapaxes(0, 1)]  # (N, past, 3); a band is (N, columns, 3)
    for h, c in (time.h[-1], time.c[-1]), (note.h[:, -1], note.c[:, -1]):  # (N, H)
        bands.append(np.stack([0 * h, sigmoid(h), sigmoid(c)], axis=-1))
    decision = np.zeros((N, 14, 3), np.float32)
    decision[:, [5, 12]] = probability[-1, :, :, None]  # grey
    decision[:, [6, 13], 0] = chosen[-1]  # red
    width = max(band.shape[1] for band in bands) + 14
    image = np.zeros((len(bands), N + 5, width, 3), np.uint8)  # 5 black rows between
    for k, band in enumerate(bands):  # flush right, the highest note on top
        band = np.concatenate([band, decision], axis=1)[::-1]
        image[k, :N, -band.shape[1] :] = np.floor(255 * band)
    return np.concatenate(image)[:-5]


def main(name="prelude-in-c", steps=600, length=64):
    threadpool_limits(1)  # these products are too small to gain from more cores
    piece, p = lv.song(name), initial_weights(H_time=96, H_note=32)
    song = np.asarray(piece)
    m, v = ({key: np.zeros_like(w) for key, w in p.items()} for _ in range(2))
    rng = np.random.default_rng(0)
    print(f"untrained: {loss_and_gradients(p, song)[0]:.2f} nats per time step")
    for k in range(1, steps + 1):
        start = 16 * rng.integers(max(len(song) - length, 0) // 16 + 1)  # a bar line
        loss, gradients = loss_and_gradients(p, song[start : start + length])
        norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients.values()))
        clipped = {key: gradient / max(norm, 1) for key, gradient in gradients.items()}
        adam_step(p, clipped, m, v, k, rate=0.01 * (1 - (k - 1) / steps))
        if k % 50 == 0:  # it hears the first bar, then composes three more
            print(f"\nstep {k}: {loss:.2f} nats per time step", flush=True)
            print(text_roll(sample(p, song[:16], 48, rng)))
    print(f"\ntrained: {loss_and_gradients(p, song)[0]:.2f} nats per time step")
    music = sample(p, song[:16], 240, rng)
    share = (music[16:, None] == song).all(axis=(2, 3)).any(axis=1).mean()
    print(f"{share:.0%} of the composed steps occur in {name}")
    time, note, z = forward(p, music)  # the same activations as while it composed
    image = snapshot(time, note, sigmoid(z), music[1:])
    imageio.imwrite("minimal.png", image.repeat(4, axis=0).repeat(4, axis=1))
    lv.write_midi(music, "minimal.mid", bpm=piece.bpm)


if __name__ == "__main__":
    main(*sys.argv[1:2])
