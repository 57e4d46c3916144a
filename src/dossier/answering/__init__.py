"""Answering: a question becomes a cited answer."""
