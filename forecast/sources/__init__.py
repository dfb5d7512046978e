"""Published files into tidy observations: one module a publisher.

`nhs_england` reads workbooks: opened by ``spreadsheet``, recognised by the words in ``publications``, their tables read
by ``tables``; ``monthly`` holds the files that are no such tables.
"""

from forecast.sources.files import find_files, read, read_file
from forecast.sources.reading import Reading

__all__ = ["Reading", "find_files", "read", "read_file"]
