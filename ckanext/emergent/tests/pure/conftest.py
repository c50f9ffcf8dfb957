"""How Hypothesis runs here: the same examples each time, and no deadline.

A deadline measures how busy the machine is; and a test that fails should fail for everybody.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("emergent", deadline=None, derandomize=True, database=None)
settings.load_profile("emergent")
