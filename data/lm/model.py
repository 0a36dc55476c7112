"""The course's small language models in PyTorch: Llamas, and the same with other kinds of attention.

Names of tensors are those of Llama's checkpoints.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

LENGTH, ROPE_THETA, EPSILON = 1024, 500000.0, 1e-5
# How many heads of the first two layers begin with looking back, and how many pairs of theirs turn fast enough for that.
COPYING, FAST = 3, 4


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
    """Query heads in groups that share keys and values; with `window` a token sees only so many, itself included."""

    def __init__(self, c, layer):
        super().__init__()
        self.window = c.get("windows", {}).get(layer)
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
        return self.o_proj(attend(q, k, v, self.window).transpose(1, 2).reshape(b, t, -1))


    def rows(self, head):
        return slice(head * self.dim, (head + 1) * self.dim)

    def look_back(self, view):
        """The first heads look 1, 2, 3 tokens back, and carry the view of what is there."""
        for head in range(COPYING):
            own, shared = self.rows(head), self.rows(head * self.kv // self.heads)
            aim(self.q_proj.weight[own], self.k_proj.weight[shared], head + 1)
            self.v_proj.weight[shared] = view

    def look_for_pairs(self, view, before, before_that):
        """The token itself and the one before it, in a query, meet the token before and the one before that, in a key.

        Both stand in pairs that turn slowly, so that distance does not matter.
        """
        half = self.dim // 2
        some = [*range(half - 8, half - 4), *range(2 * half - 8, 2 * half - 4)]
        others = [*range(half - 4, half), *range(2 * half - 4, 2 * half)]
        for head in range(COPYING):
            query, key = self.q_proj.weight[self.rows(head)], self.k_proj.weight[self.rows(head * self.kv // self.heads)]
            query.zero_()
            key.zero_()
            query[some], query[others] = 1.5 * view[some], 1.5 * before[others]
            key[some], key[others] = 1.5 * before[some], 1.5 * before_that[others]


def aim(query, key, distance):
    """Makes a query and a key of the constant that meet best at a distance, by turning the query back by as much."""
    half = len(query) // 2
    angle = distance * ROPE_THETA ** (-torch.arange(FAST).float() / half)
    query.zero_()
    key.zero_()
    key[:FAST, 0] = 1.8
    query[:FAST, 0] = 1.8 * torch.cos(angle)
    query[half:half + FAST, 0] = -1.8 * torch.sin(angle)


def attend(q, k, v, window=None):
    if window is None:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    t = q.shape[2]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=torch.ones(t, t).tril().triu(1 - window).bool())


class LatentAttention(nn.Module):
    """Multi-head latent attention (DeepSeek-V2): what is cached is a latent vector and one rotated key for all heads."""

    def __init__(self, c, layer):
        super().__init__()
        self.heads, self.dim, self.latent, self.rope = c["num_attention_heads"], c["head_dim"], c["latent"], c["rope_dim"]
        width = c["hidden_size"]
        self.q_proj = nn.Linear(width, self.heads * self.dim, bias=False)
        self.q_rope_proj = nn.Linear(width, self.heads * self.rope, bias=False)
        self.down_proj_kv = nn.Linear(width, self.latent, bias=False)
        self.k_rope_proj = nn.Linear(width, self.rope, bias=False)
        self.latent_norm = RMSNorm(self.latent)
        self.k_proj = nn.Linear(self.latent, self.heads * self.dim, bias=False)
        self.v_proj = nn.Linear(self.latent, self.heads * self.dim, bias=False)
        self.o_proj = nn.Linear(self.heads * self.dim, width, bias=False)

    def forward(self, x, cos, sin):
        b, t, _ = x.shape
        split = lambda y, heads: y.view(b, t, heads, -1).transpose(1, 2)
        latent = self.latent_norm(self.down_proj_kv(x))
        k_rope = rotate(split(self.k_rope_proj(x), 1), cos, sin).expand(-1, self.heads, -1, -1)
        q = torch.cat([split(self.q_proj(x), self.heads), rotate(split(self.q_rope_proj(x), self.heads), cos, sin)], dim=-1)
        k = torch.cat([split(self.k_proj(latent), self.heads), k_rope], dim=-1)
        v = split(self.v_proj(latent), self.heads)
        return self.o_proj(attend(q.type_as(v), k.type_as(v), v).transpose(1, 2).reshape(b, t, -1))

    def look_back(self, view):
        """As in Attention; the latent vector is the view."""
        self.down_proj_kv.weight[:] = view
        for head in range(COPYING):
            aim(self.q_rope_proj.weight[head * self.rope:(head + 1) * self.rope], self.k_rope_proj.weight, head + 1)
            self.v_proj.weight[head * self.dim:(head + 1) * self.dim] = torch.eye(self.latent)

    def look_for_pairs(self, view, before, before_that):
        """As in Attention; half of the latent vector is the token before, half the one before that."""
        half = self.dim // 2
        self.down_proj_kv.weight[:half], self.down_proj_kv.weight[half:] = before[:half], before_that[half:]
        for head in range(COPYING):
            query = self.q_proj.weight[head * self.dim:(head + 1) * self.dim]
            query[:half], query[half:] = 1.5 * view[:half], 1.5 * before[half:]
            self.k_proj.weight[head * self.dim:(head + 1) * self.dim] = 1.5 * torch.eye(self.latent)


class Layer(nn.Module):
    def __init__(self, c, layer):
        super().__init__()
        self.input_layernorm = RMSNorm(c["hidden_size"])
        self.self_attn = (LatentAttention if "latent" in c else Attention)(c, layer)
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
    def __init__(self, c, vocabulary):
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, c["hidden_size"])
        self.layers = nn.ModuleList(Layer(c, layer) for layer in range(c["num_hidden_layers"]))
        self.norm = RMSNorm(c["hidden_size"])
        cos, sin = rotary(LENGTH, c.get("rope_dim", c["head_dim"]))
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                if name.endswith(("o_proj.weight", "down_proj.weight")):
                    nn.init.zeros_(p)  # a layer begins by passing on what it gets
                else:
                    nn.init.normal_(p, std=0.02 if "embed" in name else 1 / math.sqrt(p.shape[1]))
        self.begin_with_recall()

    @torch.no_grad()
    def begin_with_recall(self):
        """Begins near the circuit with which transformers copy from what they have read (an induction head).

        Found by chance it takes longer than all the rest of the training. Some heads of the first layer begin by looking
        1, 2, 3 tokens back; those of the second by looking where the same two tokens stood before what followed. Nothing is
        fixed: all of it is trained on like any other weight. To begin with what trained weights look like is the idea of
        Trockman and Kolter, "Mimetic initialization of self-attention layers" (2023).
        """
        # A constant in every token, which keys and queries that look at distances alone can be made of.
        self.embed_tokens.weight[:, 0] = 0.15
        width, dim = self.embed_tokens.weight.shape[1], self.layers[0].self_attn.dim
        # The heads that look back carry the same view of a token, each to a place of its own.
        view = torch.linalg.qr(torch.randn(width, dim))[0]
        places = torch.linalg.qr(torch.randn(width, width))[0]
        view[0] = places[0] = 0  # not the constant
        self.layers[0].self_attn.look_back(view.T)
        for head in range(COPYING):
            columns = slice(head * dim, (head + 1) * dim)
            self.layers[0].self_attn.o_proj.weight[:, columns] = 0.05 * places[:, columns]
        self.layers[1].self_attn.look_for_pairs(view.T, places[:, :dim].T, places[:, dim:2 * dim].T)

    def forward(self, tokens):
        x = self.embed_tokens(tokens)
        for layer in self.layers:
            x = layer(x, self.cos[: tokens.shape[1]], self.sin[: tokens.shape[1]])
        return F.linear(self.norm(x), self.embed_tokens.weight)
