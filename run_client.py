"""Start the client: the window, or with --headless JSON lines on standard input and output."""

from __future__ import annotations

import sys

from shared.starting import begin, end_without

if __name__ == "__main__":
    begin("run_client.py")
    if (
        "--doctor" in sys.argv
    ):  # works without the libraries: it is there to say that they are missing
        from client.diagnosis.doctor import main as doctor

        sys.exit(doctor(sys.argv[1:]))
    try:
        from client.app import main
    except ImportError as error:
        sys.exit(end_without(error, "run_client.py"))
    sys.exit(main(sys.argv[1:]))
