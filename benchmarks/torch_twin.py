"""The same network in PyTorch, with the same weights, for comparison.

`nn.LSTM` of PyTorch computes whole sequences; `nn.LSTMCell` computes single steps where
the next input depends on a choice. Both have the gates in our order i, f, g, o, and
store their weights transposed. They have two biases, whose sum is ours: the second one
is zero and is not trained. The note features are those of `lstmviz.fast`, so that the
comparison is one of networks.
"""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from lstmviz.fast.features import note_features
from lstmviz.music.bars import STEPS_PER_BAR
from lstmviz.music.piece import as_piece
from lstmviz.network.biaxial import choices_below
from lstmviz.network.settings import Settings, learning_rate
from lstmviz.network.training import draw_batch, draw_masks


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

    def forward(self, pieces, masks=None):
        """Return log-odds (N, B S, 2) for B Pieces of equal length.

        `masks` (B, H) are those of `lstmviz.network.training.draw_masks`.
        """
        B, S, N = len(pieces), len(pieces[0]) - 1, self.notes
        x = np.stack([note_features(piece[:-1]) for piece in pieces], axis=1)
        y = torch.from_numpy(x.reshape(S, B * N, -1))  # from (S, B, N, 80)
        for name, layer in zip(self.time_names, self.time, strict=True):
            y, _ = layer(y)
            if masks:
                mask = torch.from_numpy(masks[name])[:, None]
                y = (y.view(S, B, N, -1) * mask).view(S, B * N, -1)
        y = y.view(S, B, N, -1).permute(2, 1, 0, 3).reshape(N, B * S, -1)
        choices = notes_first([choices_below(piece.states[1:]) for piece in pieces])
        y = torch.cat([y, torch.from_numpy(choices)], dim=-1)
        for name, layer in zip(self.note_names, self.note, strict=True):
            y, _ = layer(y)
            if masks:
                mask = torch.from_numpy(masks[name])[:, None]
                y = (y.view(N, B, S, -1) * mask).view(N, B * S, -1)
        return self.out(y)

    def nats(self, pieces, masks=None):
        """Return the nats of play and articulate (2,), summed over all steps."""
        y = torch.from_numpy(notes_first([piece.states[1:] for piece in pieces]))
        counts = torch.stack([torch.ones_like(y[..., 0]), y[..., 0]], dim=-1)
        z = self(pieces, masks)
        nats = binary_cross_entropy_with_logits(z, y, weight=counts, reduction="none")
        return nats.sum(dim=(0, 1))

    def loss(self, pieces, masks=None):
        """Return the loss in nats per time step, defined as in `loss_and_gradients`."""
        steps = sum(len(piece) - 1 for piece in pieces)
        return self.nats(pieces, masks).sum() / steps

    def training_step(self, pieces, masks=None):
        """Return the loss; the gradients are then in the parameters."""
        self.zero_grad()
        loss = self.loss(pieces, masks)
        loss.backward()
        return loss.item()

    def gradients(self):
        """Return the gradients of the last training step, by our names and shapes."""
        named = {"out.W": self.out.weight.grad.T, "out.b": self.out.bias.grad}
        names = [*self.time_names, *self.note_names]
        for name, layer in zip(names, [*self.time, *self.note], strict=True):
            named[f"{name}.W"] = layer.weight_ih_l0.grad.T
            named[f"{name}.U"] = layer.weight_hh_l0.grad.T
            named[f"{name}.b"] = layer.bias_ih_l0.grad
        return {name: gradient.numpy().copy() for name, gradient in named.items()}

    def train_on(self, net, pieces, **settings):
        """Do what `lstmviz.train` does, with Adam; return the loss of each step.

        `net` is the network that was copied: it tells the sizes of the masks.
        """
        settings, losses = Settings(**settings), []
        rng = np.random.default_rng(settings.seed)
        trained = [p for p in self.parameters() if p.requires_grad]
        adam = torch.optim.Adam(trained)
        for step in range(settings.steps):
            batch = draw_batch(
                pieces, settings.batch, settings.length, settings.transpose, rng
            )
            masks = draw_masks(net, settings.batch, settings.dropout, rng)
            losses.append(self.training_step(batch, masks))
            nn.utils.clip_grad_norm_(trained, settings.clip)
            for group in adam.param_groups:
                group["lr"] = learning_rate(settings, step)
            adam.step()
        return losses

    @torch.inference_mode()
    def evaluate(self, pieces):
        """Return nats per time step of play and articulate, as `lstmviz.evaluate`."""
        pieces = [as_piece(piece, self.low) for piece in pieces]
        nats = sum(self.nats([piece]) for piece in pieces)
        return (nats / sum(len(piece) - 1 for piece in pieces)).numpy()

    @torch.inference_mode()
    def probabilities(self, piece):
        """Return P(play), P(articulate) as (S, N, 2)."""
        return torch.sigmoid(self([piece])).numpy().swapaxes(0, 1)

    @torch.inference_mode()
    def compose(self, steps, seed):
        """Compose step by step, with the same random numbers as `lstmviz.compose`."""
        rng = np.random.default_rng(seed)
        states = np.zeros((steps + 1, self.notes, 2), np.uint8)
        time = dict.fromkeys(self.time_names)
        for t in range(1, steps + 1):
            position = np.array([(t - 1) % STEPS_PER_BAR])
            x = note_features(states[t - 1 : t], self.low, position)[0]
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


def notes_first(music):
    """Return music of B sequences (S, N, 2) as an array (N, B S, 2), float32."""
    N = music[0].shape[1]
    by_notes = np.stack(music).transpose(2, 0, 1, 3).reshape(N, -1, 2)
    return np.ascontiguousarray(by_notes, np.float32)


def copy_layer(kind, net, name):
    """Return an LSTM or LSTMCell of PyTorch with the weights of the layer `name`."""
    W, U, b = (net.parameters[f"{name}.{part}"] for part in "WUb")
    layer = kind(len(W), len(U))
    end = "_l0" if kind is nn.LSTM else ""
    copy_into(getattr(layer, f"weight_ih{end}"), W.T)
    copy_into(getattr(layer, f"weight_hh{end}"), U.T)
    copy_into(getattr(layer, f"bias_ih{end}"), b)
    second = getattr(layer, f"bias_hh{end}")
    copy_into(second, np.zeros_like(b))
    second.requires_grad_(False)
    return layer


def copy_into(parameter, array):
    """Copy an array into a parameter of PyTorch, in place."""
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.ascontiguousarray(array)))
