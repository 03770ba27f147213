"""Parse Protobuf, with the line of its first mistake."""

from typing import Any

from weft.spec.formats.source import Source


def parse_protobuf(source: Source) -> Any:
    """The syntax tree of a file.

    Raises:
        Problem: FORMAT002 it does not parse.
    """
    from proto_schema_parser.parser import Parser

    found: list[tuple[int, str]] = []

    class _Listener:
        """What ANTLR tells of a mistake; its other reports say nothing about the file."""

        def syntaxError(self, _recognizer: Any, _symbol: Any, line: int, _column: int, msg: str, _error: Any) -> None:
            found.append((line, msg))

        def _ignore(self, *_report: Any) -> None:
            pass

        reportAmbiguity = reportAttemptingFullContext = reportContextSensitivity = _ignore

    def listen(recognizer: Any) -> None:
        recognizer.removeErrorListeners()  # its own one prints to standard error
        recognizer.addErrorListener(_Listener())

    tree: Any = None
    try:
        tree = Parser(setup_lexer=listen, setup_parser=listen).parse(source.text)
    except (AttributeError, TypeError, ValueError):  # it walks on over what it could not parse
        found = found or [(1, "unexpected text")]
    if found:
        line, message = found[0]
        what = "The file is no Protobuf."
        raise source.problem("FORMAT002", what, line=line, found=message.partition(" expecting ")[0][:80])
    return tree


def words_of(comments: list[str]) -> str | None:
    """Comments as plain words.

    >>> words_of(["// An order.", "// Of goods."])
    'An order. Of goods.'
    """
    lines = []
    for comment in comments:
        text = comment.removeprefix("//").removeprefix("/*").removesuffix("*/")
        lines += [line.strip().lstrip("*").strip() for line in text.splitlines()]
    return " ".join(line for line in lines if line) or None
