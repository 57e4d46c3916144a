"""Training: questions with known answers become the weights of the reader that comes along."""
