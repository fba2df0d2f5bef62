"""Settings that pyproject.toml cannot express: a wheel contains the corpus as `kb/_corpus`; an editable install reads
the checkout's."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCorpus(build_py):
    """A build step that copies corpus/ into the package when a wheel is built."""

    def run(self) -> None:
        """Build the modules, then add the data."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "kb" / "_corpus"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree("corpus", target, ignore=shutil.ignore_patterns(".*", "*.part", "__pycache__"))
            shutil.copy("app.py", Path(self.build_lib) / "kb" / "_app.py")


setup(cmdclass={"build_py": BuildWithCorpus})
