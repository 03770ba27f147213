"""Settings of the documentation."""

project = "weft"
author = "the weft authors"
copyright = "the weft authors"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "weft"
exclude_patterns = ["build", "printed"]
nitpicky = True
