"""Indexing: passages become searchable."""
