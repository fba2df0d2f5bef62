"""Write multilingual-e5-small as a standard checkpoint, which sentence-transformers loads and which can be trained
further."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.files import replacing
from kb.index.weights import sums
from kb.index.weights.q4 import Packed, Pieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PROMPTS = {"query": "query: ", "passage": "passage: "}
"""Prefixes of the texts that the model was trained with."""

KEPT_APART = "\ue000"  # a private character: no text has it
_FULLWIDTH_TILDE = "\uff5e"  # the model's table keeps it, NFKC would make it "~"


def write(packed: Packed, folder: Path) -> None:
    """Write the checkpoint into `folder`; do nothing when it exists unchanged.

    Tensors are stored in half precision (235 MB instead of 470; cosine to full precision over .99999) and loaded in the
    precision that the caller requests.
    """
    if sums.is_complete(folder):
        return
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    (folder / sums.FILE).unlink(missing_ok=True)
    with replacing(folder / "model.safetensors") as half:
        save_file(_tensors(packed), str(half), {"format": "pt"})
        half.chmod(0o644)  # the library makes the file readable by its owner only
    with replacing(folder / "tokenizer.json") as half:
        tokenizer(packed.pieces).save(str(half), pretty=False)
    for name, content in _configuration(packed).items():
        (folder / name).parent.mkdir(exist_ok=True)
        with replacing(folder / name) as half:
            half.write_text(json.dumps(content, indent=1), encoding="utf-8")
    sums.write(folder)


def _tensors(packed: Packed) -> dict[str, np.ndarray]:
    bert = packed.bert
    found = {name: np.ascontiguousarray(bert.dense(name), dtype=np.float16) for name in bert.names}
    size = bert.shape.hidden  # loaders want a pooler; sentence embeddings never use it
    found["pooler.dense.weight"] = np.zeros((size, size), np.float16)
    found["pooler.dense.bias"] = np.zeros(size, np.float16)
    return found


def tokenizer(pieces: Pieces) -> Tokenizer:
    """Build the model's unigram tokenizer for the `tokenizers` library."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    scored = list(zip(pieces.words, pieces.scores.tolist(), strict=True))
    made = Tokenizer(models.Unigram(scored, unk_id=pieces.unknown, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(_FULLWIDTH_TILDE, KEPT_APART),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(KEPT_APART, _FULLWIDTH_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    begin, end = (pieces.words[i] for i in (pieces.begin, pieces.end))
    made.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, pieces.begin), (end, pieces.end)],
    )
    made.add_special_tokens([AddedToken(pieces.words[i], special=True) for i in pieces.special])
    return made


def _configuration(packed: Packed) -> dict[str, object]:
    """Return file name to content of the configuration files that transformers and sentence-transformers read beside
    the weights."""
    shape, pieces = packed.bert.shape, packed.pieces
    begin, end, pad, unknown = (pieces.words[i] for i in (pieces.begin, pieces.end, pieces.pad, pieces.unknown))
    module = "sentence_transformers.models."
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.inner,
            "vocab_size": shape.words,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,  # as the checkpoint was trained; not used where nothing is trained
            "attention_probs_dropout_prob": 0.1,  # as above
            "pad_token_id": pieces.pad,
            "bos_token_id": pieces.begin,
            "eos_token_id": pieces.end,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": begin,
            "cls_token": begin,
            "eos_token": end,
            "sep_token": end,
            "unk_token": unknown,
            "pad_token": pad,
            "mask_token": pieces.words[-1],
            "model_max_length": shape.positions,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
    }
