"""Published files into tidy observations: one module a publisher."""

from forecast.sources.files import find_files, read, read_file
from forecast.sources.reading import Reading

__all__ = ["Reading", "find_files", "read", "read_file"]
