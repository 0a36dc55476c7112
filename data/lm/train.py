"""Trains the course's small language models on the course's own language.

    deno run --allow-write data/lm/write_corpus.ts /tmp/corpus 15000
    python data/lm/train.py /tmp/corpus data/lm target
    python data/lm/train.py /tmp/corpus data/lm draft

Writes FOLDER/NAME.safetensors (16 bit), FOLDER/NAME.json (the manifest: shape, losses, the curve) and
FOLDER/NAME.golden.json (logits of a few inputs, computed here in 32 bit from the 16-bit weights).
Needs PyTorch (CPU), NumPy and safetensors; see README.md beside this file for versions and times.
"""
import hashlib
import json
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

from model import EPSILON, LENGTH, ROPE_THETA, Model

SHAPES = {
    "target": dict(hidden_size=192, num_hidden_layers=5, num_attention_heads=6, num_key_value_heads=2, head_dim=32,
                   intermediate_size=512, steps=5000, drill_steps=400, threads=2),
    "draft": dict(hidden_size=96, num_hidden_layers=3, num_attention_heads=3, num_key_value_heads=1, head_dim=32,
                  intermediate_size=256, steps=600, drill_steps=250, threads=1),
}
MATRIX_RATE, RATE = 0.01, 2e-3
BATCH, SHORT, SEED = 4, 256, 1


class Muon(torch.optim.Optimizer):
    """Momentum whose update is made orthogonal: every direction of a matrix learns at the same speed.

    Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024); five Newton-Schulz steps.
    """

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(parameters, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["average"] = torch.zeros_like(p)
                average = state["average"].mul_(group["momentum"]).add_(p.grad)
                update = p.grad.add(average, alpha=group["momentum"])
                x = (update.T if update.shape[0] > update.shape[1] else update).bfloat16()
                x = x / (x.norm() + 1e-7)
                for _ in range(5):
                    square = x @ x.T
                    x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
                update = (x.T if update.shape[0] > update.shape[1] else x).type_as(p)
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(update, alpha=-group["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5)


def evaluate(model, test, recalls, autocast):
    """Mean loss in nats on all tokens but the first of each story; recall of facts by distance, and of counted things."""
    total, right = 0.0, np.zeros(test.shape, dtype=bool)
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        for start in range(0, len(test), BATCH):
            x = torch.from_numpy(test[start:start + BATCH].astype(np.int64))
            logits = model(x[:, :-1]).float()
            total += F.cross_entropy(logits.flatten(0, 1), x[:, 1:].flatten(), reduction="sum").item()
            right[start:start + BATCH, 1:] = (logits.argmax(-1) == x[:, 1:]).numpy()
    model.train()
    buckets, counted = {}, (0, 0)
    for story, position, length, distance, same_words in recalls:
        if story >= len(test):
            continue
        hit = int(right[story, position:position + length].all())
        if same_words:
            bucket = next(limit for limit in (64, 128, 256, 512, 1024) if distance <= limit)
            n, k = buckets.get(bucket, (0, 0))
            buckets[bucket] = (n + 1, k + hit)
        else:
            counted = (counted[0] + 1, counted[1] + hit)
    return (total / (len(test) * (test.shape[1] - 1)), {str(b): [n, k / n] for b, (n, k) in sorted(buckets.items())},
            [counted[0], counted[1] / max(1, counted[0])])


class Corpus:
    """What write_corpus.ts wrote, as batches."""

    def __init__(self, folder):
        read = lambda name, length: np.memmap(f"{folder}/{name}.bin", dtype=np.uint16, mode="r").reshape(-1, length)
        self.about = json.load(open(f"{folder}/corpus.json"))
        self.test, self.stories, self.drills = (read(name, LENGTH) for name in ("test", "train", "drills"))
        self.short_drills = read("short_drills", SHORT)

    def batches(self, steps, drill_steps):
        """First short drills alone, then three stories and a long drill at a time; nothing is seen twice."""
        each = BATCH * LENGTH // SHORT
        if len(self.short_drills) < drill_steps * each or len(self.stories) < (steps - drill_steps) * (BATCH - 1):
            sys.exit(f"the corpus needs {drill_steps * each} short drills and {(steps - drill_steps) * (BATCH - 1)} stories")
        for step in range(drill_steps):
            yield self.short_drills[step * each:(step + 1) * each]
        for step in range(steps - drill_steps):
            yield np.concatenate([self.stories[step * (BATCH - 1):(step + 1) * (BATCH - 1)], self.drills[step:step + 1]])


def train(model, shape, corpus):
    """Trains a model in place; gives what the manifest tells of it, with a curve of [tokens seen, loss on 16 test stories]."""
    steps, drill_steps = shape["steps"], shape["drill_steps"]
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() == 1 or "embed" in n]
    optimizers = [Muon(matrices, MATRIX_RATE, weight_decay=0.05),
                  torch.optim.AdamW(others, RATE, betas=(0.9, 0.98), weight_decay=0.0)]
    fast = torch.compile(model)  # about twice as fast; it needs a C++ compiler, and plain `model` does as well
    curve, begun, recent, seen, drilled = [], time.time(), [], 0, 0
    for step, batch in enumerate(corpus.batches(steps, drill_steps)):
        progress = step / steps
        rate = min(1, (step + 1) / 100) * (1 if progress < 0.6 else max(0.02, (1 - progress) / 0.4))
        for optimizer, full in zip(optimizers, (MATRIX_RATE, RATE)):
            for group in optimizer.param_groups:
                group["lr"] = full * rate
        x = torch.from_numpy(batch.astype(np.int64))
        with torch.autocast("cpu", torch.bfloat16):
            logits = fast(x[:, :-1])
        loss = F.cross_entropy(logits.float().flatten(0, 1), x[:, 1:].flatten())
        model.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer in optimizers:
            optimizer.step()
        recent.append(loss.item())
        seen += x[:, 1:].numel()
        drilled += x[:, 1:].numel() if step < drill_steps else LENGTH - 1
        if (step + 1) % 100 == 0 or step + 1 == steps:
            mean, recent = sum(recent) / len(recent), []
            seconds = time.time() - begun
            print(f"{step + 1}/{steps}  loss {mean:.4f}  {seen / seconds:.0f} tokens/s  {seconds:.0f} s", flush=True)
        if ((step + 1) % 400 == 0 or step + 1 == steps) and step >= drill_steps:
            test_loss, recall, _ = evaluate(model, corpus.test[:16], corpus.about["recalls"], True)
            right = sum(n * share for n, share in recall.values()) / sum(n for n, _ in recall.values())
            curve.append([seen, round(test_loss, 4)])
            print(f"16 test stories: loss {test_loss:.4f}, recall {right:.3f}", flush=True)
    return {"tokensSeen": seen, "drillTokens": drilled, "curve": curve, "seconds": round(time.time() - begun),
            "torch": torch.__version__}


def main(corpus, folder, name):
    corpus, shape = Corpus(corpus), SHAPES[name]
    torch.manual_seed(SEED)
    torch.set_num_threads(shape["threads"])
    model = Model(shape, corpus.about["vocabulary"])
    print(name, sum(p.numel() for p in model.parameters()), "parameters, floor", corpus.about["floor"], flush=True)
    save(model, shape, corpus, folder, name, train(model, shape, corpus))


def save(model, shape, corpus, folder, name, history):
    about, test = corpus.about, corpus.test
    weights = {("model." + n): p.detach().half() for n, p in model.named_parameters()}
    with torch.no_grad():
        for n, p in model.named_parameters():
            p.copy_(weights["model." + n].float())
    loss, recall, counted = evaluate(model, test, about["recalls"], False)
    file = f"{folder}/{name}.safetensors"
    save_file(weights, file, metadata={"format": "pt"})
    config = {"model_type": "llama", "vocab_size": about["vocabulary"], "max_position_embeddings": LENGTH,
              "tie_word_embeddings": True, "rope_theta": ROPE_THETA, "rms_norm_eps": EPSILON,
              **{k: shape[k] for k in ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
                                        "num_key_value_heads", "head_dim")}}
    manifest = {
        "config": config,
        "parameters": sum(p.numel() for p in model.parameters()),
        "sha256": hashlib.sha256(open(file, "rb").read()).hexdigest(),
        "floor": about["floor"],
        "loss": loss,
        "recall": recall,
        "counted": counted,
        **history,
    }
    json.dump(manifest, open(f"{folder}/{name}.json", "w"), indent=1)
    model.eval()
    with torch.no_grad():
        golden = []
        for story, length in ((0, 24), (1, 64), (2, 300)):
            tokens = test[story, :length].astype(int).tolist()
            logits = model(torch.tensor([tokens]))[0, -1]
            golden.append({"tokens": tokens, "logits": [round(v, 6) for v in logits.tolist()]})
    json.dump(golden, open(f"{folder}/{name}.golden.json", "w"))
    print(json.dumps({k: manifest[k] for k in ("parameters", "floor", "loss", "recall", "counted", "seconds")}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
