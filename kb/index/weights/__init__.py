"""Convert model files of installed packages: read them, and write a checkpoint, an ONNX graph, or a table of word
vectors."""
