"""Trains small models that differ in their attention alone, to weigh what each recalls against what it caches.

    python data/lm/train_variants.py /tmp/corpus data/lm

All have the same parameters but for half a percent (what attention does not need goes to the feed-forward part), see the
same batches, and begin with the same circuit. Writes FOLDER/variants.json (what each learned) and FOLDER/variants/: the
configuration of each in configs.json, its weights as 16-bit floats, and in golden.json its logits after one input, computed
here in 32 bits from the 16-bit weights.
"""
import json
import os
import sys

import torch
from safetensors.torch import save_file

from model import EPSILON, LENGTH, ROPE_THETA, Model
from train import SEED, Corpus, evaluate, train

COMMON = dict(hidden_size=128, num_hidden_layers=3, num_attention_heads=4, head_dim=32, steps=1000, drill_steps=250)
PARAMETERS, WINDOW = 540_000, 64
# The second layer is the one that begins with looking for what was told; in the last variant it alone sees everything.
VARIANTS = {
    "MHA": dict(num_key_value_heads=4),
    "GQA": dict(num_key_value_heads=2),
    "MQA": dict(num_key_value_heads=1),
    "MLA": dict(num_key_value_heads=4, latent=32, rope_dim=16),
    "sliding window": dict(num_key_value_heads=4, windows={0: WINDOW, 1: WINDOW, 2: WINDOW}),
    "local and global": dict(num_key_value_heads=4, windows={0: WINDOW, 2: WINDOW}),
}


def sized(shape, vocabulary):
    """The shape with the feed-forward width, a multiple of four, that comes closest to the wanted parameters."""
    count = lambda width: sum(p.numel() for p in Model({**shape, "intermediate_size": width}, vocabulary).parameters())
    return {**shape, "intermediate_size": min(range(128, 513, 4), key=lambda width: abs(count(width) - PARAMETERS))}


def configuration(shape, vocabulary):
    """The shape in the names of Hugging Face: a Llama's, with Gemma's for windows and DeepSeek's for latents."""
    config = {"model_type": "llama", "vocab_size": vocabulary, "max_position_embeddings": LENGTH, "tie_word_embeddings": True,
              "rope_theta": ROPE_THETA, "rms_norm_eps": EPSILON,
              **{k: shape[k] for k in ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
                                        "num_key_value_heads", "head_dim")}}
    if "windows" in shape:
        kinds = ("sliding_attention" if layer in shape["windows"] else "full_attention" for layer in range(shape["num_hidden_layers"]))
        config.update(sliding_window=WINDOW, layer_types=list(kinds))
    if "latent" in shape:
        config.update(kv_lora_rank=shape["latent"], qk_rope_head_dim=shape["rope_dim"])
    return config


@torch.no_grad()
def predict(model, tokens):
    """The logits after the last of some tokens."""
    return [round(v, 6) for v in model.eval()(torch.tensor([tokens]))[0, -1].tolist()]


def main(corpus, folder):
    torch.set_num_threads(1)
    corpus = Corpus(corpus)
    os.makedirs(f"{folder}/variants", exist_ok=True)
    write = lambda value, file, indent=1: json.dump(value, open(f"{folder}/{file}", "w"), indent=indent)
    tokens = corpus.test[0, :200].astype(int).tolist()  # more than any window
    results, configs, logits = [], {}, {}
    for name, options in VARIANTS.items():
        shape = sized({**COMMON, **options}, corpus.about["vocabulary"])
        torch.manual_seed(SEED)
        model = Model(shape, corpus.about["vocabulary"])
        history = train(model, shape, corpus)
        weights = {"model." + n: p.detach().half() for n, p in model.named_parameters()}
        save_file(weights, f"{folder}/variants/{name.replace(' ', '_')}.safetensors", metadata={"format": "pt"})
        with torch.no_grad():
            for n, p in model.named_parameters():
                p.copy_(weights["model." + n].float())
        configs[name] = configuration(shape, corpus.about["vocabulary"])
        logits[name] = predict(model, tokens)
        loss, recall, counted = evaluate(model, corpus.test, corpus.about["recalls"], False)
        layers = range(shape["num_hidden_layers"])
        results.append({
            "name": name,
            "parameters": sum(p.numel() for p in model.parameters()),
            # Values that a token leaves in the cache of each layer, and how many tokens that layer looks back on.
            "cachedValues": shape["latent"] + shape["rope_dim"] if "latent" in shape else 2 * shape["num_key_value_heads"] * shape["head_dim"],
            "windows": [shape.get("windows", {}).get(layer) for layer in layers],
            "tokensSeen": history["tokensSeen"],
            "loss": loss,
            "recall": recall,
            "counted": counted,
        })
        print(json.dumps(results[-1]), flush=True)
        write({"floor": corpus.about["floor"], "seed": SEED, "variants": results}, "variants.json")
        write(configs, "variants/configs.json")
        write({"tokens": tokens, "logits": logits}, "variants/golden.json", None)


if __name__ == "__main__":
    main(*sys.argv[1:3])
