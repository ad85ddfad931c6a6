"""A plain PDF of one page with lines of text: what stands for receipts and visualisations that the services make."""

from collections.abc import Sequence

__all__ = ["page"]

_LETTERS = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})


def page(lines: Sequence[str]) -> bytes:
    """A PDF 1.4 with these lines; letters beyond Latin 1 become question marks."""
    text = "\n".join(f"({line[:100].translate(_LETTERS)}) ' " for line in lines)
    content = b"BT /F1 11 Tf 16 TL 56 790 Td\n" + text.encode("latin-1", "replace") + b"\nET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join([b"%010d 00000 n \n" % place for place in places])
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(made)
