import stat
from pathlib import Path

import pytest

from workflows.errors import StoredFileDamaged
from workflows.ports.storage import PrivateStorage
from workflows.values.cipher import Keyring

RING = Keyring({1: b"1" * 32}, 1, {1: b"i" * 32}, 1)
OTHER_RING = Keyring({2: b"2" * 32}, 2, {1: b"i" * 32}, 1)
CONTENT = b"\xff\xd8 a picture of somebody"


@pytest.fixture
def storage(tmp_path: Path) -> PrivateStorage:
    return PrivateStorage(tmp_path / "media", RING)


def refusal(storage: PrivateStorage, name: str, sha256: str = "") -> str:
    with pytest.raises(StoredFileDamaged) as refused:
        storage.open(name, sha256=sha256)
    return refused.value.reason


class TestPrivateStorage:
    def test_gives_back_what_was_stored(self, storage: PrivateStorage) -> None:
        stored = storage.write(storage.new_name("attachments", "jpg"), CONTENT)

        assert storage.open(stored.name, sha256=stored.sha256) == CONTENT
        assert stored.size == len(CONTENT)
        assert [name for name, _ in storage.names()] == [stored.name]

    def test_keeps_nothing_readable_on_disk(self, storage: PrivateStorage, tmp_path: Path) -> None:
        stored = storage.write(storage.new_name("attachments", "jpg"), CONTENT)
        path = tmp_path / "media" / stored.name

        assert CONTENT[2:] not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(path.parent.iterdir()) == [path]

    def test_writes_a_name_once(self, storage: PrivateStorage, tmp_path: Path) -> None:
        name = storage.new_name("attachments", "jpg")
        storage.write(name, CONTENT)

        with pytest.raises(FileExistsError):
            storage.write(name, b"other")

        assert storage.open(name) == CONTENT
        assert len(list((tmp_path / "media" / "attachments").iterdir())) == 1

    def test_does_not_open_an_exchanged_or_changed_file(
        self, storage: PrivateStorage, tmp_path: Path
    ) -> None:
        mine, other = (storage.new_name("attachments", "jpg") for _ in range(2))
        storage.write(mine, CONTENT)
        storage.write(other, b"of somebody else")

        (tmp_path / "media" / other).replace(tmp_path / "media" / mine)

        assert refusal(storage, mine) == "value_tampered"
        assert refusal(storage, other) == "missing"

    def test_names_what_is_wrong(self, storage: PrivateStorage, tmp_path: Path) -> None:
        stored = storage.write(storage.new_name("attachments", "jpg"), CONTENT)

        assert refusal(storage, stored.name, "0" * 64) == "other_content"
        assert refusal(PrivateStorage(tmp_path / "media", OTHER_RING), stored.name) == (
            "key_missing"
        )
        (tmp_path / "media" / stored.name).write_bytes(b"")
        assert refusal(storage, stored.name) == "format_unknown"

    def test_deletes_once(self, storage: PrivateStorage) -> None:
        stored = storage.write(storage.new_name("attachments", "jpg"), CONTENT)

        assert storage.delete(stored.name) is True
        assert storage.delete(stored.name) is False

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "../x",
            "/etc/passwd",
            "attachments/../../x.jpg",
            "attachments/x.php.jpg",
            "a\\b.jpg",
        ],
    )
    def test_touches_no_name_of_others(self, storage: PrivateStorage, name: str) -> None:
        assert refusal(storage, name) == "name"
        with pytest.raises(StoredFileDamaged):
            storage.write(name, CONTENT)
        with pytest.raises(StoredFileDamaged):
            storage.delete(name)

    @pytest.mark.parametrize(("area", "ending"), [("../a", "jpg"), ("a", "j/pg"), ("", "jpg")])
    def test_makes_no_odd_name(self, storage: PrivateStorage, area: str, ending: str) -> None:
        with pytest.raises(ValueError, match=r".*"):
            storage.new_name(area, ending)
