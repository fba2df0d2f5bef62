"""Read an OpenDocument text in a single XML file (.fodt), without a ZIP container."""

from __future__ import annotations

from kb.read.draft import Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.odt import read_flat_odt


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_flat_odt`."""
    return read_flat_odt(source.data(options.limits), options.limits, source.name)
