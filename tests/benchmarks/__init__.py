"""How fast it is; run by `make bench`, not by `make test`."""
