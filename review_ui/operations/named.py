"""What a step is called, for operators: its name in their language, its id where it has none."""

from collections.abc import Mapping

from django.utils.translation import get_language

from engine import api


def names_of(definition_id: int) -> Mapping[str, str]:
    """Element id -> name, over all processes of a version's bundle."""
    language = get_language() or "zh-hans"
    return {
        element_id: found.name.in_language(language) or element_id
        for element_id, found in api.element_words(definition_id).items()
    }
