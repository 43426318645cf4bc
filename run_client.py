"""Start the client: the window, or with --headless JSON lines on standard input and output."""

import sys

from client.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
