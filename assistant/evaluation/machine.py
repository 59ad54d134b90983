"""The machine and the versions that a run was made with."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

#: Libraries whose version can change an answer or a figure.
LIBRARIES = (
    "faiss-cpu", "ir-measures", "llama-index-core", "numpy", "onnxruntime", "pydantic", "scipy",
    "sentence-transformers", "tantivy", "tokenizers", "torch",
)  # fmt: skip


def library_versions() -> dict[str, str]:
    """The installed versions."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def machine() -> dict[str, str | int]:
    """Processor, cores, memory and system."""
    import psutil

    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"
