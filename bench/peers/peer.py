"""Times a job of a peer and prints one JSON line; with --serve, so many runs for each line with a number on stdin; with --check, compares the peers with
each other and with golden values."""

import argparse
import json
import os
import pathlib
import resource
import statistics
import sys
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--job", choices=["step", "layer", "evaluation", "inference"], default="step")
    parser.add_argument("--variant", choices=["plain", "tuned"], default="tuned")
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--heads", type=int, default=1)
    parser.add_argument("--lengths", choices=["full", "file"], default="full")
    parser.add_argument("--lengths-file", help="one length a line; without it, lengths of ml-1m in $LARGEREC_DATA")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--length", type=int, default=200)
    parser.add_argument("--width", type=int, default=50)
    parser.add_argument("--negatives", type=int, default=128)
    parser.add_argument("--items", type=int, default=3952)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--users", type=int, default=6040, help="evaluation: users to rank")
    parser.add_argument("--steps", type=int, default=12, help="timed runs of the job")
    parser.add_argument("--serve", action="store_true", help="print a line when ready, then one for each line with a number of runs")
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, help="tuned: sub-batches computed at once, threads / workers threads each; default: threads")
    parser.add_argument("--logits", choices=["catalogue", "drawn"], default="drawn",
                        help="tuned: one product over the whole catalogue and a gather, or dot products of the drawn items alone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    return parser.parse_args()


def limit_threads(options):
    """The libraries read these once, when they are loaded: so before torch is imported."""
    options.workers = 1 if options.variant == "plain" or options.job == "inference" else options.workers or options.threads
    each = str(max(1, options.threads // options.workers))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = each


def mapped_library(*names):
    """The first mapped library whose file name holds one of the names: which malloc and which BLAS really run."""
    for line in open("/proc/self/maps"):
        file = line.rsplit("/", 1)[-1].strip()
        if any(name in file for name in names):
            return os.path.realpath(line[line.index("/"):].strip()).rsplit("/", 1)[-1]
    return None


def create(options, setting, weights):
    if options.variant == "plain":
        from hstu_plain import PlainPeer
        return PlainPeer(setting, weights)
    from hstu_tuned import TunedPeer
    return TunedPeer(setting, weights, options.workers, options.logits)


def batch_lengths(options):
    import batch
    if options.lengths == "full":
        return [options.length] * options.batch
    if options.lengths_file:
        lengths = [min(int(line), options.length) for line in open(options.lengths_file) if line.strip()]
        return lengths[:options.batch]
    return batch.movielens_lengths(options.batch, options.length, options.seed)


def job(options, setting, peer):
    """What a run of the job does, without arguments, and the tokens that it takes."""
    import torch
    import batch
    import ranking
    if options.job == "inference":
        data = batch.make_batch(setting, [options.length], options.seed)
        items = ranking.normalised_items(peer)
        return lambda: ranking.best(peer, items, data, 10), options.length
    if options.job == "evaluation":
        whole, left = divmod(options.users, options.batch)
        few = [batch.make_batch(setting, [options.length] * options.batch, options.seed + number) for number in range(min(whole, 4))]
        batches = [few[number % len(few)] for number in range(whole)]
        batches += [batch.make_batch(setting, [options.length] * left, options.seed)] if left else []
        return lambda: ranking.all_ranks(peer, batches), options.users * options.length
    data = batch.make_batch(setting, batch_lengths(options), options.seed)
    if options.job == "step":
        return lambda: peer.step(data), len(data.ids)
    x, upstream = torch.randn(len(data.ids), setting.width), torch.randn(len(data.ids), setting.width)
    return lambda: peer.layer_step(data, x, upstream), len(data.ids)


def prepare(options):
    """The job's run, and what is to be said about it."""
    import torch
    import batch
    torch.set_num_threads(max(1, options.threads // options.workers))
    torch.manual_seed(options.seed)
    setting = batch.Setting(options.blocks, options.heads, options.width, options.length, options.items, options.negatives, dropout=options.dropout)
    peer = create(options, setting, batch.initial_weights(setting, options.seed))
    run, tokens = job(options, setting, peer)
    for _ in range(options.warm_up):
        run()
    return run, {
        "job": options.job, "variant": options.variant, "workers": options.workers, "threads": options.threads,
        "logits": options.logits if options.variant == "tuned" else "drawn",
        "blocks": options.blocks, "heads": options.heads, "width": options.width, "batch": options.batch, "lengths": options.lengths,
        "tokens": tokens, "negatives": options.negatives, "items": options.items, "dropout": options.dropout, "torch": torch.__version__,
        "malloc": mapped_library("jemalloc", "tcmalloc", "mimalloc") or "glibc", "blas": mapped_library("openblas", "libmkl", "libblas", "libblis")}


def timed(run, count):
    seconds, processor = [], []
    for _ in range(count):
        begin, spent = time.perf_counter(), time.process_time()
        run()
        seconds.append(time.perf_counter() - begin)
        processor.append(time.process_time() - spent)
    return {"median_seconds": round(statistics.median(seconds), 6), "min_seconds": round(min(seconds), 6),
            "median_processor_seconds": round(statistics.median(processor), 6), "seconds": [round(value, 6) for value in seconds],
            "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def measure(options):
    run, about = prepare(options)
    if not options.serve:
        print(json.dumps(about | timed(run, options.steps)))
        return
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        print(json.dumps(timed(run, int(line))), flush=True)


def difference(ours, theirs):
    """max|a - b| / max|b|."""
    return (ours.double() - theirs.double()).abs().max().item() / max(theirs.double().abs().max().item(), 1e-30)


def check(options):
    """Tuned against plain on a ragged batch, and both against the golden model step. Exit status 1 where more than 1e-4 apart."""
    import torch
    import batch
    import ranking
    from hstu_plain import PlainPeer
    from hstu_tuned import TunedPeer
    failed = False

    def compare(what, ours, theirs):
        nonlocal failed
        (loss, gradients), (expected_loss, expected) = ours, theirs
        errors = {name: difference(gradients[name], value) for name, value in expected.items()}
        worst = max(errors, key=errors.get)
        loss_error = abs(loss - expected_loss) / abs(expected_loss)
        good = max(errors[worst], loss_error) <= 1e-4
        failed |= not good
        print(f"{'ok  ' if good else 'FAIL'} {what}: loss {loss:.6f}, off by {loss_error:.1e}; gradients by at most {errors[worst]:.1e} ({worst})")

    for heads in (1, 2):
        setting = batch.Setting(blocks=2, heads=heads, length=60, items=300, negatives=32)
        data = batch.make_batch(setting, [60, 1, 17, 60, 33, 59, 2, 60, 44], seed=3, negatives=True)
        weights = batch.initial_weights(setting, 5, scale=12)
        plain = PlainPeer(setting, weights).loss_and_gradients(data)
        for logits in ("catalogue", "drawn"):
            for workers in (1, 2):
                tuned = TunedPeer(setting, weights, workers, logits).loss_and_gradients(data)
                compare(f"tuned ({logits}, {workers} workers) against plain, {heads} heads", tuned, plain)

        items = ranking.normalised_items(PlainPeer(setting, weights))
        expected_queries = PlainPeer(setting, weights).queries(data)
        for workers in (1, 2):
            peer = TunedPeer(setting, weights, workers)
            error = difference(peer.queries(data), expected_queries)
            equal = torch.equal(ranking.ranks(peer, items, data), ranking.ranks(PlainPeer(setting, weights), items, data))
            failed |= error > 1e-4 or not equal
            print(f"{'ok  ' if error <= 1e-4 and equal else 'FAIL'} queries of tuned ({workers} workers) against plain, {heads} heads: off by {error:.1e}, ranks {'equal' if equal else 'differ'}")

    golden = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden"
    sys.path.insert(0, str(golden))
    import safetensors_file
    values = {name: torch.from_numpy(value.copy()) for name, value in safetensors_file.read(golden / "model-step.safetensors").items()}
    expected = {name[5:]: value for name, value in values.items() if name.startswith("grad.")}
    setting = batch.Setting(items=values[batch.ITEM_TABLE].shape[0] - 1, negatives=values["negatives"].shape[1], dropout=0)
    offsets = values["offsets"].long().numpy()
    data = batch.Batch(offsets[1:] - offsets[:-1], *[values[name].long() for name in ("ids", "labels", "event_seconds", "next_seconds", "negatives")])
    weights = {name: values[name] for name in expected}
    peers = {"plain": lambda: PlainPeer(setting, weights)}
    for logits in ("catalogue", "drawn"):
        peers[f"tuned ({logits})"] = lambda logits=logits: TunedPeer(setting, weights, 2, logits)
    for what, make in peers.items():
        compare(f"{what} against golden", make().loss_and_gradients(data), (values["loss"].item(), expected))
        peer = make()
        for step in ("step1.", "step2."):
            peer.step(data)
            error = max(difference(peer.weights[name].detach(), values[step + name]) for name in expected)
            failed |= error > 1e-4
            print(f"{'ok  ' if error <= 1e-4 else 'FAIL'} {what} against golden, parameters after {step[:-1]}: off by {error:.1e}")
    return int(failed)


if __name__ == "__main__":
    chosen = arguments()
    limit_threads(chosen)
    sys.exit(check(chosen) if chosen.check else measure(chosen))
