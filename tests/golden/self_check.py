"""What make_golden.py checks before it writes: derivatives by differences, the optimiser against torch's own, and rounding."""

import numpy
import torch

import hstu_reference as hstu


def check_gradients():
    """torch.autograd.gradcheck (central differences) of a tiny layer in every variant and of a tiny loss."""
    random = torch.Generator().manual_seed(1)
    offsets, events = [0, 3, 3, 4], torch.tensor([5, 5, 90, 7])
    nexts = torch.tensor([5, 90, 40_000, 7])

    def draw(*shape):
        return torch.randn(*shape, generator=random, requires_grad=True)

    for bias in ("none", "position", "time", "both"):
        for heads, concat_ua in ((1, False), (2, False), (2, True)):
            options = hstu.LayerOptions(heads, 2, 3, 6, bias, concat_ua)
            values = heads * options.dv
            weights = {"_uvqk": draw(4, 2 * values + 2 * heads * options.dqk), "_o.weight": draw(4, values * (3 if concat_ua else 1)),
                       "_o.bias": draw(4), "_rel_attn_bias._ts_w": draw(129), "_rel_attn_bias._pos_w": draw(11)}
            if not options.has_time_bias:
                del weights["_rel_attn_bias._ts_w"]
            if not options.has_position_bias:
                del weights["_rel_attn_bias._pos_w"]

            def output(x, *chosen):
                return hstu.layer(options, dict(zip(weights, chosen)), "", x, offsets, events, nexts)

            assert torch.autograd.gradcheck(output, (draw(4, 4), *weights.values()))
    labels, negatives = torch.tensor([2, 0, 1]), torch.tensor([[1, 2], [1, 1], [1, 1]])
    assert torch.autograd.gradcheck(lambda outputs, table: hstu.sampled_softmax(outputs, table, labels, negatives, 0.5), (draw(3, 4), draw(3, 4)))
    print("gradients agree with central differences")


def check_optimiser():
    """Three steps of the formula against torch.optim.AdamW, with decay."""
    start, target = torch.linspace(-1, 1, 7), torch.linspace(2, -3, 7)
    theirs = start.clone().requires_grad_()
    optimiser = torch.optim.AdamW([theirs], lr=1e-3, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.1)
    mine = {"w": start.clone()}
    formula = hstu.AdamW(mine, decay=0.1)
    for _ in range(3):
        optimiser.zero_grad()
        ((theirs - target) ** 2).sum().backward()
        optimiser.step()
        mine = formula.step(mine, {"w": 2 * (mine["w"] - target)})
    assert torch.allclose(theirs.detach(), mine["w"], rtol=0, atol=1e-14)
    print("the optimiser agrees with torch's AdamW")


def report_float32_error(compute, expected):
    """Runs the same case in float32 and prints the largest max|a - b| / max|b| of its tensors: the rule allows 1e-4."""
    torch.set_default_dtype(torch.float32)
    try:
        rounded = compute()
    finally:
        torch.set_default_dtype(torch.float64)
    errors = {name: numpy.abs(rounded[name] - values).max() / max(numpy.abs(values).max(), 1e-300) for name, values in expected.items()}
    worst = max(errors, key=errors.get)
    print(f"  float32 differs by at most {errors[worst]:.1e} ({worst})")
    assert errors[worst] < 2e-5, "the case is too ill-conditioned for a float32 engine to be held to it"
