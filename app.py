"""The web page on the documents in ``seeds``; the index in ``index`` is built, or brought up to date, as it opens."""

from pathlib import Path

from dossier.web.serving import serve

HERE = Path(__file__).parent

if __name__ == "__main__":
    serve(HERE / "seeds", HERE / "index")
