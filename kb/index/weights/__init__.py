"""From the files of installed packages to models that run: read, written as a checkpoint, as an ONNX graph, as word
rows."""
