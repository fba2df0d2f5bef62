"""The engine on Milvus: a server (`milvus://host:19530`), or a file of Milvus Lite (`milvus:///folder/kb.db`)."""

from kb.engine.milvus.engine import MilvusEngine
from kb.engine.milvus.writer import MilvusWriter

__all__ = ["MilvusEngine", "MilvusWriter"]
