"""The researcher's bench: codebook, agreement between coders, counts, samples and the method statement."""
