#!/usr/bin/env python3
"""Runs a model's program on a GPU, compares it with the CPU and times it, without a JVM.

  bench/run dev.troupe.bench.gpu.ProgramArchives bench/target/gpu [MODEL]     writes the program, where there is a JVM
  python3 bench/gpu_check.py bench/target/gpu [--device cuda:0]               needs only that folder and PyTorch 2

The weights are random, with a fixed seed: speed and rounding do not need a text that makes sense. The reference is the exact
program, in float32 on the CPU. Compared with it are the exact program on the device, where only the order of sums differs, and
the program that Troupe runs on a GPU, in bfloat16. --device cpu compares and times that second one on the CPU, which shows
that this script works and little more. Exit status: 0 all within the bounds, 1 something not, 2 it could not run.
"""

import argparse
import gc
import json
import pathlib
import statistics
import sys
import time

try:
    import torch
except ImportError:
    print(f"{sys.argv[0]}: this Python has no PyTorch: use one in which `import torch` works, 2.x", file=sys.stderr)
    sys.exit(2)

# |difference of log-probabilities|, mean and largest, over the whole vocabulary. In float32 as GoldenTest has them; in bfloat16
# about twice what the CPU's own rounding gives with these weights, whose errors no training has made small.
BOUNDS = {"exact": (0.002, 0.002), "cuda": (0.05, 0.4)}
BATCHES = (1, 8, 64)
LENGTHS = (64, 1024)
DIFFERENT = 4  # texts in a batch; the other sequences begin with copies of their keys and values
DECODES = 2  # steps one after another that are compared
LAST_ROWS = 4  # of each prompt that are compared
MOST_ROWS = 8192  # of a timed prompt step
ROUNDED = 32  # decode groups end at a multiple of so many tokens, as in SlotGroups.java
SECONDS = 2.0  # for one timing, but at least three steps


class Weights:
    """Fills a program in the order of WeightLoader.java. The same seed gives the same numbers, whichever the device."""

    def __init__(self, program, shape, device, positions):
        self.program, self.shape, self.device, self.positions = program, shape, device, positions
        self.random = torch.Generator().manual_seed(20)

    def fill(self):
        s = self.shape
        local = s["local_layers"]
        for layer in range(s["layers"]):
            self.norm(s["hidden"])
            self.norm(s["hidden"])
            if s["qk_norm"]:
                scale = torch.ones(s["heads"] + s["kv_heads"], 1)
                scale[: s["heads"]] = s["query_scale"]
                self.norm(s["heads"] + s["kv_heads"], s["head_dim"], scale=scale)
            if s["post_norms"]:
                self.norm(s["hidden"])
                self.norm(s["hidden"])
            self.program.put_layer_kind(int(local is not None and layer in local))
        self.norm(s["hidden"])
        self.table(0)
        self.rope(1, s["rope"])
        if local is not None:
            self.rope(3, s["local_rope"])
        for _ in range(s["layers"]):
            self.layer()
        if s["tied_embeddings"]:
            self.program.put_head(0)
        else:
            index = 3 if local is None else 5
            self.table(index)
            self.program.put_head(index)
            self.program.drop_last_table()

    def layer(self):
        s = self.shape
        query, key = s["heads"] * s["head_dim"], s["kv_heads"] * s["head_dim"]
        scale = torch.ones(query + 2 * key)
        if not s["qk_norm"]:
            scale[:query] = s["query_scale"]
        self.linear(query + 2 * key, s["hidden"], scale)
        if s["qkv_bias"]:
            self.program.put_bias((self.normal(query + 2 * key) * 0.1 * scale).to(self.device))
        self.linear(s["hidden"], query)
        self.linear(2 * s["ffn"], s["hidden"])
        self.linear(s["hidden"], s["ffn"])

    def normal(self, *size):
        return torch.randn(*size, generator=self.random)

    def norm(self, *size, scale=1.0):
        self.program.put_norm(((1 + 0.1 * self.normal(*size)) * scale).to(self.device))

    def table(self, index):
        # Logits then spread by about two, so that some tokens are much likelier than others, as in a text.
        rows, width = self.shape["vocab"], self.shape["hidden"]
        self.put_table(index, self.normal(rows, width) * 2 / width**0.5)

    def rope(self, index, frequencies):
        angles = torch.outer(torch.arange(self.positions, dtype=torch.float64), torch.tensor(frequencies).double())
        cos, sin = angles.cos().float(), angles.sin().float()
        self.put_table(index, torch.cat([cos, cos], 1))
        self.put_table(index + 1, torch.cat([-sin, sin], 1))

    def put_table(self, index, rows):
        self.program.new_table(*rows.shape)
        self.program.put_rows(index, 0, rows.to(self.device))

    def linear(self, rows, cols, scale=None):
        """4-bit where a 4-bit file would be: weight = (code - 8) * scale + zero, in groups of 32."""
        scale = torch.ones(rows) if scale is None else scale
        if rows % 16 or cols % 32:
            self.program.put_linear((self.normal(rows, cols) / cols**0.5 * scale.unsqueeze(1)).to(self.device))
            return
        codes = torch.randint(0, 16, (rows, cols), dtype=torch.int8, generator=self.random)
        spread = 0.217 / cols**0.5  # codes 0 to 15 have a standard deviation of 4.6
        scales = (0.8 + 0.4 * torch.rand(cols // 32, rows, generator=self.random)) * spread
        both = torch.stack([scales, scales * 0.5], 2) * scale.view(1, rows, 1)  # [cols / 32, rows, 2]
        self.program.put_linear4(codes.to(self.device), both.to(self.device))


class Model:
    """A program with weights and room for `sequences` of `capacity` tokens, each in a slot of one slab."""

    def __init__(self, folder, kind, device, sequences, capacity):
        self.shape = json.loads((folder / "model.json").read_text())
        self.device, self.capacity = torch.device(device), capacity
        self.program = torch.jit.load(str(folder / f"{kind}.pt"), map_location=self.device)
        self.fused_always = kind == "cuda"
        Weights(self.program, self.shape, self.device, capacity).fill()
        like = torch.zeros(1, dtype=torch.int64, device=self.device)
        self.program.reserve(like, sequences * capacity * self.shape["kv_heads"], 0, False)

    def first(self, sequence):
        return sequence * self.capacity * self.shape["kv_heads"]

    def copy(self, sequence, to, tokens):
        self.program.move(self.first(sequence), self.capacity, self.first(to), self.capacity, tokens)

    def rows(self, tokens, positions, sequences):
        cache = [self.first(s) + p for s, p in zip(sequences, positions)]
        return torch.tensor([tokens, positions, cache, [self.capacity] * len(tokens)])

    def prompts(self, texts, start, count, last):
        """A chunk of each text; answers the logits of the last rows of each, or with 0 only a token for each."""
        tokens, positions, sequences, chunks, wanted = [], [], [], [], []
        for i, text in enumerate(texts):
            chunks += [self.first(i), self.capacity, start, count, len(tokens)]
            tokens += text[start : start + count]
            positions += range(start, start + count)
            sequences += [i] * count
            wanted += range(len(tokens) - max(1, last), len(tokens))
        rows = self.rows(tokens, positions, sequences)
        return self.step(rows, torch.empty(2, 0).long(), [], [], chunks, wanted, last > 0)

    def decodes(self, tokens, positions, logits):
        n = len(tokens)
        longest = min(self.capacity, -(-(max(positions) + 1) // ROUNDED) * ROUNDED)
        fused = self.fused_always or n * longest <= 4096
        group = [0, self.capacity, n, longest, int(fused), 1, 0, n, 0]
        slots = torch.tensor([[p + 1 for p in positions], range(n)])
        rows = self.rows(tokens, positions, range(n))
        return self.step(rows, slots, list(range(n)), group, [], list(range(n)), logits)

    def step(self, rows, slots, rank, groups, chunks, wanted, logits):
        """As the worker does it: numbers over to the device, one call, and the outcome back."""
        to = self.device
        none, pairs, floats = torch.empty(0, device=to), torch.empty(2, 0, device=to).long(), torch.ones(len(wanted), device=to)
        out = self.program.step(
            rows.to(to),
            slots.to(to),
            torch.tensor(rank, dtype=torch.int64).to(to),
            groups,
            chunks,
            torch.tensor(wanted).to(to),
            False,
            0 if logits else len(wanted),
            pairs,
            none,
            pairs,
            none,
            floats if logits else none,
            False,
        )
        return torch.log_softmax(out[3].float(), 1).cpu() if logits else out[0].cpu()


def texts_of(shape, count, length):
    """The same for every model of one vocabulary."""
    return torch.randint(0, shape["vocab"], (count, length), generator=torch.Generator().manual_seed(7)).tolist()


def answers(model, batch, length):
    """Log-probabilities by kind of step. Prompts go in two chunks; sequences of a batch are not all of one length."""
    distinct = min(batch, DIFFERENT)
    texts = texts_of(model.shape, batch, length + DECODES)
    prompts = [text[:length] for text in texts[:distinct]]
    half = length // 2 + 1
    begun = model.prompts(prompts, 0, half, LAST_ROWS)
    ended = model.prompts(prompts, half, length - half, LAST_ROWS)
    for i in range(distinct, batch):
        model.copy(i % distinct, i, length)
    out = []
    for step in range(DECODES):
        positions = [length + step - (i % 7 if batch > 1 else 0) for i in range(batch)]
        out.append(model.decodes([text[length + step] for text in texts], positions, True))
    return {"prompt": torch.cat([begun, ended]), "decode": torch.cat(out)}


def compare(name, kind, expected, actual):
    mean_bound, largest_bound = BOUNDS[kind]
    print(f"\n{name}: |difference of log-probabilities|, bounds {mean_bound} and {largest_bound}")
    print(f"{'batch':>6} {'length':>7} {'step':>7} {'mean':>9} {'largest':>9} {'same top token':>15}")
    good = True
    for (batch, length), steps in expected.items():
        for step, log_probs in steps.items():
            other = actual[batch, length][step]
            difference = (other - log_probs).abs()
            mean, largest = difference.mean().item(), difference.max().item()
            same = (other.argmax(1) == log_probs.argmax(1)).sum().item()
            within = mean <= mean_bound and largest <= largest_bound  # false for what is no number
            good &= within
            tail = "" if within else "  BEYOND THE BOUND"
            print(f"{batch:6} {length:7} {step:>7} {mean:9.5f} {largest:9.5f} {same:8} of {len(other)}{tail}")
    return good


def median_ms(model, run):
    def once():
        begun = time.perf_counter()
        run()
        if model.device.type == "cuda":
            torch.cuda.synchronize(model.device)
        return (time.perf_counter() - begun) * 1e3

    first = once()
    if first > SECONDS * 1e3:
        return first  # a CPU without kernels for bfloat16: warm or not makes no difference there
    once()
    times = []
    while len(times) < 3 or (len(times) < 50 and sum(times) < SECONDS * 1e3):
        times.append(once())
    return statistics.median(times)


def timings(model, batches, lengths):
    print("\nms a step, median; the greedy token of each sequence comes back")
    print(f"{'batch':>6} {'length':>7} {'prompts':>10} {'tokens/s':>10} {'decode':>10} {'tokens/s':>10}")
    for batch in batches:
        for length in lengths:
            texts = texts_of(model.shape, batch, length + 1)
            prompt, speed = "-", "-"
            if batch * length <= MOST_ROWS:
                ms = median_ms(model, lambda: model.prompts(texts, 0, length, 0))
                prompt, speed = f"{ms:.2f}", f"{batch * length / ms * 1e3:.0f}"
            tokens = [text[length] for text in texts]
            ms = median_ms(model, lambda: model.decodes(tokens, [length] * batch, False))
            print(f"{batch:6} {length:7} {prompt:>10} {speed:>10} {ms:10.2f} {batch / ms * 1e3:10.0f}", flush=True)


def all_answers(folder, kind, device, batches, lengths, then=None):
    """Loads, asks and lets go again, so that one model's memory is there at a time."""
    model = Model(folder, kind, device, max(batches), max(lengths) + 64)
    out = {(batch, length): answers(model, batch, length) for batch in batches for length in lengths}
    if then is not None:
        then(model)
    del model
    gc.collect()
    return out


def numbers(text):
    values = tuple(int(part) for part in text.split(","))
    if min(values) < 16:
        raise argparse.ArgumentTypeError("a length under 16 is too short for what is compared")
    return values


def sizes(text):
    values = tuple(int(part) for part in text.split(","))
    if min(values) < 1:
        raise argparse.ArgumentTypeError("a batch has at least one sequence")
    return values


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where ProgramArchives has written to")
    parser.add_argument("--device", default="cuda:0", help="cuda:N, or cpu to try the script (default: cuda:0)")
    parser.add_argument("--batches", type=sizes, default=BATCHES, help="sequences at a time (default: 1,8,64)")
    parser.add_argument("--lengths", type=numbers, default=LENGTHS, help="tokens of each (default: 64,1024)")
    parser.add_argument("--threads", type=int, help="for the CPU's part (default: PyTorch's choice)")
    given = parser.parse_args()
    for name in ("exact.pt", "cuda.pt", "model.json"):
        if not (given.folder / name).is_file():
            parser.error(f"there is no {name} in {given.folder}: write it with dev.troupe.bench.gpu.ProgramArchives")
    if given.device.startswith("cuda") and not torch.cuda.is_available():
        parser.error(f"PyTorch {torch.__version__} sees no CUDA device here: try --device cpu, or another machine")
    most = json.loads((given.folder / "model.json").read_text())["context_length"] - 64
    if max(given.lengths) > most:
        parser.error(f"this model is made for lengths up to {most}")
    return given


def main():
    given = arguments()
    if given.threads:
        torch.set_num_threads(given.threads)
    gpu = given.device.startswith("cuda")
    hardware = torch.cuda.get_device_name(given.device) if gpu else f"{torch.get_num_threads()} threads"
    name = json.loads((given.folder / "model.json").read_text())["name"]
    print(f"{name}, PyTorch {torch.__version__}, {given.device} ({hardware})", flush=True)
    torch.backends.cuda.matmul.allow_tf32 = False  # the exact program is to be exact
    folder, device, batches, lengths = given.folder, given.device, given.batches, given.lengths
    with torch.no_grad(), torch.jit.optimized_execution(False):  # as in Troupe, whose steps differ too much in shape
        expected = all_answers(folder, "exact", "cpu", batches, lengths)
        good = True
        if gpu:
            actual = all_answers(folder, "exact", device, batches, lengths)
            good &= compare(f"float32 on {device} against float32 on the CPU", "exact", expected, actual)
        actual = all_answers(folder, "cuda", device, batches, lengths, lambda model: timings(model, batches, lengths))
        good &= compare(f"bfloat16 on {device} against float32 on the CPU", "cuda", expected, actual)
    if gpu:
        print(f"\nmost memory on {device}: {torch.cuda.max_memory_allocated(device) >> 20} MB")
    print("\nall within the bounds" if good else "\nNOT all within the bounds")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
