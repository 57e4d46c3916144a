"""Reading: a folder becomes passages."""
