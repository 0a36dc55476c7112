"""Trains small models that differ in their attention alone, to weigh what each recalls against what it caches.

    python data/lm/train_variants.py /tmp/corpus data/lm

All have the same parameters but for half a percent (what attention does not need goes to the feed-forward part), see the
same batches, and begin with the same circuit. Writes FOLDER/variants.json, the weights of each as 16-bit floats, and logits
of one input, computed here in 32 bits from the 16-bit weights.
"""
import json
import sys

import torch
from safetensors.torch import save_file

from model import Model
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


@torch.no_grad()
def golden(model, tokens):
    """What the model predicts after a longer input than any window: the tokens, and the logits after the last."""
    return {"tokens": tokens, "logits": [round(v, 6) for v in model.eval()(torch.tensor([tokens]))[0, -1].tolist()]}


def main(corpus, folder):
    torch.set_num_threads(2)
    corpus = Corpus(corpus)
    results = []
    for name, options in VARIANTS.items():
        shape = sized({**COMMON, **options}, corpus.about["vocabulary"])
        torch.manual_seed(SEED)
        model = Model(shape, corpus.about["vocabulary"])
        history = train(model, shape, corpus)
        file = name.replace(" ", "_") + ".safetensors"
        weights = {"model." + n: p.detach().half() for n, p in model.named_parameters()}
        save_file(weights, f"{folder}/{file}", metadata={"format": "pt"})
        with torch.no_grad():
            for n, p in model.named_parameters():
                p.copy_(weights["model." + n].float())
        loss, recall, counted = evaluate(model, corpus.test, corpus.about["recalls"], False)
        layers = range(shape["num_hidden_layers"])
        results.append({
            "name": name,
            "file": file,
            "shape": {k: v for k, v in shape.items() if not k.endswith("steps") and k != "windows"},
            "parameters": sum(p.numel() for p in model.parameters()),
            # Values that a token leaves in the cache of each layer, and how many tokens that layer looks back on.
            "cachedValues": shape["latent"] + shape["rope_dim"] if "latent" in shape else 2 * shape["num_key_value_heads"] * shape["head_dim"],
            "windows": [shape.get("windows", {}).get(layer) for layer in layers],
            "tokensSeen": history["tokensSeen"],
            "loss": loss,
            "recall": recall,
            "counted": counted,
            "golden": golden(model, corpus.test[0, :200].astype(int).tolist()),
        })
        print(json.dumps({k: v for k, v in results[-1].items() if k != "golden"}), flush=True)
        json.dump({"floor": corpus.about["floor"], "seed": SEED, "variants": results}, open(f"{folder}/variants.json", "w"), indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:3])
