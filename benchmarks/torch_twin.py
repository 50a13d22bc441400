"""The same network in PyTorch, with the same weights, for comparison.

`nn.LSTM` of PyTorch computes whole sequences; `nn.LSTMCell` computes single steps where
the next input depends on a choice. Both have the gates in our order i, f, g, o, and
store their weights transposed.
"""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from lstmviz.music.features import note_features
from lstmviz.network.biaxial import below


class TorchTwin(nn.Module):
    """A `Biaxial` network made of PyTorch's modules.

    Parameters
    ----------
    net : Biaxial
        The network whose weights are copied.
    """

    def __init__(self, net):
        super().__init__()
        self.low, self.notes = net.low, net.notes
        self.time = nn.ModuleList(
            copy_layer(nn.LSTM, net, name) for name in net.time_names
        )
        self.note = nn.ModuleList(
            copy_layer(nn.LSTM, net, name) for name in net.note_names
        )
        self.cells = {
            name: copy_layer(nn.LSTMCell, net, name) for name in net.layer_names
        }  # a plain dict, so that their weights are not parameters a second time
        self.time_names, self.note_names = net.time_names, net.note_names
        W, b = net.parameters["out.W"], net.parameters["out.b"]
        self.out = nn.Linear(*W.shape)
        copy_into(self.out.weight, W.T)
        copy_into(self.out.bias, b)

    def forward(self, batch):
        """Return log-odds (N, B S, 2) for music (B, T, N, 2)."""
        heard, chosen = batch[:, :-1], batch[:, 1:]
        B, S, N, _ = heard.shape
        x = note_features(heard, self.low).transpose(1, 0, 2, 3)  # (S, B, N, 80)
        y = torch.from_numpy(x.reshape(S, B * N, -1))
        for layer in self.time:
            y, _ = layer(y)
        y = y.view(S, B, N, -1).permute(2, 1, 0, 3).reshape(N, B * S, -1)
        choices = np.stack([below(c) for c in chosen])  # (B, S, N, 2)
        choices = notes_first(choices, np.float32)
        y = torch.cat([y, torch.from_numpy(choices)], dim=-1)
        for layer in self.note:
            y, _ = layer(y)
        return self.out(y)

    def loss(self, batch):
        """Return the loss in nats per time step, defined as in `loss_and_gradients`."""
        B, T = batch.shape[:2]
        y = torch.from_numpy(notes_first(batch[:, 1:], np.float32))
        counts = torch.stack([torch.ones_like(y[..., 0]), y[..., 0]], dim=-1)
        z = self(batch)
        nats = binary_cross_entropy_with_logits(z, y, weight=counts, reduction="sum")
        return nats / (B * (T - 1))

    def training_step(self, batch):
        """Return the loss; the gradients are then in the parameters."""
        self.zero_grad()
        loss = self.loss(batch)
        loss.backward()
        return loss.item()

    def probabilities(self, states):
        """Return P(play), P(articulate) as (S, N, 2)."""
        with torch.inference_mode():
            return torch.sigmoid(self(states[None])).numpy().swapaxes(0, 1)

    @torch.inference_mode()
    def compose(self, steps, seed):
        """Compose step by step, with the same random numbers as `lstmviz.compose`."""
        rng = np.random.default_rng(seed)
        states = np.zeros((steps + 1, self.notes, 2), np.uint8)
        time = dict.fromkeys(self.time_names)
        for t in range(1, steps + 1):
            x = note_features(states[t - 1 : t], self.low, start=t - 1)[0]
            y = torch.from_numpy(x)
            for name in self.time_names:
                time[name] = self.cells[name](y, time[name])
                y = time[name][0]
            random = rng.random((self.notes, 2))
            note, choice = dict.fromkeys(self.note_names), torch.zeros(2)
            for n in range(self.notes):
                x = torch.cat([y[n], choice])[None]
                for name in self.note_names:
                    note[name] = self.cells[name](x, note[name])
                    x = note[name][0]
                play, articulate = torch.sigmoid(self.out(x[0])).tolist()
                played = random[n, 0] < play
                states[t, n] = played, played and random[n, 1] < articulate
                choice = torch.from_numpy(states[t, n].astype(np.float32))
        return states


def notes_first(music, dtype):
    """Return music (B, S, N, 2) as an array (N, B S, 2)."""
    N = music.shape[2]
    return np.ascontiguousarray(music.transpose(2, 0, 1, 3).reshape(N, -1, 2), dtype)


def copy_layer(kind, net, name):
    """Return an LSTM or LSTMCell of PyTorch with the weights of the layer `name`."""
    W, U, b = (net.parameters[f"{name}.{part}"] for part in "WUb")
    layer = kind(len(W), len(U))
    end = "_l0" if kind is nn.LSTM else ""
    copy_into(getattr(layer, f"weight_ih{end}"), W.T)
    copy_into(getattr(layer, f"weight_hh{end}"), U.T)
    copy_into(getattr(layer, f"bias_ih{end}"), b)
    copy_into(getattr(layer, f"bias_hh{end}"), np.zeros_like(b))
    return layer


def copy_into(parameter, array):
    """Copy an array into a parameter of PyTorch, in place."""
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.ascontiguousarray(array)))
