"""Benchmarks: what the program costs beside others in the same run. Run by `make bench`, never by the tests."""
