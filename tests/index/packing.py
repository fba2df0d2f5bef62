"""A packed file of toy weights in the layout of the real one, and a step-by-step NumPy computation of its network's
output."""

import math
import struct

import numpy as np

from kb.index.weights.bert import BLOCK

HIDDEN, LAYERS, HEADS, INNER, PLACES, TYPES = 32, 2, 2, 64, 24, 2
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "▁older",
    "▁old",
    "er",
    "▁women",
    "o",
    "l",
    "d",
    "e",
    "r",
    "w",
    "~",
    "～",
]
PIECES += ["é", "▁pension", "s", ":", "▁query", "▁passage", "老", "年", "老年", "<mask>"]
SIZES = {"q": (HIDDEN, HIDDEN), "k": (HIDDEN, HIDDEN), "v": (HIDDEN, HIDDEN), "ao": (HIDDEN, HIDDEN)}
SIZES |= {"fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER)}


def tensors(seed=1):
    """Return name in the file to its tensor: Q4_0 blocks or float32 numbers."""
    random = np.random.default_rng(seed)

    def blocks(rows, columns):
        made = np.zeros((rows, columns // 32), BLOCK)
        made["scale"] = random.uniform(0.01, 0.05, made.shape)
        made["nibbles"] = random.integers(0, 256, made["nibbles"].shape)
        return made

    def numbers(*shape):
        return random.normal(0, 0.1, shape).astype("<f4")

    found = {"emb.word": blocks(len(PIECES) + 3, HIDDEN), "emb.pos": numbers(PLACES, HIDDEN)}
    found |= {"emb.type": numbers(TYPES, HIDDEN), "emb.ln.w": 1 + numbers(HIDDEN), "emb.ln.b": numbers(HIDDEN)}
    for layer in range(LAYERS):
        for part, size in SIZES.items():
            found |= {f"l{layer}.{part}.w": blocks(*size), f"l{layer}.{part}.b": numbers(size[0])}
        for part in ("aln", "oln"):
            found |= {f"l{layer}.{part}.w": 1 + numbers(HIDDEN), f"l{layer}.{part}.b": numbers(HIDDEN)}
    return found


def write(path, seed=1, magic=b"E5S1"):
    """Write the toy file to `path`; return its tensors."""
    words = [piece.encode() for piece in PIECES]
    scores = [0.0 if word.startswith(b"<") else -2.0 - i / 7 - 2 / len(word) for i, word in enumerate(words)]
    sizes = (HIDDEN, LAYERS, HEADS, INNER, len(PIECES) + 3, PLACES, TYPES)
    data = magic + struct.pack("<I7ifi", 1, *sizes, 1e-12, 32)
    data += struct.pack("<5iQ", len(words), 0, 2, 1, 3, sum(map(len, words)))
    data += np.cumsum([0, *map(len, words)], dtype="<u4").tobytes() + np.array(scores, "<f4").tobytes()
    data += b"".join(words) + struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xA0, 1, 0x20)
    found = tensors(seed)
    room = len(data) + 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in found)
    directory, body = struct.pack("<i", len(found)), b""
    for name, array in found.items():
        packed, raw = array.dtype == BLOCK, array.tobytes()
        count = array.size * (32 if packed else 1)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", packed, count, room + len(body), len(raw))
        body += raw
    path.write_bytes(data + directory + body)
    return found


def weight(block):
    """Return the weights of Q4_0 blocks as floats, unpacked one by one as the C source does it."""
    out = np.zeros((block.shape[0], block.shape[1] * 32))
    for row in range(block.shape[0]):
        for at, (scale, nibbles) in enumerate(block[row]):
            for j, byte in enumerate(nibbles):
                out[row, at * 32 + j] = (int(byte & 15) - 8) * float(scale)
                out[row, at * 32 + j + 16] = (int(byte >> 4) - 8) * float(scale)
    return out


def embedding(found, ids):
    """Return the unit vector of a text given as token ids: the mean of the states of the last layer. `found` are the
    tensors."""

    def norm(x, name):
        mean, spread = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return (x - mean) / np.sqrt(spread + 1e-12) * found[f"{name}.w"] + found[f"{name}.b"]

    def times(x, name):
        return x @ weight(found[f"{name}.w"]).T + found[f"{name}.b"]

    x = norm(weight(found["emb.word"])[ids] + found["emb.pos"][: len(ids)] + found["emb.type"][0], "emb.ln")
    for layer in range(LAYERS):
        q, k, v = (times(x, f"l{layer}.{p}").reshape(len(ids), HEADS, -1).transpose(1, 0, 2) for p in "qkv")
        alike = q @ k.transpose(0, 2, 1) / math.sqrt(HIDDEN / HEADS)
        share = np.exp(alike - alike.max(-1, keepdims=True))
        seen = (share / share.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), HIDDEN)
        x = norm(x + times(seen, f"l{layer}.ao"), f"l{layer}.aln")
        inner = times(x, f"l{layer}.fi")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = norm(x + times(inner, f"l{layer}.fo"), f"l{layer}.oln")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)
