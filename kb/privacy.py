"""Nothing leaves this machine: the environment variables that must be set for each library before it is imported.
`import kb` sets them before anything else.

Measured with strace: ONNX Runtime 1.32 looks up a host and writes a device id and a database under the user's cache
folder while it is imported, so `disable_telemetry_events()` comes too late. Streamlit asks for an e-mail address and
sends it, has every page report its use, and looks up the machine's public address. The hub clients ask their hub before
they read a local model. A value that the user's environment already has is replaced, since the README promises this
privacy whatever was set before.
"""

from __future__ import annotations

import os
import sys
import warnings

SETTINGS: dict[str, str] = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime: read once, while it is imported
    "HF_HUB_OFFLINE": "1",  # huggingface_hub: weights come from packages, never from a hub
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "DISABLE_TELEMETRY": "1",  # huggingface_hub and libraries that follow it
    "PYDANTIC_DISABLE_PLUGINS": "__all__",  # pydantic: no plugin of another package sees what is validated
    "DO_NOT_TRACK": "1",  # the common word for it, read by several libraries
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_SERVER_SHOW_EMAIL_PROMPT": "false",  # the first start would ask for an e-mail address and send it
    "STREAMLIT_SERVER_ENABLE_AGENT_API": "false",  # no second server beside the pages
}
"""For each environment variable, the value that keeps its library from sending anything."""

_READ_AT_IMPORT = {"onnxruntime": "ORT_DISABLE_TELEMETRY", "huggingface_hub": "HF_HUB_OFFLINE"}
"""Libraries that read their variable only once, while they are imported; setting it later has no effect."""


def keep_private() -> tuple[str, ...]:
    """Set every variable of `SETTINGS`. Returns the names of libraries that were imported before and therefore ignore
    their variable, and warns of them."""
    late = tuple(
        library
        for library, name in _READ_AT_IMPORT.items()
        if library in sys.modules and os.environ.get(name) != SETTINGS[name]
    )
    os.environ.update(SETTINGS)
    if late:
        warnings.warn(
            f"{', '.join(late)} was imported before kb and may ask its maker's servers; import kb first.",
            RuntimeWarning,
            stacklevel=3,
        )
    return late


class compiler_cache_in:
    """Context manager for importing torch: its compiler's cache is made in `folder`; the compiler is not used here.

    Otherwise torch makes a folder with the user's name among the temporary files and leaves it there.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        """Set the environment variable of the cache to the folder."""
        self.before = os.environ.get("TORCHINDUCTOR_CACHE_DIR")
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = self.folder

    def __exit__(self, *_: object) -> None:
        """Restore the variable's earlier value, or remove it."""
        os.environ.pop("TORCHINDUCTOR_CACHE_DIR", None)
        if self.before is not None:
            os.environ["TORCHINDUCTOR_CACHE_DIR"] = self.before
