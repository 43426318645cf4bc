"""Starts the broker: python run_broker.py --help."""

from __future__ import annotations

import sys

from broker.app import main

if __name__ == "__main__":
    sys.exit(main())
