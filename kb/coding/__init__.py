"""Qualitative coding: codebook, codes, agreement between coders, counts, samples and the method statement."""
