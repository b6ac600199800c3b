"""The commands of the command line, a module for each noun. `bot/__main__.py` lists them."""
