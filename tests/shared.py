"""Where the real corpus lies on a developer's machine, and the mark for tests that need it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
TREASURY_NEWS = SHARED / "corpus" / "treasury" / "content" / "news"
SEEDS = SHARED / "seeds"

needs_treasury_corpus = pytest.mark.skipif(
    not TREASURY_NEWS.is_dir(), reason=f"the full Treasury corpus is not at {TREASURY_NEWS}"
)
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the founding documents are not at {SEEDS}")
