"""The tuned peer: the same training step as hard-driven as PyTorch's own operations allow on a CPU. No autograd graph.

Sub-batches of a few sequences run forward, loss and backward while their rows are in cache; with `workers` > 1 that many
Python threads take sub-batches from one list (torch lets go of the interpreter's lock inside its operations), each adding
to gradients of its own. Attention walks blocks of query rows and stops at the causal edge; time buckets are computed once
a batch; the mask lies in the position bias; the 1 / N lies in the epsilon of the following norm; negatives are never
gathered to rows: their logits are dot products (or one product over the catalogue and a gather), their gradients two
weighted embedding bags. One flat AdamW.
"""

import queue
from concurrent.futures import ThreadPoolExecutor

import numpy
import torch

from batch import BUCKETS, ITEM_TABLE, POSITION_TABLE, layer_prefix

EPSILON = 1e-6
FUTURE = -1e4           # added to scores of later keys: SiLU and its derivative are exactly 0 there
LOSS_WIDTH = 64         # embedding bags have unrolled code for rows of 64: the loss pads to multiples of it
aten = torch.ops.aten


class Gradients:
    """One worker's sums: a flat buffer with a view a parameter, and the normalised item table's own."""

    def __init__(self, shapes, items, length, loss_width):
        sizes = [shape.numel() for shape in shapes.values()]
        self.flat = torch.zeros(sum(sizes))
        self.named = {name: part.view(shape) for (name, shape), part in zip(shapes.items(), self.flat.split(sizes))}
        self.normed_table = torch.zeros(items + 1, loss_width)
        self.places = {}
        self.length = length
        self.loss = 0.0

    def clear(self, blocks):
        self.flat.zero_()
        self.normed_table.zero_()
        self.places = {index: torch.zeros(self.length, self.length) for index in range(blocks)}
        self.loss = 0.0


class TunedPeer:
    def __init__(self, setting, weights, workers=2, logits="drawn", group_tokens=1600, block_rows=100):
        self.setting, self.logits, self.group_tokens, self.block_rows = setting, logits, group_tokens, block_rows
        self.loss_width = -(-setting.width // LOSS_WIDTH) * LOSS_WIDTH
        shapes = {name: value.shape for name, value in weights.items()}
        with torch.inference_mode():
            self.flat = torch.cat([value.reshape(-1) for value in weights.values()])
            parts = self.flat.split([value.numel() for value in weights.values()])
            self.weights = {name: part.view(shapes[name]) for name, part in zip(weights, parts)}
            self.first, self.second = torch.zeros_like(self.flat), torch.zeros_like(self.flat)
            self.gradients = [Gradients(shapes, setting.items, setting.length, self.loss_width) for _ in range(workers)]
            self.place_index = setting.normaliser - 1 + torch.arange(setting.length)[None, :] - torch.arange(setting.length)[:, None]
        self.draws = [numpy.random.Generator(numpy.random.SFC64(seed)) for seed in range(workers)]
        self.pool = ThreadPoolExecutor(workers) if workers > 1 else None
        self.steps = 0

    def step(self, batch):
        with torch.inference_mode():
            loss = self.accumulate(batch, training=True)
            self.update(self.gradients[0].flat)
        return loss

    def loss_and_gradients(self, batch):
        """Dropout off; {name: gradient}."""
        with torch.inference_mode():
            return self.accumulate(batch, training=False), {name: value.clone() for name, value in self.gradients[0].named.items()}

    def update(self, gradient, beta1=0.9, beta2=0.98):
        self.steps += 1
        self.first.lerp_(gradient, 1 - beta1)
        self.second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        scale = self.second.sqrt().mul_((1 - beta2 ** self.steps) ** -0.5).add_(1e-8)
        self.flat.addcdiv_(self.first, scale, value=-self.setting.rate / (1 - beta1 ** self.steps))

    def accumulate(self, batch, training):
        """Loss; its gradients are in self.gradients[0] afterwards."""
        table = self.weights[ITEM_TABLE]
        self.norms = torch.linalg.vector_norm(table, dim=1, keepdim=True).clamp_(min=EPSILON)
        self.normed = table / self.norms
        self.normed_wide = torch.zeros(table.shape[0], self.loss_width)
        self.normed_wide[:, :table.shape[1]] = self.normed
        self.normed_transposed = self.normed.t().contiguous() if self.logits == "catalogue" else None
        self.label_count = int((batch.labels != 0).sum())
        self.in_groups(batch, training, Group.run)
        return self.finish()

    def layer_step(self, batch, x, upstream):
        """Forward and backward of the first layer; its gradients are in self.gradients[0] afterwards."""
        with torch.inference_mode():
            self.in_groups(batch, True, lambda group: group.run_layer(x, upstream))
            self.sum_gradients()

    def queries(self, batch):
        """[B, D], of length 1."""
        queries = torch.empty(len(batch.lengths), self.setting.width)
        with torch.inference_mode():
            self.in_groups(batch, False, lambda group: group.run_queries(queries), clear=False)
        return queries

    def in_groups(self, batch, training, run, clear=True):
        """Runs every group of sequences; each worker adds to gradients of its own."""
        later = torch.full(self.place_index.shape, FUTURE).triu_(1)
        self.place_bias = [self.weights[layer_prefix(index) + "_rel_attn_bias._pos_w"][self.place_index].add_(later)
                           for index in range(self.setting.blocks)]
        groups = queue.SimpleQueue()
        for group in self.grouped(batch):
            groups.put(group)

        def work(worker):
            with torch.inference_mode():
                if clear:
                    self.gradients[worker].clear(self.setting.blocks)
                while True:
                    try:
                        group = groups.get_nowait()
                    except queue.Empty:
                        return
                    run(Group(self, self.gradients[worker], self.draws[worker], batch, group, training))

        if self.pool is None:
            work(0)
        else:
            list(self.pool.map(work, range(len(self.gradients))))

    def grouped(self, batch):
        """Lists of (begin, end) rows, longest sequences first, each list of about group_tokens rows."""
        offsets = batch.offsets
        group, tokens = [], 0
        for sequence in numpy.argsort(-batch.lengths, kind="stable"):
            begin, end = int(offsets[sequence]), int(offsets[sequence + 1])
            if group and tokens + end - begin > self.group_tokens:
                yield group
                group, tokens = [], 0
            if end > begin:
                group.append((begin, end))
                tokens += end - begin
        if group:
            yield group

    def sum_gradients(self):
        total = self.gradients[0]
        for other in self.gradients[1:]:
            total.flat.add_(other.flat)
            for index, values in other.places.items():
                total.places[index].add_(values)
        for index, values in total.places.items():
            total.named[layer_prefix(index) + "_rel_attn_bias._pos_w"].scatter_add_(0, self.place_index.reshape(-1), values.view(-1))
        return total

    def finish(self):
        total = self.sum_gradients()
        for other in self.gradients[1:]:
            total.normed_table.add_(other.normed_table)
            total.loss += other.loss
        width = self.setting.width
        upstream = total.normed_table[:, :width]
        along = (upstream * self.normed).sum(1, keepdim=True).mul_(self.norms > EPSILON)
        total.named[ITEM_TABLE].add_(torch.addcmul(upstream, self.normed, along, value=-1).div_(self.norms))
        total.named[ITEM_TABLE][0].zero_()
        return total.loss


class Group:
    """Forward, loss and backward of some whole sequences, adding to one worker's gradients."""

    def __init__(self, peer, gradients, draws, batch, spans, training):
        self.peer, self.setting, self.gradients, self.draws, self.batch, self.training = peer, peer.setting, gradients, draws, batch, training
        starts = {int(first): number for number, first in enumerate(batch.offsets[:-1]) if batch.lengths[number] > 0}
        self.sequences = [starts[first] for first, _ in spans]
        self.spans, begin = [], 0
        for first, last in spans:
            self.spans.append((begin, begin + last - first))
            begin += last - first
        self.rows = begin
        self.sources = spans

    def rows_of(self, values):
        return torch.cat([values[first:last] for first, last in self.sources])

    def run(self):
        setting = self.setting
        self.find_buckets()
        ids, labels = self.rows_of(self.batch.ids), self.rows_of(self.batch.labels)
        x, input_mask = self.embed(ids)
        saved = []
        for index in range(setting.blocks):
            x, state = self.layer(index, x)
            saved.append(state)
        dx = self.loss(x, labels)
        for index in reversed(range(setting.blocks)):
            dx = self.layer_backward(index, dx, saved.pop())
        if input_mask is not None:
            dx.mul_(input_mask)
        places = self.gradients.named[POSITION_TABLE]
        for begin, end in self.spans:
            places[:end - begin].add_(dx[begin:end])
        self.gradients.named[ITEM_TABLE].index_add_(0, ids, dx, alpha=setting.width ** 0.5)

    def run_layer(self, x, upstream):
        self.find_buckets()
        _, state = self.layer(0, self.rows_of(x))
        self.layer_backward(0, self.rows_of(upstream), state)

    def run_queries(self, queries):
        """The last layer computes the last row of each sequence only: of the others keys and values are all that it needs."""
        self.find_buckets()
        x, _ = self.embed(self.rows_of(self.batch.ids))
        for index in range(self.setting.blocks - 1):
            x, _ = self.layer(index, x)
        x = self.last_layer(self.setting.blocks - 1, x)
        queries[self.sequences] = x.div_(torch.linalg.vector_norm(x, dim=1, keepdim=True).clamp_(min=EPSILON))

    def last_layer(self, index, x):
        """[sequences, D]: the layer's last rows."""
        peer, setting, prefix = self.peer, self.setting, layer_prefix(index)
        width, last = setting.width, torch.tensor([end - 1 for _, end in self.spans])
        normed = torch.native_layer_norm(x, [width], None, None, EPSILON)[0]
        weights = peer.weights[prefix + "_uvqk"]
        u, q = (aten.silu(normed[last].mm(weights[:, part * width:part * width + width])) for part in (0, 2))
        v, k = (aten.silu(normed.mm(weights[:, part * width:part * width + width])) for part in (1, 3))
        time_weights, place_bias = peer.weights[prefix + "_rel_attn_bias._ts_w"], peer.place_bias[index]
        attended, counts = torch.empty(len(self.spans), width), [len(list(self.blocks(end - begin))) for begin, end in self.spans]
        bucket = -1
        for row, (begin, end) in enumerate(self.spans):
            bucket += counts[row]
            bias = time_weights[self.buckets[bucket][begin - end:]].add_(place_bias[end - begin - 1, :end - begin])
            for head in range(setting.heads):
                columns = slice(head * setting.head_width, (head + 1) * setting.head_width)
                scores = torch.addmv(bias, k[begin:end, columns], q[row, columns])
                attended[row, columns] = v[begin:end, columns].t().mv(aten.silu(scores))
        epsilon = EPSILON * setting.normaliser ** 2
        gated = torch.native_layer_norm(attended, [width], None, None, epsilon)[0].mul_(u)
        return torch.addmm(x[last], gated, peer.weights[prefix + "_o.weight"].t()).add_(peer.weights[prefix + "_o.bias"])

    def embed(self, ids):
        """x [T, D] and its dropout mask."""
        table, positions = self.peer.weights[ITEM_TABLE], self.peer.weights[POSITION_TABLE]
        x = table.index_select(0, ids).mul_(self.setting.width ** 0.5)
        for begin, end in self.spans:
            x[begin:end].add_(positions[:end - begin])
        input_mask = self.dropout_mask()
        if input_mask is not None:
            x.mul_(input_mask)
        return x, input_mask

    def dropout_mask(self):
        rate = self.setting.dropout
        if not self.training or rate == 0:
            return None
        draws = numpy.frombuffer(self.draws.bytes(2 * self.rows * self.setting.width), numpy.uint16)
        mask = numpy.multiply(draws >= round(rate * 65536), numpy.float32(1 / (1 - rate)), dtype=numpy.float32)
        return torch.from_numpy(mask).view(self.rows, self.setting.width)

    def blocks(self, length):
        """Query row blocks (first, last): equal parts of at most block_rows rows; the keys of a block end with it."""
        count = -(-length // self.peer.block_rows)
        edges = [length * part // count for part in range(count + 1)]
        return zip(edges[:-1], edges[1:])

    def find_buckets(self):
        """Per sequence and block, flat int64 [rows x keys]; times are sorted, so only later keys could be negative: they get bucket 0."""
        self.buckets = []
        for first, last in self.sources:
            start = self.batch.events[first]
            events, nexts = (self.batch.events[first:last] - start).int(), (self.batch.nexts[first:last] - start).int()
            for top, bottom in self.blocks(last - first):
                seconds = (nexts[top:bottom, None] - events[None, :bottom]).clamp_(min=1).float()
                self.buckets.append(seconds.log_().div_(0.301).long().view(-1))

    def head_slices(self):
        """(head's columns in [T, D]; of V, Q and K in the projection)."""
        width, head_width = self.setting.width, self.setting.head_width
        for head in range(self.setting.heads):
            begin = head * head_width
            yield (slice(begin, begin + head_width), *(slice(part * width + begin, part * width + begin + head_width) for part in (1, 2, 3)))

    def layer(self, index, x):
        peer, width = self.peer, self.setting.width
        prefix = layer_prefix(index)
        normed, mean, scale = torch.native_layer_norm(x, [width], None, None, EPSILON)
        projected = normed.mm(peer.weights[prefix + "_uvqk"])
        active = aten.silu(projected)
        attended, scores = self.attention(index, active)
        epsilon = EPSILON * self.setting.normaliser ** 2
        attended_normed, attended_mean, attended_scale = torch.native_layer_norm(attended, [width], None, None, epsilon)
        mask = self.dropout_mask()
        gated = active[:, :width] * attended_normed
        if mask is not None:
            gated.mul_(mask)
        y = torch.addmm(x, gated, peer.weights[prefix + "_o.weight"].t()).add_(peer.weights[prefix + "_o.bias"])
        return y, (x, normed, mean, scale, projected, active, attended, scores, attended_normed, attended_mean, attended_scale, mask, gated)

    def attention(self, index, active):
        """N times the attention's output [T, D], and per block the scores before and after SiLU."""
        time_weights, place_bias = self.peer.weights[layer_prefix(index) + "_rel_attn_bias._ts_w"], self.peer.place_bias[index]
        attended, kept = torch.empty(self.rows, self.setting.width), []
        buckets = iter(self.buckets)
        for begin, end in self.spans:
            for top, bottom in self.blocks(end - begin):
                bias = torch.gather(time_weights, 0, next(buckets)).view(bottom - top, bottom).add_(place_bias[top:bottom, :bottom])
                queries, keys = active[begin + top:begin + bottom], active[begin:begin + bottom]
                for columns, v, q, k in self.head_slices():
                    factors = queries[:, q], keys[:, k].t()
                    scores = bias.addmm_(*factors) if self.setting.heads == 1 else torch.addmm(bias, *factors)
                    weights = aten.silu(scores)
                    torch.mm(weights, keys[:, v], out=attended[begin + top:begin + bottom, columns])
                    kept.append((scores, weights))
        return attended, kept

    def layer_backward(self, index, dy, state):
        x, normed, mean, scale, projected, active, attended, scores, attended_normed, attended_mean, attended_scale, mask, gated = state
        peer, width, named = self.peer, self.setting.width, self.gradients.named
        prefix = layer_prefix(index)
        named[prefix + "_o.bias"].add_(dy.sum(0))
        named[prefix + "_o.weight"].addmm_(dy.t(), gated)
        d_gated = dy.mm(peer.weights[prefix + "_o.weight"])
        if mask is not None:
            d_gated.mul_(mask)
        d_active = torch.zeros_like(active)
        torch.mul(d_gated, attended_normed, out=d_active[:, :width])
        d_attended = aten.native_layer_norm_backward(d_gated.mul_(active[:, :width]), attended, [width], attended_mean, attended_scale,
                                                     None, None, [True, False, False])[0]
        self.attention_backward(index, active, d_attended, d_active, scores)
        d_projected = aten.silu_backward(d_active, projected)
        named[prefix + "_uvqk"].addmm_(normed.t(), d_projected)
        d_normed = d_projected.mm(peer.weights[prefix + "_uvqk"].t())
        return aten.native_layer_norm_backward(d_normed, x, [width], mean, scale, None, None, [True, False, False])[0].add_(dy)

    def attention_backward(self, index, active, d_attended, d_active, kept):
        time_gradient, place_gradient = self.gradients.named[layer_prefix(index) + "_rel_attn_bias._ts_w"], self.gradients.places[index]
        buckets, kept = iter(self.buckets), iter(kept)
        for begin, end in self.spans:
            for top, bottom in self.blocks(end - begin):
                bucket = next(buckets)
                queries, keys = active[begin + top:begin + bottom], active[begin:begin + bottom]
                d_queries, d_keys = d_active[begin + top:begin + bottom], d_active[begin:begin + bottom]
                for columns, v, q, k in self.head_slices():
                    scores, weights = next(kept)
                    upstream = d_attended[begin + top:begin + bottom, columns]
                    d_keys[:, v].addmm_(weights.t(), upstream)
                    d_scores = aten.silu_backward(upstream.mm(keys[:, v].t()), scores)
                    torch.mm(d_scores, keys[:, k], out=d_queries[:, q])
                    d_keys[:, k].addmm_(d_scores.t(), queries[:, q])
                    place_gradient[top:bottom, :bottom].add_(d_scores)
                    time_gradient.scatter_add_(0, bucket, d_scores.view(-1))

    def loss(self, x, labels):
        """Adds the group's share of the mean loss and of the item table's gradient; returns the gradient of x."""
        setting, peer = self.setting, self.peer
        width, draws = setting.width, setting.negatives + 1
        if self.batch.negatives is None:
            items = torch.from_numpy(self.draws.integers(1, setting.items + 1, (self.rows, draws)))
        else:
            items = torch.empty(self.rows, draws, dtype=torch.int64)
            items[:, 1:] = self.rows_of(self.batch.negatives)
        items[:, 0] = labels
        norms = torch.linalg.vector_norm(x, dim=1, keepdim=True).clamp_(min=EPSILON)
        queries = torch.zeros(self.rows, peer.loss_width)
        torch.div(x, norms, out=queries[:, :width])
        flat_items, starts = items.view(-1), torch.arange(0, self.rows * draws, draws)
        logits = (self.catalogue_logits(queries, items) if peer.logits == "catalogue" else self.drawn_logits(queries, flat_items, starts, draws))
        logits.div_(setting.temperature)
        logits[:, 1:].masked_fill_(items[:, 1:] == labels[:, None], -5e4)
        logarithms = torch.log_softmax(logits, 1)
        share = (labels != 0).float().div_(peer.label_count)
        self.gradients.loss -= float(logarithms[:, 0].dot(share))
        d_logits = logarithms.exp_()
        d_logits[:, 0].sub_(1)
        d_logits.mul_(share.div_(setting.temperature)[:, None])
        d_queries = torch.embedding_bag(peer.normed_wide, flat_items, starts, False, 0, False, d_logits.view(-1))[0][:, :width]
        self.add_table_gradient(queries, items, d_logits.view(-1), draws)
        along = (d_queries * queries[:, :width]).sum(1, keepdim=True).mul_(norms > EPSILON)
        return torch.addcmul(d_queries, queries[:, :width], along, value=-1).div_(norms)

    def token_of_pair(self, draws):
        return torch.arange(self.rows)[:, None].expand(self.rows, draws).reshape(-1)

    def catalogue_logits(self, queries, items, tile=64):
        logits = torch.empty(items.shape)
        for begin in range(0, self.rows, tile):
            every = queries[begin:begin + tile, :self.setting.width].mm(self.peer.normed_transposed)
            torch.gather(every, 1, items[begin:begin + tile], out=logits[begin:begin + tile])
        return logits

    def drawn_logits(self, queries, flat_items, starts, draws):
        """logits[t, r] = <q_t, e_(n_tr)>: what an embedding bag's backward computes for its weights."""
        logits = aten._embedding_bag_per_sample_weights_backward(queries, self.peer.normed_wide, flat_items, starts, self.token_of_pair(draws), 0)
        return logits.view(-1, draws)

    def add_table_gradient(self, queries, items, d_logits, draws):
        """The transposed bag: each item's sum of weighted queries, the pairs sorted by item (radix sort where 16 bits hold the ids)."""
        keys = items.numpy().reshape(-1)
        small = keys.astype(numpy.uint16) if self.setting.items < 65536 else keys
        order = torch.from_numpy(numpy.argsort(small, kind="stable"))
        counts = torch.from_numpy(numpy.bincount(keys, minlength=self.setting.items + 1))
        starts = torch.cumsum(counts, 0).sub_(counts)
        tokens = self.token_of_pair(draws).index_select(0, order)
        self.gradients.normed_table.add_(torch.embedding_bag(queries, tokens, starts, False, 0, False, d_logits.index_select(0, order))[0])
