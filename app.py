"""The web page on the documents in ``seeds``; the index in ``index`` is built, or brought up to date, as it opens."""

import sys
from pathlib import Path

from dossier.cli import main

HERE = Path(__file__).parent

if __name__ == "__main__":
    sys.exit(main(["serve", str(HERE / "seeds"), "--index", str(HERE / "index")]))
