"""`python -m dqn_tutorial` runs the command line of `cli/`."""

import sys

from dqn_tutorial.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
