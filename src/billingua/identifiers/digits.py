"""What check digits are computed with."""

from collections.abc import Iterable

__all__ = ["crc8", "luhn", "mod_11_10", "mod_97", "weighted"]


def weighted(text: str, weights: Iterable[int]) -> int:
    """The sum of the digits, each times its weight; digits beyond the weights do not count."""
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=False))


def luhn(text: str) -> bool:
    """Whether the last digit makes the Luhn sum a multiple of ten (ISO/IEC 7812-1)."""
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    return sum(doubled[int(d)] if place % 2 else int(d) for place, d in enumerate(reversed(text))) % 10 == 0


def mod_11_10(text: str) -> bool:
    """Whether the last digit fits by ISO/IEC 7064 MOD 11,10."""
    check = 5
    for digit in text:
        check = (((check or 10) * 2) % 11 + int(digit)) % 10
    return check == 1


def mod_97(text: str) -> bool:
    """Whether digits and letters (A is 10, Z is 35) leave 1 when divided by 97 (ISO/IEC 7064 MOD 97-10)."""
    return int("".join([str(int(character, 36)) for character in text])) % 97 == 1


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial 0x07, starting at 0, neither reflected nor inverted."""
    check = 0
    for byte in data:
        check ^= byte
        for _ in range(8):
            check = (check << 1 ^ 0x07) & 0xFF if check & 0x80 else check << 1
    return check
