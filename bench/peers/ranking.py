"""Ranks and best items from a peer's queries: the same for both, one product and a pass over the scores, without gradients."""

import torch

from batch import ITEM_TABLE


def normalised_items(peer):
    """[V, D]."""
    with torch.inference_mode():
        table = peer.weights[ITEM_TABLE].detach()
        return table / torch.linalg.vector_norm(table, dim=1, keepdim=True).clamp_(min=1e-6)


def scores(peer, items, batch):
    """[B, V]; padding and what is in a history cannot be best."""
    values = peer.queries(batch).mm(items.t())
    values[:, 0] = -torch.inf
    rows = torch.repeat_interleave(torch.arange(len(batch.lengths)), torch.from_numpy(batch.lengths))
    values[rows, batch.ids] = -torch.inf
    return values


def ranks(peer, items, batch):
    """[B]: of each sequence's last label; 0 where it is in the history."""
    with torch.inference_mode():
        values = scores(peer, items, batch)
        targets = batch.labels[torch.from_numpy(batch.offsets[1:] - 1)]
        target = values.gather(1, targets[:, None])
        return torch.where(target[:, 0] == -torch.inf, 0, (values > target).sum(1) + 1)


def all_ranks(peer, batches):
    items = normalised_items(peer)
    return torch.cat([ranks(peer, items, batch) for batch in batches])


def best(peer, items, batch, count):
    with torch.inference_mode():
        return torch.topk(scores(peer, items, batch), count)
