"""The text of a file: read whole, decoded strictly, refused where it is no text."""

import re
from pathlib import Path

from recording.errors import ImportRefused

_END = re.compile("\r\n|\r|\n")
MOST_BYTES = 256 * 1024**2
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of at most `MOST_BYTES`; raises ImportRefused if there is none such, or it is empty."""
    try:
        if path.exists() and not path.is_file():
            raise ImportRefused(f"{path}: is no file; name one file of events")
        if path.stat().st_size > MOST_BYTES:
            size = path.stat().st_size / 1024**2
            raise ImportRefused(f"{path}: holds {size:.0f} MB; a file of events holds at most {MOST_BYTES // 1024**2} MB")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise ImportRefused(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if not data.strip():
        raise ImportRefused(f"{path}: is empty")
    return data


def read_text(path: Path) -> str:
    """The text of a file, without a byte order mark; its ends of line are kept.

    Raises
    ------
    ImportRefused
        If the file cannot be read, or is no text in UTF-8, or in UTF-16 with a byte order mark.
    """
    data = read_bytes(path)
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        if b"\0" in data:
            raise ImportRefused(f"{path}: is no text file") from None
        line = data[: getattr(error, "start", 0)].count(b"\n") + 1
        raise ImportRefused(f"{path}: line {line} is not UTF-8 text; save the file as UTF-8") from None
    if "\0" in text:
        raise ImportRefused(f"{path}: is no text file")
    if not text.strip():
        raise ImportRefused(f"{path}: is empty")
    return text


def lines_of(text: str) -> list[str]:
    """The lines of a text, as editors count them: \\n, \\r and the two together end one, and nothing else does."""
    return _END.split(text)


def numbered(text: str) -> list[tuple[int, str]]:
    """The lines that are not empty, without the blanks around them, each with its number from 1."""
    return [(number, line.strip()) for number, line in enumerate(lines_of(text), start=1) if line.strip()]
