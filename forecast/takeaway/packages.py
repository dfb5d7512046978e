"""Office files are zip archives that carry the hour they were made in; here the same content gives the same bytes."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

CORE = "docProps/core.xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest day that a zip archive can tell."""
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def fixed(package: bytes, day: pd.Timestamp) -> bytes:
    """Return an office file whose parts carry no hour of their making; ``day`` stands in its properties.

    Workbooks inside it, as those of a chart, are treated the same way.
    """
    with ZipFile(BytesIO(package)) as found, BytesIO() as out:
        with ZipFile(out, "w", ZIP_DEFLATED) as written:
            for name in found.namelist():
                part = found.read(name)
                if name == CORE:
                    part = _STAMP.sub(rb"\g<1>" + f"{day:%Y-%m-%d}T00:00:00Z".encode() + rb"\g<2>", part)
                elif name.endswith(".xlsx"):
                    part = fixed(part, day)
                entry = ZipInfo(name, _FIRST_DAY)
                entry.compress_type = ZIP_DEFLATED
                written.writestr(entry, part)
        return out.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    """Return files as one zip archive, by name; the same files give the same bytes."""
    with BytesIO() as out:
        with ZipFile(out, "w", ZIP_DEFLATED) as written:
            for name, content in files.items():
                entry = ZipInfo(name, _FIRST_DAY)
                entry.compress_type = ZIP_DEFLATED
                written.writestr(entry, content)
        return out.getvalue()
