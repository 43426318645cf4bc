"""Starts the broker: python run_broker.py --help."""

from __future__ import annotations

import sys

from shared.starting import begin, end_without

if __name__ == "__main__":
    begin("run_broker.py")
    if sys.argv[1:2] == [
        "doctor"
    ]:  # works without the libraries: it is there to say that they are missing
        from broker.admin.doctor import main as doctor

        sys.exit(doctor(sys.argv[2:]))
    try:
        from broker.app import main
    except ImportError as error:
        sys.exit(end_without(error, "run_broker.py"))
    sys.exit(main())
