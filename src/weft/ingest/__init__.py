"""Land sources: raw stays raw, nothing disappears."""
