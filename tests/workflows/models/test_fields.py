"""Encrypted columns open in their own row and nowhere else."""

from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import override_settings

from workflows.models import Person
from workflows.models.fields import blind_index, blind_indexes
from workflows.models.keys import keyring
from workflows.values.cipher import ValueTampered

NUMBER = "229901199003071249"


def person(at: datetime, number: str = NUMBER) -> Person:
    return Person.objects.create(
        id_number=number,
        id_index=blind_index("id_number", number),
        name="张三",
        name_index=blind_index("name", "张三"),
        created_at=at,
    )


def stored(column: str) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from workflows_person order by created_at, id")  # noqa: S608 - a constant
        return [bytes(row[0]) for row in cursor.fetchall()]


@pytest.mark.django_db
class TestEncryptedTextField:
    def test_reads_what_was_written(self, at: datetime) -> None:
        written = person(at)

        assert Person.objects.get(pk=written.pk).id_number == NUMBER

    def test_stores_no_plain_text(self, at: datetime) -> None:
        person(at)

        assert NUMBER.encode() not in stored("id_number")[0]
        assert "张三".encode() not in stored("name")[0]

    def test_value_moved_to_another_row_does_not_open(self, at: datetime) -> None:
        first = person(at)
        second = person(at, "229901198506150016")
        with connection.cursor() as cursor:
            cursor.execute(
                "update workflows_person set id_number = "
                "(select o.id_number from workflows_person o where o.id_index = %s)"
                " where id_index = %s",
                [first.id_index, second.id_index],
            )

        with pytest.raises(ValueTampered):
            Person.objects.get(pk=second.pk).id_number  # noqa: B018 - reading unseals

    def test_update_refuses_plain_text(self, at: datetime) -> None:
        person(at)

        with pytest.raises(TypeError):
            Person.objects.update(name="李四")

    def test_unread_value_is_written_back_unchanged(self, at: datetime) -> None:
        loaded = Person.objects.get(pk=person(at).pk)
        before = stored("id_number")

        loaded.save()

        assert stored("id_number") == before

    def test_empty_text_stays_empty(self, at: datetime) -> None:
        assert Person.objects.get(pk=person(at).pk).phone == ""


class TestBlindIndex:
    def test_full_width_and_small_x_match(self) -> None:
        assert blind_index("id_number", "22990119780101002x") == blind_index(
            "id_number", "２２９９０１１９７８０１０１００２Ｘ"
        )

    def test_fields_do_not_share_an_index(self) -> None:
        assert blind_index("phone", "1") != blind_index("name", "1")

    def test_search_begins_with_the_current_key(self) -> None:
        assert blind_indexes("phone", "1")[0] == blind_index("phone", "1")


class TestKeyring:
    @override_settings(TESTING=False, DEMO=False)
    def test_production_without_keys_is_refused(self) -> None:
        with pytest.raises(ImproperlyConfigured):
            keyring()
