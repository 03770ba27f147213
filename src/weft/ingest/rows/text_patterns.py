"""What texts look like, as patterns that the engine matches over whole columns."""

INTEGER = r"-?(0|[1-9][0-9]{0,18})"
DECIMAL = r"-?(0|[1-9][0-9]*)\.[0-9]+"
SCIENTIFIC = r"-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+"
BOOLEAN = r"(?i)true|false"
ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
ISO_TIMESTAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
ISO_TIMESTAMP_ZONED = ISO_TIMESTAMP + r" ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"

# Numbers as people print them; read only where `decimal` or `thousands` is declared.
GROUPED_BY_COMMA = r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?"
GROUPED_BY_POINT = r"-?[0-9]{1,3}(\.[0-9]{3}){2,}|-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+"
DECIMAL_COMMA = r"-?[0-9]+,[0-9]+"

# A number in any of the usual writings of programs; what a declared numeric type accepts.
PLAIN_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"

# Dates that are not ISO: the pattern says that a column holds dates, the formats are tried over all of them.
_CLOCK = r"( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"
OTHER_DATE = r"([0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}|[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2})" + _CLOCK
SHORT_DATE = r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}" + _CLOCK
DATE_FORMATS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d")
TIME_TAILS = ("", " %H:%M", " %H:%M:%S")
