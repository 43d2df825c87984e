"""Speed, measured: `make bench`. Nothing here is part of the suite, which asserts no times."""
