"""Font programs of three glyphs, made here, and the ways to embed them."""

from collections.abc import Callable
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from pikepdf import Array, Dictionary, Name, Pdf

WIDTHS = {".notdef": 500, "A": 600, "B": 700}
Maps = tuple[tuple[int, int, dict[int, str]], ...]
UNICODE: Maps = ((3, 1, {65: "A", 66: "B"}),)
SYMBOLS: Maps = ((3, 0, {0xF041: "A", 0xF042: "B"}),)
MAC: Maps = ((1, 0, {65: "A", 66: "B"}),)


def _square(pen: TTGlyphPen | T2CharStringPen) -> None:
    pen.moveTo((0, 0))
    pen.lineTo((100, 0))
    pen.lineTo((100, 100))
    pen.closePath()


def true_type(maps: Maps = UNICODE) -> bytes:
    """A TrueType program with these character maps."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(WIDTHS))
    pen = TTGlyphPen(None)
    _square(pen)
    shape = pen.glyph()
    builder.setupCharacterMap({65: "A", 66: "B"})
    builder.setupGlyf(dict.fromkeys(WIDTHS, shape))
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in WIDTHS.items()})
    builder.setupHorizontalHeader()
    builder.setupPost(keepGlyphNames=False)
    tables = []
    for platform, encoding, codes in maps:
        table = CmapSubtable.newSubtable(4 if platform == 3 else 0)
        table.platformID, table.platEncID, table.language = platform, encoding, 0
        table.cmap = codes
        tables.append(table)
    builder.font["cmap"].tables = tables
    return _saved(builder)


def cff(keyed_by_cid: bool = False) -> bytes:
    """A bare CFF program."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(list(WIDTHS))
    builder.setupCharacterMap({65: "A", 66: "B"})
    shapes: dict[str, T2CharString] = {}
    for name, width in WIDTHS.items():
        pen = T2CharStringPen(width, None)
        _square(pen)
        shapes[name] = pen.getCharString()
    builder.setupCFF("Made", {"FullName": "Made"}, shapes, {})
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in WIDTHS.items()})
    builder.setupHorizontalHeader()
    builder.setupPost()
    target = BytesIO()
    font = builder.font["CFF "].cff
    if keyed_by_cid:
        top = font[0]
        top.ROS = ("Adobe", "Identity", 0)
    font.compile(target, builder.font)
    return target.getvalue()


def _saved(builder: FontBuilder) -> bytes:
    target = BytesIO()
    builder.save(target)
    return target.getvalue()


def covered(clear: bytes, key: int) -> bytes:
    """The cipher of Type 1."""
    sealed = bytearray()
    for byte in clear:
        cipher = byte ^ (key >> 8)
        sealed.append(cipher)
        key = ((cipher + key) * 52845 + 22719) & 0xFFFF
    return bytes(sealed)


def type1(hexadecimal: bool = False) -> bytes:
    """A Type 1 program with a standard encoding."""
    private = b"dup /Private 1 dict dup begin /lenIV 4 def\n2 index /CharStrings 3 dict dup begin\n"
    for name, width in WIDTHS.items():
        program = bytes([139, 255, *width.to_bytes(4, "big"), 13, 14])
        sealed = covered(b"\0\0\0\0" + program, 4330)
        private += b"/%s %d RD %s ND\n" % (name.encode(), len(sealed), sealed)
    private += b"end end readonly put noaccess put dup /FontName get exch definefont pop mark currentfile closefile\n"
    sealed = covered(b"\xff\xff\xff\xff" + private, 55665)
    clear = b"%!PS-AdobeFont-1.0: Made\n/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n"
    clear += b"/Encoding StandardEncoding def\ncurrentfile eexec\n"
    return clear + (sealed.hex().encode() if hexadecimal else sealed) + b"\n" + b"0" * 512 + b"\ncleartomark\n"


def simple(document: Pdf, kind: str, **entries: object) -> Dictionary:
    """A simple font of A and B: TrueType, Type1 (with a Type 1 program) or Type1C."""
    key, data, subtype = {
        "TrueType": ("/FontFile2", true_type(), None),
        "Type1": ("/FontFile", type1(), None),
        "Type1C": ("/FontFile3", cff(), Name.Type1C),
    }[kind]
    program = document.make_stream(entries.pop("program", data))
    if subtype is not None:
        program.Subtype = subtype
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.Made, Flags=32)
    descriptor[key] = program
    for name, value in dict(entries.pop("descriptor", {})).items():
        if value is None:
            del descriptor[f"/{name}"]
        else:
            descriptor[f"/{name}"] = value
    usual = {
        "Type": Name.Font,
        "Subtype": Name.TrueType if kind == "TrueType" else Name.Type1,
        "BaseFont": Name.Made,
        "FirstChar": 65,
        "LastChar": 66,
        "Widths": Array([600, 700]),
        "Encoding": Name.WinAnsiEncoding,
        "FontDescriptor": descriptor,
    }
    return _kept(usual | entries)


def composite(document: Pdf, **entries: object) -> Dictionary:
    """A Type 0 font over the TrueType program; entries of the CIDFont begin with `below_`."""
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.Made, Flags=4)
    descriptor.FontFile2 = document.make_stream(true_type())
    for name, value in dict(entries.pop("descriptor", {})).items():
        descriptor[f"/{name}"] = document.make_stream(value) if isinstance(value, bytes) else value
    below = {
        "Type": Name.Font,
        "Subtype": Name.CIDFontType2,
        "BaseFont": Name.Made,
        "CIDSystemInfo": Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        "CIDToGIDMap": Name.Identity,
        "W": Array([1, Array([600, 700])]),
        "FontDescriptor": descriptor,
    }
    below |= {key.removeprefix("below_"): value for key, value in entries.items() if key.startswith("below_")}
    above = {
        "Type": Name.Font,
        "Subtype": Name.Type0,
        "BaseFont": Name.Made,
        "Encoding": Name("/Identity-H"),
        "DescendantFonts": Array([_kept(below)]),
    }
    return _kept(above | {key: value for key, value in entries.items() if not key.startswith("below_")})


def _kept(entries: dict[str, object]) -> Dictionary:
    return Dictionary(**{key: value for key, value in entries.items() if value is not None})


def cmap(lines: bytes, **entries: object) -> Callable[[Pdf], object]:
    """An embedded CMap of one or two bytes a code."""

    def stream(document: Pdf) -> object:
        made = document.make_stream(
            b"begincmap\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n" + lines + b"\nendcmap"
        )
        for key, value in entries.items():
            made[f"/{key}"] = value
        return made

    return stream
