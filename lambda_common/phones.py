"""Telephone numbers as people read them aloud."""

import re

import phonenumbers

# Service numbers, then mobile, company and three-digit area numbers, then the two-digit areas (02, 03, 05, 06, 08, 09).
_AREA = re.compile(r"0[678]00|01\d|0[47]\d|050|020|029|030|0\d")


def spoken_phone(dialled: str) -> str:
    """+358401234567 → 040 123 4567, 116117 → 116 117, +46701234567 → +46 70 123 45 67; what is no number, as it is."""
    if not dialled.startswith("+"):
        return " ".join(re.findall(r"\d{3}", dialled)) if len(dialled) == 6 else dialled
    try:
        number = phonenumbers.parse(dialled)
    except phonenumbers.NumberParseException:
        return dialled
    if number.country_code != 358:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return _finnish("0" + phonenumbers.national_significant_number(number))


def _finnish(digits: str) -> str:
    """The area, then groups of three with the longer one last, or two fours."""
    area = len(_AREA.match(digits)[0])  # type: ignore[index]  # the last alternative matches any number
    rest = digits[area:]
    groups = re.findall(r"\d{4}" if len(rest) == 8 else r"\d{3}(?=\d{3})|\d+", rest)
    return " ".join([digits[:area], *groups])
