"""Reach files where they are: on this machine, on a web server, in an object store. One place per file."""
