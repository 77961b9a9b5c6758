"""HSTU's research layer, model, loss, optimiser step and ranking, written from their formulas.

The precision is torch's default dtype: float64 for golden values, float32 to see what rounding alone costs.

Nothing here is fast: sequences, heads and tokens are loops, so that a reader can hold each line against its formula.
Letters: T tokens, B sequences, D width, H heads, N the attention's normaliser, V items, R negatives.
"""

from dataclasses import dataclass

import torch

NORM_EPSILON = 1e-6
TIME_BUCKETS = 128
MASKED_LOGIT = -5e4


@dataclass(frozen=True)
class LayerOptions:
    heads: int
    dqk: int
    dv: int
    normaliser: int
    bias: str = "both"          # none, position, time or both
    concat_ua: bool = False

    @property
    def has_position_bias(self):
        return self.bias in ("position", "both")

    @property
    def has_time_bias(self):
        return self.bias in ("time", "both")


def layer_norm(x):
    """(x - mean) / sqrt(var + 1e-6) over the last axis, var over D and not D - 1, no scale and no shift."""
    centred = x - x.mean(-1, keepdim=True)
    return centred / torch.sqrt((centred * centred).mean(-1, keepdim=True) + NORM_EPSILON)


def silu(x):
    return x / (1 + torch.exp(-x))


def l2_normalise(x):
    """x / max(|x|, 1e-6) over the last axis."""
    return x / torch.sqrt((x * x).sum(-1, keepdim=True)).clamp(min=NORM_EPSILON)


def time_buckets(seconds, precision=torch.float32):
    """trunc(log(max(|seconds|, 1)) / 0.301), at most 128; the public code computes it in float32."""
    distance = seconds.abs().clamp(min=1).to(precision)
    return (torch.log(distance) / torch.tensor(0.301, dtype=precision)).long().clamp(0, TIME_BUCKETS)


def relative_bias(options, weights, prefix, events, nexts):
    """bias[i, j] = pos_w[N - 1 + j - i] + ts_w[bucket(time of the event after i - time of j)] for one sequence."""
    length = events.shape[0]
    bias = torch.zeros(length, length)
    if options.has_position_bias:
        places = torch.arange(length)
        bias = bias + weights[prefix + "_rel_attn_bias._pos_w"][options.normaliser - 1 + places[None, :] - places[:, None]]
    if options.has_time_bias:
        bias = bias + weights[prefix + "_rel_attn_bias._ts_w"][time_buckets(nexts.long()[:, None] - events.long()[None, :])]
    return bias


def attention(options, u_v_q_k, bias):
    """One sequence: concat over heads of (SiLU(Q K^T + bias) / N, j <= i) V."""
    length = u_v_q_k.shape[0]
    _, v, q, k = split_projection(options, u_v_q_k)
    causal = torch.tril(torch.ones(length, length))
    heads = []
    for head in range(options.heads):
        values = v[:, head * options.dv:(head + 1) * options.dv]
        queries = q[:, head * options.dqk:(head + 1) * options.dqk]
        keys = k[:, head * options.dqk:(head + 1) * options.dqk]
        heads.append((silu(queries @ keys.T + bias) / options.normaliser * causal) @ values)
    return torch.cat(heads, dim=1)


def split_projection(options, u_v_q_k):
    value_width, key_width = options.heads * options.dv, options.heads * options.dqk
    return torch.split(u_v_q_k, [value_width, value_width, key_width, key_width], dim=1)


def layer(options, weights, prefix, x, offsets, events, nexts):
    """One HSTU layer over jagged rows x [T, D]; dropout off."""
    u_v_q_k = silu(layer_norm(x) @ weights[prefix + "_uvqk"])
    u = split_projection(options, u_v_q_k)[0]
    attended = []
    for begin, end in zip(offsets[:-1], offsets[1:]):
        bias = relative_bias(options, weights, prefix, events[begin:end], nexts[begin:end])
        attended.append(attention(options, u_v_q_k[begin:end], bias))
    normed = layer_norm(torch.cat(attended))
    gated = torch.cat([u, normed, u * normed], dim=1) if options.concat_ua else u * normed
    return gated @ weights[prefix + "_o.weight"].T + weights[prefix + "_o.bias"] + x


def layer_prefix(index):
    return f"_hstu._attention_layers.{index}."


ITEM_TABLE = "_embedding_module._item_emb.weight"
POSITION_TABLE = "_input_features_preproc._pos_emb.weight"


def model(options, layers, weights, ids, offsets, events, nexts):
    """Returns [x0, the output of each layer, the L2-normalised output]. Row 0 of the item table gets no gradient."""
    table = weights[ITEM_TABLE]
    places = torch.cat([torch.arange(end - begin) for begin, end in zip(offsets[:-1], offsets[1:])])
    x = (table[ids] * table.shape[1] ** 0.5 + weights[POSITION_TABLE][places]) * (ids != 0)[:, None]
    outputs = [x]
    for index in range(layers):
        x = layer(options, weights, layer_prefix(index), x, offsets, events, nexts)
        outputs.append(x)
    return outputs + [l2_normalise(x)]


def sampled_softmax(outputs, table, labels, negatives, temperature):
    """Mean over tokens with a label of -log softmax([z+, z-])[0]; outputs come unnormalised; label 0 means no label."""
    queries = l2_normalise(outputs)
    total, count = torch.zeros(()), 0
    for token in range(labels.shape[0]):
        if labels[token] == 0:
            continue
        positive = l2_normalise(table[labels[token]]) @ queries[token] / temperature
        negative = l2_normalise(table[negatives[token]]) @ queries[token] / temperature
        negative = torch.where(negatives[token] == labels[token], torch.full_like(negative, MASKED_LOGIT), negative)
        logits = torch.cat([positive[None], negative])
        total, count = total + torch.logsumexp(logits, 0) - positive, count + 1
    return total / count


def full_softmax(outputs, table, labels, candidates, temperature):
    """Mean over tokens with a label of -log softmax over the candidates; outputs come unnormalised; label 0 means no label."""
    queries, items = l2_normalise(outputs), l2_normalise(table[candidates])
    total, count = torch.zeros(()), 0
    for token in range(labels.shape[0]):
        if labels[token] == 0:
            continue
        logits = items @ queries[token] / temperature
        total, count = total + torch.logsumexp(logits, 0) - logits[(candidates == labels[token]).nonzero()[0, 0]], count + 1
    return total / count


class AdamW:
    """p *= 1 - lr wd; m, v moments; p -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps)."""

    def __init__(self, parameters, rate=1e-3, beta1=0.9, beta2=0.98, epsilon=1e-8, decay=0.0):
        self.rate, self.beta1, self.beta2, self.epsilon, self.decay = rate, beta1, beta2, epsilon, decay
        self.first = {name: torch.zeros_like(value) for name, value in parameters.items()}
        self.second = {name: torch.zeros_like(value) for name, value in parameters.items()}
        self.steps = 0

    def step(self, parameters, gradients):
        self.steps += 1
        moved = {}
        for name, value in parameters.items():
            gradient = gradients[name]
            self.first[name] = self.beta1 * self.first[name] + (1 - self.beta1) * gradient
            self.second[name] = self.beta2 * self.second[name] + (1 - self.beta2) * gradient * gradient
            scale = torch.sqrt(self.second[name]) / (1 - self.beta2 ** self.steps) ** 0.5 + self.epsilon
            moved[name] = value * (1 - self.rate * self.decay) - self.rate / (1 - self.beta1 ** self.steps) * self.first[name] / scale
        return moved


def target_rank(scores, candidates, history, target):
    """1 + greater + equal with a smaller item index, over candidates outside the window; 0 = the target is in the window."""
    if target in history:
        return 0
    own = scores[candidates.index(target)]
    ahead = 0
    for item, score in zip(candidates, scores):
        if item not in history and (score > own or (score == own and item < target)):
            ahead += 1
    return 1 + ahead
