"""Golden values of binary cross-entropy, by PyTorch's own binary_cross_entropy_with_logits in float64, gradients by torch's autograd.

gSASRec's power of the positive is applied as a weight: -ln(sigmoid(z)^beta) = beta * -ln(sigmoid(z)). Run: /usr/bin/python3 tests/golden/make_golden_losses.py
"""
import os

import numpy
import torch
import torch.nn.functional as F

import safetensors_file

TOKENS, WIDTH, ITEMS, DRAWS, TEMPERATURE, BETA = 70, 24, 40, 16, 0.2, 0.35

random = numpy.random.default_rng(23)
outputs, table = (random.standard_normal(shape).astype(numpy.float32) for shape in [(TOKENS, WIDTH), (ITEMS, WIDTH)])
labels = random.integers(1, ITEMS, TOKENS).astype(numpy.int32)
labels[::9] = 0
negatives = random.integers(1, ITEMS, (TOKENS, DRAWS)).astype(numpy.int32)
negatives[1] = labels[1]
q, e = (torch.tensor(x).double().requires_grad_() for x in (outputs, table))
unit = lambda x: x / x.norm(dim=-1, keepdim=True).clamp(min=1e-6)
y, drawn = torch.tensor(labels).long(), torch.tensor(negatives).long()
logits = torch.einsum("td,trd->tr", unit(q), unit(e)[torch.cat([y[:, None], drawn], 1)]) / TEMPERATURE
truth = torch.zeros_like(logits)
truth[:, 0] = 1
weight = torch.cat([torch.full((TOKENS, 1), BETA).double(), (drawn != y[:, None]).double()], 1) * (y != 0)[:, None]
loss = F.binary_cross_entropy_with_logits(logits, truth, weight=weight, reduction="sum") / ((DRAWS + 1) * (y != 0).sum())
loss.backward()
safetensors_file.write(
    os.path.join(os.path.dirname(__file__), "loss-bce.safetensors"),
    {"outputs": outputs, "table": table, "labels": labels, "negatives": negatives.reshape(-1), "loss": loss.detach().reshape(1).numpy(),
     "grad.outputs": q.grad.numpy(), "grad.table": e.grad.numpy(), "config.temperature": numpy.float32([TEMPERATURE]),
     "config.beta": numpy.float32([BETA])},
    {"made_by": "tests/golden/make_golden_losses.py", "torch": torch.__version__, "numpy": numpy.__version__})
print(float(loss))
