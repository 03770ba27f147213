"""Read REST APIs: pages, credentials, cursors."""
