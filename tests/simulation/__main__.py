"""The command: `--seeds 2000 --start 1` plays seeds, `--seed 12345 --trace` shows all that happens
in one.
"""

from __future__ import annotations

import sys

from tests.simulation.command import main

sys.exit(main(sys.argv[1:]))
