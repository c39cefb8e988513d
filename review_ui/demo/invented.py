"""Invented people: names, ID numbers of an area that does not exist, cards of a test bank."""

import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from PIL import Image, ImageDraw

from workflows.values import bank_card
from workflows.values import id_number as id_numbers

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
# fmt: off
GIVEN = (
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛",
    "明", "超", "秀英", "霞", "平", "刚", "桂英", "建华", "建国", "志强", "玉兰", "桂兰", "秀兰",
    "晓东", "晓红", "春梅", "海燕", "立新", "国庆", "振华", "永刚", "淑珍", "凤英", "文博",
    "雨桐", "子轩", "思远", "佳怡", "俊杰",
)
# fmt: on
# An area code that was never given out: no living person has such a number.
AREA = "229901"


@dataclass(frozen=True, slots=True)
class Invented:
    """One person of the demo."""

    number: int
    name: str
    id_number: str
    phone: str
    card: str


def person(number: int, *, card_ends: str = "") -> Invented:
    """The same number always gives the same person; `card_ends` chooses what a bank answers."""
    draw = random.Random(number)  # noqa: S311 - invented data
    name = draw.choice(SURNAMES) + draw.choice(GIVEN)
    born = date(1968, 1, 1) + timedelta(days=draw.randrange(365 * 34))
    digits = f"{AREA}{born:%Y%m%d}{number % 1000:03}"
    phone = f"13{draw.randrange(10)}{10_000_000 + number:08}"
    return Invented(number, name, id_numbers.complete(digits), phone, _card(number, card_ends))


def _card(number: int, ends: str) -> str:
    """A number of the test bank; the bank's simulator looks at the last four digits."""
    for filler in range(10_000):
        card = bank_card.complete(f"9900{number:06}{filler:05}")
        special = card[-4:] in {"0001", "0002", "0003", "0004", "0005", "0006", "0009"}
        if card.endswith(ends) if ends else not special:
            return card
    raise AssertionError("every ending occurs among ten thousand numbers")


@cache
def picture(spec: str, shade: int) -> bytes:
    """A specimen of a card, plainly no real one. Twelve shades keep files apart."""
    colours = {"id_front": (206, 219, 232), "id_back": (232, 222, 210)}
    red, green, blue = colours.get(spec, (54, 98, 82))
    image = Image.new("RGB", (1000, 630), (red - shade, green - shade, blue - shade))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((20, 20, 980, 610), radius=36, outline=(90, 100, 110), width=6)
    pen.rectangle((700, 120, 900, 380), fill=(150, 160, 170))
    for row in range(6):
        pen.rectangle((80, 120 + row * 60, 420 + (row * 53) % 200, 146 + row * 60), fill="#46535f")
    for step in range(0, 1000, 40):
        pen.line((step, 560, step + 20, 600), fill=(120, 60, 50), width=4)
    pen.text((80, 540), f"SPECIMEN {spec} {shade}", fill=(150, 30, 30))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()
