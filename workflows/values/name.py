"""Names of people: stored as given, masked for lists, folded for searching.

No character of a name is dropped for being rare: 䶮 and 㛃 are names of living people.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflows.values.errors import InvalidName

LONGEST: Final = 70
_MIDDLE_DOT: Final = "·"
# Bullet, hyphenation point, katakana dots, dot operator, Greek ano teleia: all typed for ·.
_DOTS: Final = dict.fromkeys(map(ord, "•‧・･⋅∙·・"), _MIDDLE_DOT)
# The two-character family names; the rest of the population has one character.
_COMPOUND: Final = frozenset(
    (
        "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟",
        "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政",
        "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙",
        "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇", "巫马",
        "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋",
        "夹谷", "轩辕", "令狐", "段干", "百里", "呼延", "东郭", "南门", "羊舌",
        "微生", "梁丘", "左丘", "西门", "第五", "南荣", "东里", "东宫", "即墨",
        "达奚", "褚师", "歐陽", "諸葛", "司馬", "東方", "鮮于",
    )
)  # fmt: skip
_COMPOUND_LENGTH: Final = 2
# Written forms of one character that registers, guides and people use side by side.
VARIANTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "琿": "珲", "喆": "哲", "堃": "坤", "昇": "升", "甯": "宁", "寧": "宁",
        "峯": "峰", "邨": "村", "勳": "勋", "勛": "勋", "彥": "彦", "溫": "温",
        "煉": "炼", "鍊": "炼", "祿": "禄", "恆": "恒", "徳": "德", "靑": "青",
        "衆": "众", "槑": "梅", "歐": "欧", "陽": "阳", "張": "张", "劉": "刘",
    }
)  # fmt: skip


def parse(text: str) -> str:
    """A name as it is stored: NFC, one kind of middle dot, white space at both ends removed.

    Marks that change the direction or have no width are kept; `visible` shows them.
    """
    name = unicodedata.normalize("NFC", text).translate(_DOTS).strip()
    if not name:
        raise InvalidName("empty")
    if len(name) > LONGEST:
        raise InvalidName("length")
    # Cc: control characters, NUL among them; Cs: halves of a surrogate pair, which no database
    # stores; Zl and Zp: line and paragraph separators, which split a line of a bank file.
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in name):
        raise InvalidName("characters")
    return name


def mask(name: str) -> str:
    """张* and 欧阳*: the family name and one star, so that the length stays unknown."""
    family = name[:_COMPOUND_LENGTH]
    return f"{family}*" if family in _COMPOUND and name != family else f"{name[:1]}*"


def search_key(text: str, *, variants: Mapping[str, str] = VARIANTS) -> str:
    """What two spellings of one name have in common: variants, width, case, dots, spaces."""
    folded = unicodedata.normalize("NFKC", text.translate(_DOTS)).casefold()
    kept = (
        variants.get(char, char)
        for char in folded
        if char not in {_MIDDLE_DOT, ".", "-", "'", "’"}
        and not char.isspace()
        and unicodedata.category(char) != "Cf"
    )
    return "".join(kept)


def visible(name: str) -> str:
    """The name with its invisible marks spelt out, for the officer who compares it."""
    return "".join(
        f"⟦U+{ord(char):04X}⟧" if unicodedata.category(char) == "Cf" else char for char in name
    )
