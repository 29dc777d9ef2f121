"""Who a resident is never stands in free text: telephones, identity cards and flats are taken out.

Where a building and its entrance are stays, because wardens find a place by them: of 3栋2单元501室
only the flat goes. What looks alike stays too: dates, ticket numbers, numbers of other systems,
counts and measures.
"""

import re

HIDDEN = "［号码已隐去］"

_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ－‐‑–—−　＋＃（）", "0123456789Xx------\x20+#()")

_NUMBER = re.compile(
    r"""
    (?<!\d)(?:
        # Identity card: region, day of birth until 2019 (region, recent day and a count is how
        # other systems number their cases), count.
        [1-8]\d{5}[ -]?(?:19\d\d|20[01]\d)[ -]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?
        \d{3}[\dXx]
        # Mobile telephone.
        | (?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}
    )(?!\d)
    # Landline: area code (not one before a day), number, extension.
    | (?:
        (?<![\d-])(?:\+?86[ -]?)?\(?0(?:10|2\d|[3-9]\d\d)[)-][ -]?
        | (?<![\dA-Za-z-])(?:(?:\+?86[ -]?)?0|\+?86[ -])(?:10|2\d|[3-9]\d\d)[ -]?
    )
    (?!20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))
    [1-9]\d{2,3}[ -]?\d{4}(?:(?:-|转|分机)\d{1,5})?(?!\d)
    """,
    re.VERBOSE | re.ASCII,
)

_NO_YEAR = r"(?!(?:19|20)[2-9]\d)"
_FLAT = rf"{_NO_YEAR}0?[1-9]\d?(?:0[1-9]|[12]\d)"
"""A storey and a flat on it: 101, 1203, 0301, 2001."""
_NUMERAL = "[〇零一二三四五六七八九]"
_HUNDREDS = f"{_NUMERAL}百[〇零一二三四五六七八九十]{{1,4}}"
_AND = "[、,，/和及与或至到~～-]"
_HOME = "(?= *号?(?:室|房(?!改)|住户|业主|门口|门前|门外))"
_BUILDING = "(?:栋|幢|座|楼|层|单元)"
_COUNTED = (
    r"(?![\d.:%％‰]| *(?:[KkMmGg℃㎡㎜㎝㎞°毫厘米公千平亩吨升度伏瓦]|分米|"
    "[个人名位元块件家路次间辆盏处条棵株根只台套本页层楼栋幢座年月日时天点分秒]))"
)

_FLATS = (
    # 501室, 501、502号房, 501门口, 五零一室.
    rf"(?<![\d共约近达])(?<!\d{{5}}-)(?P<flat>\d{{3,5}}(?:{_AND}\d{{3,5}}){{0,9}}){_HOME}",
    rf"(?<!{_NUMERAL})(?P<flat>{_NUMERAL}{{3,4}}|{_HUNDREDS})(?=号?[室房])",
    # After a building, an entrance or a storey: 2单元501, 3#2-501; 二单元五零一; 12室; 东户.
    rf"(?:{_BUILDING}号?|\d#)[ 、,，./-]*(?:\d-)?"
    rf"(?P<flat>{_FLAT}(?:{_AND}{_FLAT}){{0,9}}){_COUNTED}",
    rf"{_BUILDING}(?P<flat>{_NUMERAL}{{3,4}})(?!{_NUMERAL}|[十百层楼栋幢座单个户人家])",
    rf"{_BUILDING}[ -]?(?P<flat>\d{{1,2}})(?=号?[室房])",
    rf"{_BUILDING}的?(?P<flat>[东西南北中左右]{{1,2}}(?:边|侧|手边|首)?)(?=户)",
    # 5-2-301, A-2-1203, 1-3-2-501; 3-501, A-1203.
    r"(?<![\dA-Za-z./_-])(?:[A-Za-z]?\d{1,3}|[A-Za-z])(?:-\d{1,2}){1,2}-"
    rf"(?P<flat>{_NO_YEAR}(?:[1-9]\d|0[1-9])\d{{1,2}})(?![\dA-Za-z./_-])",
    rf"(?<![\dA-Za-z./_第号-])(?:[A-Za-z]?\d{{1,2}}|[A-Za-z])-(?P<flat>{_FLAT})"
    rf"(?![A-Za-z/_-]|[号期]){_COUNTED}",
)
_PATTERNS = tuple(re.compile(flat, re.ASCII) for flat in _FLATS)
_SAID = re.compile(rf"\d|{_NUMERAL}|[十百东西南北中左右]", re.ASCII)


def masked(text: str) -> str:
    """The text without telephones, identity card numbers (HIDDEN stands for each) and flats (`*`
    for each character of one). Never longer than it was; what is masked already stays as it is."""
    return without_flats(without_numbers(text))


def without_numbers(text: str) -> str:
    """The text with every telephone and identity card number replaced; widths do not count.

    The translation keeps each character's place, so what is found in one is cut from the other.
    """
    parts, end = [], 0
    for found in _NUMBER.finditer(text.translate(_WIDE)):
        parts += [text[end : found.start()], HIDDEN]
        end = found.end()
    return "".join([*parts, text[end:]])


def without_flats(text: str) -> str:
    """The text with the number of every flat replaced, its building and entrance left."""
    for pattern in _PATTERNS:
        said = text.translate(_WIDE)
        for found in pattern.finditer(said):
            start, end = found.span("flat")
            text = f"{text[:start]}{_SAID.sub('*', said[start:end])}{text[end:]}"
    return text
