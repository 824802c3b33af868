"""The command line: the only wiring; each command imports what it needs when it is called."""
