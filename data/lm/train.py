"""Trains the course's small language models on the course's own language.

    deno run --allow-write data/lm/write_corpus.ts /tmp/corpus 40000
    python data/lm/train.py /tmp/corpus data/lm target
    python data/lm/train.py /tmp/corpus data/lm draft

Writes FOLDER/NAME.safetensors (16 bit), FOLDER/NAME.json (the manifest: shape, losses, the curve) and
FOLDER/NAME.golden.json (logits of a few inputs, computed here in 32 bit from the 16-bit weights).
Needs PyTorch (CPU), NumPy and safetensors; see README.md beside this file for versions and times.
"""
import hashlib
import json
import math
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

SHAPES = {
    "target": dict(hidden_size=192, num_hidden_layers=5, num_attention_heads=6, num_key_value_heads=2, head_dim=32,
                   intermediate_size=512, steps=8000, drill_steps=1500, matrix_rate=0.01, learning_rate=2e-3),
    "draft": dict(hidden_size=96, num_hidden_layers=3, num_attention_heads=3, num_key_value_heads=1, head_dim=32,
                  intermediate_size=256, steps=8000, drill_steps=1500, matrix_rate=0.01, learning_rate=2e-3),
}
BATCH, LENGTH, SHORT, SEED, ROPE_THETA, EPSILON = 4, 1024, 256, 1, 10000.0, 1e-5


class RMSNorm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        x32 = x.float()
        return (x32 * torch.rsqrt(x32.pow(2).mean(-1, keepdim=True) + EPSILON)).type_as(x) * self.weight


def rotary(length, dimension):
    """Angles as Llama has them: the first half of a head is paired with the second."""
    frequency = ROPE_THETA ** (-torch.arange(0, dimension, 2).float() / dimension)
    angle = torch.arange(length).float()[:, None] * frequency[None, :]
    angle = torch.cat([angle, angle], dim=-1)
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    half = x.shape[-1] // 2
    turned = torch.cat([-x[..., half:], x[..., :half]], dim=-1)
    return x * cos + turned * sin


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.kv, self.dim = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        self.q_proj = nn.Linear(c["hidden_size"], self.heads * self.dim, bias=False)
        self.k_proj = nn.Linear(c["hidden_size"], self.kv * self.dim, bias=False)
        self.v_proj = nn.Linear(c["hidden_size"], self.kv * self.dim, bias=False)
        self.o_proj = nn.Linear(self.heads * self.dim, c["hidden_size"], bias=False)

    def forward(self, x, cos, sin):
        b, t, _ = x.shape
        q = rotate(self.q_proj(x).view(b, t, self.heads, self.dim).transpose(1, 2), cos, sin)
        k = rotate(self.k_proj(x).view(b, t, self.kv, self.dim).transpose(1, 2), cos, sin)
        v = self.v_proj(x).view(b, t, self.kv, self.dim).transpose(1, 2)
        # Repeating the shared heads reaches PyTorch's fast kernel on a CPU, which its own option does not.
        k, v = (y.repeat_interleave(self.heads // self.kv, dim=1) for y in (k, v))
        q, k = q.type_as(v), k.type_as(v)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.o_proj(y.transpose(1, 2).reshape(b, t, -1))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RMSNorm(c["hidden_size"])
        self.self_attn = Attention(c)
        self.post_attention_layernorm = RMSNorm(c["hidden_size"])
        self.mlp = nn.ModuleDict({
            "gate_proj": nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False),
            "up_proj": nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False),
            "down_proj": nn.Linear(c["intermediate_size"], c["hidden_size"], bias=False),
        })

    def forward(self, x, cos, sin):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin)
        y = self.post_attention_layernorm(x)
        return x + self.mlp["down_proj"](F.silu(self.mlp["gate_proj"](y)) * self.mlp["up_proj"](y))


class Model(nn.Module):
    """Names of tensors are those of Llama checkpoints."""

    def __init__(self, c, vocabulary):
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, c["hidden_size"])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c["num_hidden_layers"]))
        self.norm = RMSNorm(c["hidden_size"])
        cos, sin = rotary(LENGTH, c["head_dim"])
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                scale = 0.02 if "embed" in name else 1 / math.sqrt(p.shape[1])
                nn.init.normal_(p, std=scale / (math.sqrt(2 * c["num_hidden_layers"]) if name.endswith(("o_proj.weight", "down_proj.weight")) else 1))

    def forward(self, tokens):
        x = self.embed_tokens(tokens)
        for layer in self.layers:
            x = layer(x, self.cos[: tokens.shape[1]], self.sin[: tokens.shape[1]])
        return F.linear(self.norm(x), self.embed_tokens.weight)


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
    """Mean loss in nats on all tokens but the first of each story, and recall accuracy by distance."""
    total, right = 0.0, np.zeros(test.shape, dtype=bool)
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        for start in range(0, len(test), BATCH):
            x = torch.from_numpy(test[start:start + BATCH].astype(np.int64))
            logits = model(x[:, :-1]).float()
            total += F.cross_entropy(logits.flatten(0, 1), x[:, 1:].flatten(), reduction="sum").item()
            right[start:start + BATCH, 1:] = (logits.argmax(-1) == x[:, 1:]).numpy()
    model.train()
    buckets = {}
    for story, position, length, distance in recalls:
        if story >= len(test) or position + length > test.shape[1]:
            continue
        bucket = next(limit for limit in (64, 128, 256, 512, 1024) if distance <= limit)
        hit = right[story, position:position + length].all()
        n, k = buckets.get(bucket, (0, 0))
        buckets[bucket] = (n + 1, k + int(hit))
    return total / (len(test) * (test.shape[1] - 1)), {str(b): [n, k / n] for b, (n, k) in sorted(buckets.items())}


def main(corpus, folder, name):
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    shape = SHAPES[name]
    about = json.load(open(f"{corpus}/corpus.json"))
    train = np.memmap(f"{corpus}/train.bin", dtype=np.uint16, mode="r").reshape(-1, LENGTH)
    test = np.fromfile(f"{corpus}/test.bin", dtype=np.uint16).reshape(-1, LENGTH)
    steps, drill_steps = shape["steps"], shape["drill_steps"]
    drills = np.memmap(f"{corpus}/drills.bin", dtype=np.uint16, mode="r").reshape(-1, LENGTH)
    short_drills = np.memmap(f"{corpus}/short_drills.bin", dtype=np.uint16, mode="r").reshape(-1, SHORT)
    each = BATCH * LENGTH // SHORT
    if len(short_drills) < drill_steps * each or len(train) < (steps - drill_steps) * (BATCH - 1):
        sys.exit(f"the corpus needs {drill_steps * each} short drills and {(steps - drill_steps) * (BATCH - 1)} stories")
    model = Model(shape, about["vocabulary"])
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() == 1 or "embed" in n]
    optimizers = [Muon(matrices, shape["matrix_rate"], weight_decay=0.05),
                  torch.optim.AdamW(others, shape["learning_rate"], betas=(0.9, 0.98), weight_decay=0.0)]
    base = [shape["matrix_rate"], shape["learning_rate"]]
    print(name, sum(p.numel() for p in model.parameters()), "parameters,", steps, "steps, floor", about["floor"], flush=True)
    fast = torch.compile(model)  # about twice as fast; it needs a C++ compiler, and plain `model` does as well
    curve, begun, recent = [], time.time(), []
    for step in range(steps):
        progress = step / steps
        rate = min(1, (step + 1) / 100) * (1 if progress < 0.6 else max(0.02, (1 - progress) / 0.4))
        for optimizer, full in zip(optimizers, base):
            for group in optimizer.param_groups:
                group["lr"] = full * rate
        at = step - drill_steps
        batch = short_drills[step * each:(step + 1) * each] if at < 0 else np.concatenate(
            [train[at * (BATCH - 1):(at + 1) * (BATCH - 1)], drills[at:at + 1]])
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
        if (step + 1) % 100 == 0 or step + 1 == steps:
            mean = sum(recent) / len(recent)
            recent = []
            curve.append([(step + 1) * BATCH * (LENGTH - 1), round(mean, 4)])
            speed = (step + 1) * BATCH * LENGTH / (time.time() - begun)
            print(f"{step + 1}/{steps}  loss {mean:.4f}  {speed:.0f} tokens/s  {time.time() - begun:.0f} s", flush=True)
        if (step + 1) % 400 == 0 and step + 1 < steps:
            part = test[:64, :SHORT] if step < drill_steps else test[:16]
            print(evaluate(model, part, about["recalls"], True), flush=True)
    save(model, shape, about, test, folder, name, curve, steps, time.time() - begun)


def save(model, shape, about, test, folder, name, curve, steps, seconds):
    weights = {("model." + n): p.detach().half() for n, p in model.named_parameters()}
    with torch.no_grad():
        for n, p in model.named_parameters():
            p.copy_(weights["model." + n].float())
    loss, recall = evaluate(model, test, about["recalls"], False)
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
        "tokensSeen": steps * BATCH * (LENGTH - 1),
        "drillTokens": shape["drill_steps"] * BATCH * (LENGTH - 1),
        "floor": about["floor"],
        "loss": loss,
        "recall": recall,
        "curve": curve,
        "seconds": round(seconds),
        "torch": torch.__version__,
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
    print(json.dumps({k: manifest[k] for k in ("parameters", "floor", "loss", "recall", "seconds")}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
