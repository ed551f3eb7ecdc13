"""`python -m muntada COMMAND ...`: the command line."""

import sys

from muntada.cli.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
