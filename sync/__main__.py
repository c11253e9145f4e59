"""`python -m sync`: the same as the command `wtsync`."""

from sync.cli import main

if __name__ == "__main__":
    main()
