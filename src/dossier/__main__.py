"""``python -m dossier`` is the terminal's ``dossier``."""

import sys

from dossier.cli import main

sys.exit(main())
