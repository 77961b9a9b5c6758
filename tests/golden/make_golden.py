"""Writes the golden values of this folder: see README.md. Run: /usr/bin/python3 tests/golden/make_golden.py"""

import math
import pathlib
import sys

import numpy
import torch

import hstu_reference as hstu
import safetensors_file
from self_check import check_gradients, check_optimiser, report_float32_error

FOLDER = pathlib.Path(__file__).parent
MAX_LENGTH, NORMALISER = 200, 211
BIAS_CODES = {"none": 0, "position": 1, "time": 2, "both": 3}


def normal(random, *shape, scale=1.0):
    """Values that float32 holds exactly, so that a float32 engine starts from the very same numbers."""
    return (random.standard_normal(shape) * scale).astype(numpy.float32)


def integers(values):
    return numpy.asarray(values, dtype=numpy.int32)


def offsets_of(lengths):
    return integers(numpy.concatenate([[0], numpy.cumsum(lengths)]))


def event_times(random, lengths):
    """Sorted seconds a sequence, with ties, gaps of seconds to months and one of years; the time of the next event beside."""
    events, nexts = [], []
    for length in lengths:
        while True:
            gaps = numpy.exp(random.uniform(0, math.log(2e6), length + 1)).astype(numpy.int64)
            gaps[random.uniform(size=length + 1) < 0.25] = 0
            gaps[random.integers(length + 1)] += 400_000_000
            times = torch.from_numpy(random.integers(100_000) + numpy.cumsum(gaps))
            differences = times[1:, None] - times[None, :-1]
            if torch.equal(hstu.time_buckets(differences), hstu.time_buckets(differences, torch.float64)):
                break       # no difference lies where float32 and float64 name different buckets
        if length:
            events.append(times[:-1].numpy())
            nexts.append(times[1:].numpy())
    return integers(numpy.concatenate(events)), integers(numpy.concatenate(nexts))


def layer_weights(random, prefix, options, width):
    """Larger than the published initialisation, so that gate, attention and bias all matter to the output."""
    values, keys = options.heads * options.dv, options.heads * options.dqk
    inputs = values * (3 if options.concat_ua else 1)
    weights = {prefix + "_uvqk": normal(random, width, 2 * values + 2 * keys, scale=1.5 / width ** 0.5),
               prefix + "_o.weight": normal(random, width, inputs, scale=1 / inputs ** 0.5),
               prefix + "_o.bias": normal(random, width, scale=0.1)}
    if options.has_time_bias:
        weights[prefix + "_rel_attn_bias._ts_w"] = normal(random, hstu.TIME_BUCKETS + 1, scale=0.5)
    if options.has_position_bias:
        weights[prefix + "_rel_attn_bias._pos_w"] = normal(random, 2 * options.normaliser - 1, scale=0.5)
    return weights


def settings(options):
    return {"config.heads": integers([options.heads]), "config.dqk": integers([options.dqk]), "config.dv": integers([options.dv]),
            "config.normaliser": integers([options.normaliser]), "config.bias": integers([BIAS_CODES[options.bias]]),
            "config.concat_ua": integers([int(options.concat_ua)])}


def as_variables(arrays, gradient=True):
    """torch variables in the default dtype from named arrays."""
    return {name: torch.tensor(values, dtype=torch.get_default_dtype(), requires_grad=gradient) for name, values in arrays.items()}


def as_arrays(prefix, named):
    return {prefix + name: values.detach().numpy() for name, values in named.items()}


def save(name, tensors):
    path = FOLDER / f"{name}.safetensors"
    safetensors_file.write(path, tensors, {"made_by": "tests/golden/make_golden.py", "torch": torch.__version__, "numpy": numpy.__version__})
    print(f"{path.name:40} {path.stat().st_size:>9,} bytes  {len(tensors)} tensors")


def layer_case(seed, width, lengths, options):
    random = numpy.random.default_rng(seed)
    events, nexts = event_times(random, lengths)
    offsets = offsets_of(lengths)
    arrays = {"x": normal(random, int(offsets[-1]), width)} | layer_weights(random, hstu.layer_prefix(0), options, width)
    upstream = normal(random, int(offsets[-1]), width)

    def compute():
        variables = as_variables(arrays)
        y = hstu.layer(options, variables, hstu.layer_prefix(0), variables["x"], offsets, torch.from_numpy(events), torch.from_numpy(nexts))
        gradients = torch.autograd.grad(y, list(variables.values()), torch.tensor(upstream, dtype=y.dtype))
        named = dict(zip(variables, gradients))
        return as_arrays("", {"y": y, "dx": named.pop("x")}) | as_arrays("grad.", named)

    expected = compute()
    report_float32_error(compute, expected)
    inputs = {"offsets": offsets, "event_seconds": events, "next_seconds": nexts, "dy": upstream}
    return settings(options) | arrays | inputs | expected


def loss_case(seed, tokens=70, width=24, items=40, draws=16, temperature=0.05):
    random = numpy.random.default_rng(seed)
    labels = integers(random.integers(1, items, tokens))
    labels[random.uniform(size=tokens) < 0.15] = 0
    labels[3], labels[5] = 7, 0
    negatives = integers(random.integers(1, items, (tokens, draws)))
    negatives[3] = 7                            # every negative is the positive: a loss of zero
    negatives[8, :3] = max(int(labels[8]), 1)   # several are
    arrays = {"outputs": normal(random, tokens, width, scale=2.0), "table": normal(random, items, width, scale=0.3)}
    candidates = numpy.array([item for item in range(1, items) if item % 9 != 4 or item in labels], numpy.int32)

    def compute_full():
        variables = as_variables(arrays)
        loss = hstu.full_softmax(variables["outputs"], variables["table"], torch.from_numpy(labels).long(), torch.from_numpy(candidates).long(),
                                 temperature)
        gradients = torch.autograd.grad(loss, list(variables.values()))
        return as_arrays("full.", {"loss": loss.reshape(1)}) | as_arrays("full.grad.", dict(zip(variables, gradients)))

    def compute():
        variables = as_variables(arrays)
        loss = hstu.sampled_softmax(variables["outputs"], variables["table"], torch.from_numpy(labels).long(),
                                    torch.from_numpy(negatives).long(), temperature)
        gradients = torch.autograd.grad(loss, list(variables.values()))
        return as_arrays("", {"loss": loss.reshape(1)}) | as_arrays("grad.", dict(zip(variables, gradients)))

    expected = compute()
    report_float32_error(compute, expected)
    full = compute_full()
    report_float32_error(compute_full, full)
    return (arrays | {"labels": labels, "negatives": negatives, "candidates": candidates, "config.temperature": numpy.array([temperature])}
            | expected | full)


def model_weights(random, options, layers, width, items):
    weights = {hstu.ITEM_TABLE: normal(random, items, width, scale=0.1),
               hstu.POSITION_TABLE: normal(random, options.normaliser, width, scale=(2 / (options.normaliser + width)) ** 0.5)}
    for index in range(layers):
        weights |= layer_weights(random, hstu.layer_prefix(index), options, width)
    return weights


def model_case(seed, lengths=(1, 5, 200, 33), layers=2, width=50, items=40, draws=16, temperature=0.05, decay=0.1):
    random = numpy.random.default_rng(seed)
    options = hstu.LayerOptions(heads=1, dqk=width, dv=width, normaliser=NORMALISER)
    events, nexts = event_times(random, lengths)
    offsets = offsets_of(lengths)
    chosen = [integers(random.integers(1, items, length + 1)) for length in lengths]
    ids = numpy.concatenate([sequence[:-1] for sequence in chosen])
    labels = numpy.concatenate([sequence[1:] for sequence in chosen])
    negatives = integers(random.integers(1, items, (len(ids), draws)))
    arrays = model_weights(random, options, layers, width, items)
    batch = [torch.from_numpy(ids).long(), offsets, torch.from_numpy(events), torch.from_numpy(nexts)]

    def loss_of(variables):
        outputs = hstu.model(options, layers, variables, *batch)
        loss = hstu.sampled_softmax(outputs[-2], variables[hstu.ITEM_TABLE], torch.from_numpy(labels).long(),
                                    torch.from_numpy(negatives).long(), temperature)
        return loss, outputs

    def two_steps(decay):
        variables = as_variables(arrays)
        optimiser = hstu.AdamW(variables, decay=decay)
        states = []
        for _ in range(2):
            loss, outputs = loss_of(variables)
            gradients = dict(zip(variables, torch.autograd.grad(loss, list(variables.values()))))
            states.append((variables, loss, outputs, gradients))
            moved = optimiser.step({name: value.detach() for name, value in variables.items()}, gradients)
            variables = {name: value.requires_grad_() for name, value in moved.items()}
        return states + [(variables, loss_of(variables)[0], None, None)]

    def compute():
        (_, loss, outputs, gradients), (once, loss_once, _, _), (twice, loss_twice, _, _) = two_steps(0.0)
        names = ["x0"] + [f"layer{index}" for index in range(layers)] + ["normalised"]
        decayed = two_steps(decay)[-1][0]
        losses = {"loss": loss.reshape(1), "step1.loss": loss_once.reshape(1), "step2.loss": loss_twice.reshape(1)}
        return (as_arrays("", dict(zip(names, outputs)) | losses) | as_arrays("grad.", gradients) | as_arrays("step1.", once)
                | as_arrays("step2.", twice) | as_arrays("decay.step2.", decayed))

    expected = compute()
    report_float32_error(compute, expected)
    inputs = {"ids": integers(ids), "labels": integers(labels), "negatives": negatives, "offsets": offsets, "event_seconds": events,
              "next_seconds": nexts, "config.temperature": numpy.array([temperature]), "config.weight_decay": numpy.array([decay])}
    return settings(options) | inputs | arrays | expected


def ranking(prefix, queries, table, candidates, windows, targets):
    scores = hstu.l2_normalise(torch.tensor(queries, dtype=torch.float64)) @ hstu.l2_normalise(
        torch.tensor(table[candidates], dtype=torch.float64)).T
    ranks = [hstu.target_rank(row.tolist(), candidates.tolist(), set(window.tolist()), int(target))
             for row, window, target in zip(scores, windows, targets)]
    hits = [rank for rank in ranks if rank > 0]
    metrics = {"mrr": sum(1 / rank for rank in hits)}
    for cut in (1, 10, 50):
        metrics[f"hr@{cut}"] = sum(rank <= cut for rank in hits)
        metrics[f"ndcg@{cut}"] = sum(1 / math.log2(rank + 1) for rank in hits if rank <= cut)
    named = {"queries": queries, "table": table, "candidates": candidates, "targets": targets, "window_ids": numpy.concatenate(windows),
             "window_offsets": offsets_of([len(window) for window in windows]), "ranks": integers(ranks)}
    named |= {name: numpy.array([value / len(ranks)]) for name, value in metrics.items()}
    return {prefix + name: values for name, values in named.items()}, scores


def ranking_case(seed, users=24, items=150, width=16):
    """`tied.`: every score is a multiple of 1/8 in any arithmetic, so ties are many and exact. `continuous.`: no near ties."""
    random = numpy.random.default_rng(seed)
    candidates = integers(numpy.sort(random.choice(numpy.arange(1, items), 120, replace=False)))
    targets = random.choice(candidates, users)
    windows = [integers(random.choice(candidates, length)) for length in random.integers(0, 40, users)]
    for user in (2, 11):
        windows[user] = integers(numpy.append(windows[user], targets[user]))
    for user in (0, 5):
        windows[user] = windows[user][windows[user] != targets[user]]
    table = numpy.zeros((items, width), numpy.float32)
    for row in table:
        row[random.choice(width, 4, replace=False)] = random.choice([-1, 1], 4) * random.choice([0.5, 1.0, 2.0])
    queries = random.choice([-1.0, 1.0], (users, width)).astype(numpy.float32)
    fond = numpy.arange(0, users, 2)            # these score their target as high as can be, so small ranks are met too
    queries[fond] = numpy.where(table[targets[fond]] != 0, numpy.sign(table[targets[fond]]), queries[fond])
    tied, _ = ranking("tied.", queries, table, candidates, windows, targets)
    while True:
        queries, table = normal(random, users, width), normal(random, items, width, scale=0.02)
        queries[fond] += 30 * table[targets[fond]]
        continuous, scores = ranking("continuous.", queries, table, candidates, windows, targets)
        own = torch.stack([row[candidates.tolist().index(target)] for row, target in zip(scores, targets)])
        if ((scores - own[:, None]).abs() < 2e-6).sum() == users:     # only the target itself is that near
            return tied | continuous


def bucket_case():
    """starts[b]: the smallest whole number of seconds whose bucket is b or more, by float32 logarithm and by float64."""
    def start(bucket, precision):
        low, high = 0, 2 ** 31 - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if hstu.time_buckets(torch.tensor([middle]), precision).item() >= bucket else (middle + 1, high)
        return low

    last = hstu.time_buckets(torch.tensor([2 ** 31 - 1]), torch.float64).item()
    return {name: numpy.array([start(bucket, precision) for bucket in range(last + 1)])
            for name, precision in (("starts", torch.float32), ("starts_float64", torch.float64))}


def foreign_case(seed, lengths=(6, 1, 9), layers=2, width=8, items=12, max_length=9):
    """A state dict as data-parallel training of the public code leaves it, and what the model must answer with it."""
    random = numpy.random.default_rng(seed)
    options = hstu.LayerOptions(heads=2, dqk=3, dv=4, normaliser=max_length + 11)
    weights = model_weights(random, options, layers, width, items)
    state = {"module." + name: values for name, values in weights.items()}
    state["module._attn_mask"] = numpy.triu(numpy.ones((options.normaliser, options.normaliser), bool), 1)
    events, nexts = event_times(random, lengths)
    offsets, ids = offsets_of(lengths), integers(random.integers(1, items, sum(lengths)))
    outputs = hstu.model(options, layers, as_variables(weights, gradient=False), torch.from_numpy(ids).long(), offsets,
                         torch.from_numpy(events), torch.from_numpy(nexts))
    expected = {"ids": ids, "offsets": offsets, "event_seconds": events, "next_seconds": nexts, "normalised": outputs[-1].numpy()}
    return state, settings(options) | expected


def main():
    torch.set_default_dtype(torch.float64)
    check_gradients()
    check_optimiser()
    lengths = (7, 0, 200, 1, 0)
    options = hstu.LayerOptions
    variants = {"h1": (50, options(1, 50, 50, NORMALISER)), "h2": (12, options(2, 6, 6, NORMALISER)),
                "h2-dqk-ne-dv": (12, options(2, 5, 7, NORMALISER)), "h2-concat-ua": (12, options(2, 6, 6, NORMALISER, concat_ua=True)),
                "bias-none": (12, options(1, 12, 12, NORMALISER, "none")), "bias-position": (12, options(1, 12, 12, NORMALISER, "position")),
                "bias-time": (12, options(1, 12, 12, NORMALISER, "time")), "bias-both": (12, options(1, 12, 12, NORMALISER, "both"))}
    for seed, (name, (width, chosen)) in enumerate(variants.items()):
        save(f"layer-{name}", layer_case(seed, width, lengths, chosen))
    save("loss", loss_case(100))
    save("model-step", model_case(200))
    save("eval", ranking_case(300))
    save("time-buckets", bucket_case())
    weights, expected = foreign_case(400)
    save("foreign-weights", weights)
    save("foreign-expected", expected)


if __name__ == "__main__":
    sys.exit(main())
