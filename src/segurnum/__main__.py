"""`python -m segurnum`, what ./segurnum hands over to."""

import sys

from segurnum.cli import principal

if __name__ == "__main__":
    sys.exit(principal())
