"""Performance measures, each beside a reference taken in the same run: `python -m bench`."""
