"""`python -m newsdetect` is the command line."""

from newsdetect.cli import main

main()
