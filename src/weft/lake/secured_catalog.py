"""PyIceberg's catalogue on a database server, spoken to as its URL asks: it passes no certificates on by itself."""

import ssl

from pyiceberg.catalog.sql import SqlCatalog
from sqlalchemy import create_engine


class SecuredCatalog(SqlCatalog):
    """A catalogue whose connections are encrypted.

    Args:
        name: of the catalogue.
        context: how a server is spoken to; None for a connection in clear, or a file.
        properties: PyIceberg's own.
    """

    def __init__(self, name: str, context: ssl.SSLContext | None, **properties: str) -> None:
        self._context = context
        super().__init__(name, **properties)

    def _init_catalog(self) -> None:
        # PyIceberg made an engine and opened nothing yet; from here on it does.
        if self._context is not None:
            self.engine.dispose()
            self.engine = create_engine(self.engine.url, connect_args={"ssl_context": self._context})
        super()._init_catalog()
