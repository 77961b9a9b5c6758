"""Golden values of one block of each backbone, by PyTorch in float64: dense attention matrices a sequence, gradients by torch's autograd. Shares nothing with the engine.

SASRec's block is PyTorch's own MultiheadAttention and Conv1d, as in the public research code. Run: /usr/bin/python3 tests/golden/make_golden_blocks.py
"""
import math
import os

import numpy
import torch
import torch.nn.functional as F

import safetensors_file

LENGTHS = [7, 0, 70, 1]
D, H, N = 12, 2, 81
DH = D // H


def rms(x, weight=None, epsilon=1e-5):
    y = x / torch.sqrt((x * x).mean(-1, keepdim=True) + epsilon)
    return y if weight is None else y * weight


def bucket(seconds):
    return numpy.minimum((numpy.log(numpy.maximum(numpy.abs(seconds), 1).astype(numpy.float32)) / numpy.float32(0.301)).astype(int), 128)


def biases(w, path, n, events, nexts):
    place = torch.tensor([[N - 1 + j - i for j in range(n)] for i in range(n)], dtype=torch.long).reshape(n, n)
    time = torch.tensor(bucket(nexts[:, None] - events[None, :]), dtype=torch.long).reshape(n, n)
    return w[path + "._rel_attn_bias._pos_w"][place], w[path + "._rel_attn_bias._ts_w"][time]


def heads(x):
    return x.reshape(len(x), H, -1).transpose(0, 1)


def together(x):
    return x.transpose(0, 1).reshape(x.shape[1], -1)


def softmax_attention(q, k, v, bias=0):
    n = q.shape[1]
    scores = (q @ k.transpose(1, 2) + bias) / math.sqrt(q.shape[2])
    scores = scores.masked_fill(torch.ones(n, n).triu(1).bool(), -math.inf)
    return together(torch.softmax(scores, -1) @ v)


def rotate(x):
    n, d = x.shape[1:]
    angle = torch.arange(n).double()[:, None] * 10000.0 ** (-torch.arange(0, d, 2).double() / d)
    turned = torch.view_as_complex(x.reshape(H, n, d // 2, 2).contiguous()) * torch.polar(torch.ones_like(angle), angle)
    return torch.view_as_real(turned).reshape(H, n, d)


def sasrec(w, x, events, nexts):
    p, f = "attention_layers.0", "forward_layers.0._conv1d"
    n = len(x)
    q = F.layer_norm(x, (D,), eps=1e-8)
    mixed, _ = F.multi_head_attention_forward(
        q[:, None], x[:, None], x[:, None], D, H, w[p + ".in_proj_weight"], w[p + ".in_proj_bias"], None, None, False, 0.0,
        w[p + ".out_proj.weight"], w[p + ".out_proj.bias"], attn_mask=torch.ones(n, n).triu(1).bool(), need_weights=False)
    h = F.layer_norm(q + mixed[:, 0], (D,), eps=1e-8)
    inner = torch.relu(F.conv1d(h.T[None], w[f + ".0.weight"][:, :, None], w[f + ".0.bias"]))
    return F.conv1d(inner, w[f + ".3.weight"][:, :, None], w[f + ".3.bias"])[0].T + h


def sasrec_bias(w, x, events, nexts):
    p, f = "attention_layers.0", "forward_layers.0._conv1d"
    a = F.layer_norm(x, (D,), eps=1e-8)
    q, k, v = (heads(part) for part in F.linear(a, w[p + ".in_proj_weight"], w[p + ".in_proj_bias"]).split(D, 1))
    position, time = biases(w, p, len(x), events, nexts)
    h = x + F.linear(softmax_attention(q, k, v, position + time), w[p + ".out_proj.weight"], w[p + ".out_proj.bias"])
    z = F.layer_norm(h, (D,), eps=1e-8)
    return h + F.linear(torch.relu(F.linear(z, w[f + ".0.weight"], w[f + ".0.bias"])), w[f + ".3.weight"], w[f + ".3.bias"])


def sasrec_original(w, x, events, nexts):
    p, f = "attention_layers.0", "forward_layers.0._conv1d"
    a = F.layer_norm(x, (D,), w["attention_norms.0.weight"], w["attention_norms.0.bias"], 1e-8)
    weights, shifts = w[p + ".in_proj_weight"].split(D), w[p + ".in_proj_bias"].split(D)
    q, k, v = (heads(F.linear(rows, weight, shift)) for rows, weight, shift in zip([a, x, x], weights, shifts))
    h = F.layer_norm(a + softmax_attention(q, k, v), (D,), w["forward_norms.0.weight"], w["forward_norms.0.bias"], 1e-8)
    return h + F.linear(torch.relu(F.linear(h, w[f + ".0.weight"], w[f + ".0.bias"])), w[f + ".3.weight"], w[f + ".3.bias"])


def ligr(w, x, events, nexts):
    p = "transformer_blocks.0"

    def norm(z, index):
        return F.layer_norm(z, (D,), w[f"{p}.layer_norm_{index}.weight"], w[f"{p}.layer_norm_{index}.bias"], 1e-5)

    def gate(z, index):
        return torch.sigmoid(F.linear(z, w[f"{p}.gating_linear_{index}.weight"], w[f"{p}.gating_linear_{index}.bias"]))

    a = p + ".multi_head_attn"
    q, k, v = (heads(part) for part in F.linear(norm(x, 1), w[a + ".in_proj_weight"], w[a + ".in_proj_bias"]).split(D, 1))
    h = x + gate(x, 1) * F.linear(softmax_attention(q, k, v), w[a + ".out_proj.weight"], w[a + ".out_proj.bias"])
    z = norm(h, 2)
    first, last, second = (w[f"{p}.feed_forward.ff_linear_{index}.weight"] for index in [1, 2, 3])
    return h + gate(h, 2) * F.linear(F.silu(F.linear(z, first)) * F.linear(z, second), last)


def llama(w, x, events, nexts):
    p = "layers.0"
    a = rms(x, w[p + ".attention_norm.weight"])
    q, k, v = (heads(a @ w[f"{p}.attention.w{c}.weight"].T) for c in "qkv")
    h = x + softmax_attention(rotate(q), rotate(k), v) @ w[p + ".attention.wo.weight"].T
    z = rms(h, w[p + ".ffn_norm.weight"])
    return h + (F.silu(z @ w[p + ".feed_forward.w1.weight"].T) * (z @ w[p + ".feed_forward.w3.weight"].T)) @ w[p + ".feed_forward.w2.weight"].T


def gpt_parts(w, p):
    def attention(a):
        q, k, v = (heads(part) for part in F.linear(a, w[p + ".attn.c_attn.weight"], w[p + ".attn.c_attn.bias"]).split(D, 1))
        return F.linear(softmax_attention(q, k, v), w[p + ".attn.c_proj.weight"], w[p + ".attn.c_proj.bias"])

    def forward(z):
        return F.linear(F.gelu(F.linear(z, w[p + ".mlp.c_fc.weight"], w[p + ".mlp.c_fc.bias"])), w[p + ".mlp.c_proj.weight"], w[p + ".mlp.c_proj.bias"])

    def norm(z, index):
        return F.layer_norm(z, (D,), w[f"{p}.ln_{index}.weight"], w[f"{p}.ln_{index}.bias"], 1e-5)

    return attention, forward, norm


def gpt(w, x, events, nexts):
    attention, forward, norm = gpt_parts(w, "transformer.h.0")
    h = x + attention(norm(x, 1))
    return h + forward(norm(h, 2))


def gpt_post(w, x, events, nexts):
    attention, forward, norm = gpt_parts(w, "transformer.h.0")
    h = norm(x + attention(x), 1)
    return norm(h + forward(h), 2)


def fuxi_alpha(w, x, events, nexts):
    p = "_fuxi._attention_layers.0"
    n = len(x)
    u, v, q, k = F.silu(rms(x, epsilon=1e-6) @ w[p + "._uvqk"]).split([3 * D, D, D, D], 1)
    mask = torch.ones(n, n).tril().double()
    position, time = (bias * mask for bias in biases(w, p, n, events, nexts))
    scores = F.silu(heads(q) @ heads(k).transpose(1, 2)) / N * mask
    o = together(torch.cat([position @ heads(v), time @ heads(v), scores @ heads(v)], -1))
    h = x + F.linear(u * rms(o, epsilon=1e-6), w[p + "._mffn.lin0.weight"], w[p + "._mffn.lin0.bias"])
    z = rms(h, epsilon=1e-6)
    return h + F.linear(F.silu(F.linear(z, w[p + "._mffn.lin1.weight"])) * F.linear(z, w[p + "._mffn.lin3.weight"]), w[p + "._mffn.lin2.weight"])


def fuxi_beta(w, x, events, nexts):
    p = "_fuxi._attention_layers.0"
    n = len(x)
    u, v = F.silu(rms(x, epsilon=1e-6) @ w[p + "._uvqk"]).split([2 * D, D], 1)
    mask = torch.ones(n, n).tril().double()
    place = torch.tensor([[N - 1 + j - i for j in range(n)] for i in range(n)], dtype=torch.long)
    between = torch.relu(torch.tensor(nexts[:, None] - events[None, :]).double()) + 1
    time = w[p + "._rel_attn_bias._pow_a"] * torch.pow(between, -w[p + "._rel_attn_bias._pow_b"]) * mask
    position = w[p + "._rel_attn_bias._pos_w"][place] * mask
    o = together(torch.cat([position @ heads(v), time @ heads(v)], -1))
    h = x + F.linear(u * rms(o, epsilon=1e-6), w[p + "._mffn.lin0.weight"], w[p + "._mffn.lin0.bias"])
    z = rms(h, epsilon=1e-6)
    return h + F.linear(F.silu(F.linear(z, w[p + "._mffn.lin1.weight"])) * F.linear(z, w[p + "._mffn.lin3.weight"]), w[p + "._mffn.lin2.weight"])


def hstu_leaky(w, x, events, nexts):
    p, n = "_hstu._attention_layers.0", len(x)
    u, v, q, k = F.silu(F.layer_norm(x, (D,), eps=1e-6) @ w[p + "._uvqk"]).split(D, -1)
    place = torch.tensor([[N - 1 + j - i for j in range(N)] for i in range(n)])
    time = torch.full((n, N), 128)
    time[:, :n] = torch.tensor(bucket(nexts[:, None] - events[None, :]))
    scores = q @ torch.cat([k, k.new_zeros(N - n, D)]).T + w[p + "._rel_attn_bias._pos_w"][place] + w[p + "._rel_attn_bias._ts_w"][time]
    weights = torch.softmax(scores / math.sqrt(DH), -1) * torch.ones(n, N).tril()
    o = weights @ torch.cat([v, v.new_zeros(N - n, D)])
    return x + F.linear(u * F.layer_norm(o, (D,), eps=1e-6), w[p + "._o.weight"], w[p + "._o.bias"])


def hstu_production(w, x, events, nexts):
    p = "_stu_layers.0"
    n = len(x)
    a = F.layer_norm(x, (D,), w[p + "._input_norm_weight"], w[p + "._input_norm_bias"], 1e-6)
    u, v, q, k = (w[p + "._uvqk_beta"] + a @ w[p + "._uvqk_weight"]).split(D, 1)
    scores = F.silu(heads(q) @ heads(k).transpose(1, 2) / math.sqrt(DH)) / N * torch.ones(n, n).tril()
    o, u = together(scores @ heads(v)), F.silu(u)
    y = u * F.layer_norm(o, (D,), w[p + "._output_norm_weight"], w[p + "._output_norm_bias"], 1e-6)
    return x + torch.cat([u, o, y], 1) @ w[p + "._output_weight"]


def linears(p, shapes, bias=True):
    return {f"{p}.{name}.{kind}": shape if kind == "weight" else shape[:1] for name, shape in shapes.items() for kind in (["weight", "bias"] if bias else ["weight"])}


GPT = {**linears("transformer.h.0", {"attn.c_attn": [3 * D, D], "attn.c_proj": [D, D], "mlp.c_fc": [4 * D, D], "mlp.c_proj": [D, 4 * D]}),
       **linears("transformer.h.0", {"ln_1": [D], "ln_2": [D]})}
SASREC_FORWARD = linears("forward_layers.0._conv1d", {"0": [D, D], "3": [D, D]})
SHAPES = {
    "hstu-leaky": (hstu_leaky, {"_hstu._attention_layers.0._uvqk": [D, 4 * D], **linears("_hstu._attention_layers.0", {"_o": [D, D]}),
                                "_hstu._attention_layers.0._rel_attn_bias._ts_w": [129], "_hstu._attention_layers.0._rel_attn_bias._pos_w": [2 * N - 1]}),
    "sasrec-bias": (sasrec_bias, {"attention_layers.0.in_proj_weight": [3 * D, D], "attention_layers.0.in_proj_bias": [3 * D],
                                  **linears("attention_layers.0", {"out_proj": [D, D]}), **SASREC_FORWARD,
                                  "attention_layers.0._rel_attn_bias._ts_w": [129], "attention_layers.0._rel_attn_bias._pos_w": [2 * N - 1]}),
    "sasrec-original": (sasrec_original, {"attention_layers.0.in_proj_weight": [3 * D, D], "attention_layers.0.in_proj_bias": [3 * D], **SASREC_FORWARD,
                                          **{f"{part}_norms.0.{kind}": [D] for part in ["attention", "forward"] for kind in ["weight", "bias"]}}),
    "ligr": (ligr, {"transformer_blocks.0.multi_head_attn.in_proj_weight": [3 * D, D], "transformer_blocks.0.multi_head_attn.in_proj_bias": [3 * D],
                    **linears("transformer_blocks.0", {"multi_head_attn.out_proj": [D, D], "gating_linear_1": [D, D], "gating_linear_2": [D, D]}),
                    **linears("transformer_blocks.0", {"layer_norm_1": [D], "layer_norm_2": [D]}),
                    **linears("transformer_blocks.0.feed_forward", {"ff_linear_1": [4 * D, D], "ff_linear_2": [D, 4 * D], "ff_linear_3": [4 * D, D]},
                              bias=False)}),
    "fuxi-beta": (fuxi_beta, {"_fuxi._attention_layers.0._uvqk": [D, 3 * D], "_fuxi._attention_layers.0._rel_attn_bias._pow_a": [1],
                              "_fuxi._attention_layers.0._rel_attn_bias._pow_b": [1], "_fuxi._attention_layers.0._rel_attn_bias._pos_w": [2 * N - 1],
                              **linears("_fuxi._attention_layers.0._mffn", {"lin0": [D, 2 * D]}),
                              **linears("_fuxi._attention_layers.0._mffn", {"lin1": [D, D], "lin2": [D, D], "lin3": [D, D]}, bias=False)}),
    "sasrec": (sasrec, {"attention_layers.0.in_proj_weight": [3 * D, D], "attention_layers.0.in_proj_bias": [3 * D],
                        **linears("attention_layers.0", {"out_proj": [D, D]}), **linears("forward_layers.0._conv1d", {"0": [D, D], "3": [D, D]})}),
    "llama": (llama, {**linears("layers.0", {"attention.wq": [D, D], "attention.wk": [D, D], "attention.wv": [D, D], "attention.wo": [D, D],
                                             "feed_forward.w1": [32, D], "feed_forward.w2": [D, 32], "feed_forward.w3": [32, D],
                                             "attention_norm": [D], "ffn_norm": [D]}, bias=False)}),
    "gpt": (gpt, GPT),
    "gpt-post": (gpt_post, GPT),
    "fuxi-alpha": (fuxi_alpha, {"_fuxi._attention_layers.0._uvqk": [D, 6 * D], "_fuxi._attention_layers.0._rel_attn_bias._ts_w": [129],
                                "_fuxi._attention_layers.0._rel_attn_bias._pos_w": [2 * N - 1], **linears("_fuxi._attention_layers.0._mffn", {"lin0": [D, 3 * D]}),
                                **linears("_fuxi._attention_layers.0._mffn", {"lin1": [D, D], "lin2": [D, D], "lin3": [D, D]}, bias=False)}),
    "hstu-production": (hstu_production, {"_stu_layers.0._uvqk_weight": [D, 4 * D], "_stu_layers.0._uvqk_beta": [4 * D], "_stu_layers.0._output_weight": [3 * D, D],
                                          **{f"_stu_layers.0._{name}_norm_{kind}": [D] for name in ["input", "output"] for kind in ["weight", "bias"]}}),
}

for name, (block, shapes) in SHAPES.items():
    random = numpy.random.default_rng(17)
    draw = lambda shape, scale=1.0, mean=0.0: (mean + scale * random.standard_normal(shape)).astype(numpy.float32)
    offsets = numpy.cumsum([0] + LENGTHS).astype(numpy.int32)
    gaps = (random.integers(0, 4, offsets[-1]) > 0) * numpy.exp(13 * random.random(offsets[-1])).astype(numpy.int32)
    events, nexts = numpy.zeros(offsets[-1], numpy.int32), numpy.zeros(offsets[-1], numpy.int32)
    for first, end in zip(offsets, offsets[1:]):
        nexts[first:end] = numpy.cumsum(gaps[first:end])
        events[first + 1:end] = nexts[first:end - 1] if end > first else nexts[:0]
    is_norm = lambda key: "norm" in key or ".ln_" in key
    mean = lambda key: 0.6 if key.endswith("_pow_b") else 1.0 if is_norm(key) and key.endswith("weight") else 0.0
    singles = {key: draw(shape, 0.3, mean(key)) for key, shape in shapes.items()}
    x, dy = draw([offsets[-1], D]), draw([offsets[-1], D])
    weights = {key: torch.tensor(value).double().requires_grad_() for key, value in singles.items()}
    inputs = torch.tensor(x).double().requires_grad_()
    rows = [block(weights, inputs[a:b], events[a:b].astype(numpy.int64), nexts[a:b].astype(numpy.int64)) for a, b in zip(offsets, offsets[1:]) if b > a]
    y = torch.cat(rows)
    y.backward(torch.tensor(dy).double())
    tensors = {"x": x, "dy": dy, "y": y.detach().numpy(), "dx": inputs.grad.numpy(), "offsets": offsets, "event_seconds": events, "next_seconds": nexts, **singles}
    tensors.update({f"grad.{key}": value.grad.numpy() for key, value in weights.items()})
    safetensors_file.write(os.path.join(os.path.dirname(__file__), f"block-{name}.safetensors"), tensors,
                           {"made_by": "tests/golden/make_golden_blocks.py", "torch": torch.__version__, "numpy": numpy.__version__})
    print(name, float(y.abs().max()))
