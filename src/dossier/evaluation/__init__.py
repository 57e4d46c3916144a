"""Evaluation: questions whose answers are known become figures of how well documents are searched."""
