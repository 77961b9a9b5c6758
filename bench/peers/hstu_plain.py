"""The plain peer: HSTU's training step the way public research code computes it.

Padded attention [B, H, N, N] with a mask product, buckets by a logarithm for every pair in every layer, negatives
gathered to [T, R, D], autograd and torch.optim.AdamW throughout.
"""

import torch
import torch.nn.functional as functional

from batch import ITEM_TABLE, POSITION_TABLE, layer_prefix


class PlainPeer:
    def __init__(self, setting, weights):
        self.setting = setting
        self.weights = {name: value.clone().requires_grad_() for name, value in weights.items()}
        self.optimiser = torch.optim.AdamW(list(self.weights.values()), lr=setting.rate, betas=(0.9, 0.98), eps=1e-8, weight_decay=0)
        positions = setting.normaliser
        self.causal = torch.tril(torch.ones(positions, positions))
        self.item_ids = torch.arange(1, setting.items + 1)

    def step(self, batch):
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.loss(batch, training=True)
        loss.backward()
        self.optimiser.step()
        return loss.item()

    def loss_and_gradients(self, batch):
        """Dropout off; {name: gradient}."""
        loss = self.loss(batch, training=False)
        return loss.item(), dict(zip(self.weights, torch.autograd.grad(loss, list(self.weights.values()))))

    def layer_step(self, batch, x, upstream):
        """Forward and backward of one layer: gradients of its input and its weights."""
        prefix = layer_prefix(0)
        present, times = self.places(batch)
        x = x.detach().requires_grad_()
        y = self.layer(prefix, x, present, times, training=True)
        return torch.autograd.grad(y, [x, *(value for name, value in self.weights.items() if name.startswith(prefix))], upstream)

    def queries(self, batch):
        """[B, D], of length 1."""
        with torch.inference_mode():
            last = torch.cumsum(torch.from_numpy(batch.lengths), 0) - 1
            return self.l2_normalised(self.encode(batch, training=False)[0][last])

    def loss(self, batch, training):
        x, present = self.encode(batch, training)
        return self.sampled_softmax(x, self.padded(present, batch.labels)[present], batch.negatives, self.weights[ITEM_TABLE])

    def places(self, batch):
        """Which places of [B, N] are events, and the times there."""
        lengths = torch.from_numpy(batch.lengths)
        present = torch.arange(self.setting.normaliser)[None, :] < lengths[:, None]                     # [B, N]: the jagged rows
        times = self.padded(present, batch.events)
        times.scatter_(1, lengths[:, None], batch.nexts[torch.cumsum(lengths, 0) - 1][:, None])    # the target's time
        return present, times

    def encode(self, batch, training):
        setting, table = self.setting, self.weights[ITEM_TABLE]
        present, times = self.places(batch)
        ids = self.padded(present, batch.ids)
        x = functional.embedding(ids, table, padding_idx=0) * setting.width ** 0.5 + self.weights[POSITION_TABLE][None]
        x = functional.dropout(x, setting.dropout, training) * (ids != 0)[:, :, None]
        x = x[present]
        for index in range(setting.blocks):
            x = self.layer(layer_prefix(index), x, present, times, training)
        return x, present

    @staticmethod
    def padded(present, rows):
        """[T, ...] to [B, N, ...], zeros behind."""
        dense = rows.new_zeros(present.shape + rows.shape[1:])
        return dense.masked_scatter(present.reshape(present.shape + (1,) * (rows.dim() - 1)), rows)

    def layer(self, prefix, x, present, times, training):
        setting, (sequences, positions) = self.setting, present.shape
        heads, head_width = setting.heads, setting.head_width
        normed = functional.layer_norm(x, [setting.width], eps=1e-6)
        u, v, q, k = torch.split(functional.silu(normed @ self.weights[prefix + "_uvqk"]), setting.width, dim=1)
        q, k, v = (self.padded(present, rows).view(sequences, positions, heads, head_width) for rows in (q, k, v))
        scores = torch.einsum("bnhd,bmhd->bhnm", q, k) + self.bias(prefix, times)[:, None]
        weights = functional.silu(scores) / positions * self.causal
        attended = torch.einsum("bhnm,bmhd->bnhd", weights, v).reshape(sequences, positions, setting.width)[present]
        gated = u * functional.layer_norm(attended, [setting.width], eps=1e-6)
        return functional.linear(functional.dropout(gated, setting.dropout, training), self.weights[prefix + "_o.weight"],
                                 self.weights[prefix + "_o.bias"]) + x

    def bias(self, prefix, times):
        """[B, N, N]: pos_w[N - 1 + j - i] + ts_w[bucket(t of i + 1, less t of j)]."""
        positions = times.shape[1]
        places = torch.arange(positions)
        by_place = self.weights[prefix + "_rel_attn_bias._pos_w"][positions - 1 + places[None, :] - places[:, None]]
        extended = torch.cat([times, times[:, -1:]], dim=1)
        seconds = (extended[:, 1:, None] - extended[:, None, :-1]).abs().clamp(min=1)
        buckets = (torch.log(seconds.float()) / 0.301).long().clamp(0, 128)
        by_time = torch.index_select(self.weights[prefix + "_rel_attn_bias._ts_w"], 0, buckets.view(-1)).view(buckets.shape)
        return by_place[None] + by_time

    def sampled_softmax(self, outputs, labels, negatives, table):
        setting = self.setting
        if negatives is None:
            negatives = self.item_ids[torch.randint(0, len(self.item_ids), (len(labels), setting.negatives))]
        queries = self.l2_normalised(outputs)
        positive = self.l2_normalised(functional.embedding(labels, table, padding_idx=0))
        drawn = self.l2_normalised(functional.embedding(negatives, table, padding_idx=0))       # [T, R, D]
        positive_logits = (queries * positive).sum(1, keepdim=True) / setting.temperature
        negative_logits = torch.bmm(drawn, queries[:, :, None]).squeeze(2) / setting.temperature
        negative_logits = torch.where(negatives == labels[:, None], torch.full_like(negative_logits, -5e4), negative_logits)
        losses = -functional.log_softmax(torch.cat([positive_logits, negative_logits], dim=1), dim=1)[:, 0]
        weights = (labels != 0).float()
        return (losses * weights).sum() / weights.sum()

    @staticmethod
    def l2_normalised(x):
        return x / torch.linalg.norm(x, dim=-1, keepdim=True).clamp(min=1e-6)
