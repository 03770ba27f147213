"""Keys that data at rest is encrypted under: where master keys come from, and the data keys that they wrap."""
