import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values import cipher
from workflows.values.cipher import Keyring, Place

KEY, OTHER, INDEX, OTHER_INDEX = (bytes([n]) * 32 for n in (1, 2, 3, 4))
RING = Keyring({1: KEY}, 1, {1: INDEX}, 1)
ROTATED = Keyring({1: KEY, 2: OTHER}, 2, {1: INDEX, 2: OTHER_INDEX}, 2)
HERE = Place("person", "7", "id_number")
NUMBER = "229901199003071249"


class TestSeal:
    @given(st.binary(max_size=200))
    def test_opens_in_its_place(self, plain: bytes) -> None:
        assert cipher.unseal(cipher.seal(plain, ring=RING, place=HERE), ring=RING, place=HERE) == (
            plain
        )

    def test_takes_48_bytes_for_a_number(self) -> None:
        blob = cipher.seal_text(NUMBER, ring=RING, place=HERE)

        assert len(blob) == 48
        assert blob[:2] == bytes((cipher.FORMAT, 1))
        assert cipher.unseal_text(blob, ring=RING, place=HERE) == NUMBER

    def test_has_a_known_answer(self) -> None:
        blob = cipher.seal(b"", ring=RING, place=HERE, nonce=bytes(12))

        assert blob.hex() == "0101" + "00" * 12 + "7c895d98601dc42278e0c52a7e7d4f3a"

    def test_never_repeats_a_nonce(self) -> None:
        nonces = {cipher.seal(b"", ring=RING, place=HERE)[2:14] for _ in range(20_000)}

        assert len(nonces) == 20_000

    @pytest.mark.parametrize(
        "elsewhere",
        [
            Place("person", "8", "id_number"),
            Place("person", "7", "name"),
            Place("claim", "7", "id_number"),
        ],
    )
    def test_does_not_open_elsewhere(self, elsewhere: Place) -> None:
        blob = cipher.seal_text(NUMBER, ring=RING, place=HERE)

        with pytest.raises(cipher.ValueTampered) as refused:
            cipher.unseal(blob, ring=RING, place=elsewhere)

        assert refused.value.key_id == 1

    @given(st.integers(0, 47), st.integers(1, 255))
    def test_notices_every_changed_byte(self, place: int, change: int) -> None:
        blob = bytearray(cipher.seal_text(NUMBER, ring=RING, place=HERE))
        blob[place] ^= change

        with pytest.raises(cipher.CipherError) as refused:
            cipher.unseal(bytes(blob), ring=RING, place=HERE)

        assert NUMBER not in str(refused.value)

    @given(st.binary(max_size=40))
    def test_refuses_any_other_bytes(self, blob: bytes) -> None:
        with pytest.raises(cipher.CipherError):
            cipher.unseal(blob, ring=RING, place=HERE)


class TestRotation:
    def test_seals_with_the_current_key_and_opens_with_all(self) -> None:
        old = cipher.seal_text(NUMBER, ring=RING, place=HERE)
        new = cipher.seal_text(NUMBER, ring=ROTATED, place=HERE)

        assert (cipher.key_id_of(old), cipher.key_id_of(new)) == (1, 2)
        assert cipher.unseal_text(old, ring=ROTATED, place=HERE) == NUMBER

    def test_names_the_key_that_is_missing(self) -> None:
        new = cipher.seal_text(NUMBER, ring=ROTATED, place=HERE)

        with pytest.raises(cipher.KeyMissing) as refused:
            cipher.unseal(new, ring=RING, place=HERE)

        assert refused.value.key_id == 2


class TestBlindIndex:
    def test_is_equal_for_two_ways_of_typing(self) -> None:
        typed = "２２990119780101002x "

        assert cipher.index_of(RING, "id_number", typed) == (
            cipher.index_of(RING, "id_number", "22990119780101002X")
        )

    def test_differs_by_field_and_key(self) -> None:
        assert cipher.blind_index(INDEX, "name", "A") != cipher.blind_index(INDEX, "phone", "A")
        assert cipher.blind_index(INDEX, "name", "A") != cipher.blind_index(KEY, "name", "A")

    def test_of_every_key_begins_with_the_current_one(self) -> None:
        current, old = cipher.all_indexes(ROTATED, "id_number", NUMBER)

        assert (current[0], old[0]) == (2, 1)
        assert old == cipher.index_of(RING, "id_number", NUMBER)

    def test_names_the_key_that_is_missing(self) -> None:
        with pytest.raises(cipher.KeyMissing):
            cipher.index_of(RING, "id_number", NUMBER, key_id=9)


class TestKeyring:
    def test_does_not_show_its_keys(self) -> None:
        assert "x01" not in repr(RING)

    @pytest.mark.parametrize(
        ("keys", "current", "index_keys", "current_index"),
        [
            ({1: KEY}, 9, {1: INDEX}, 1),
            ({1: KEY}, 1, {1: INDEX}, 9),
            ({1: b"short"}, 1, {1: INDEX}, 1),
            ({1: KEY, 256: OTHER}, 1, {1: INDEX}, 1),
            ({1: KEY}, 1, {1: KEY}, 1),
        ],
    )
    def test_refuses_a_ring_that_cannot_work(
        self,
        keys: dict[int, bytes],
        current: int,
        index_keys: dict[int, bytes],
        current_index: int,
    ) -> None:
        with pytest.raises(cipher.CipherError):
            Keyring(keys, current, index_keys, current_index)


class TestPlace:
    @pytest.mark.parametrize("part", ["", "a:b", "é", "a b"])
    def test_refuses_a_name_that_could_be_two(self, part: str) -> None:
        with pytest.raises(ValueError, match="Place"):
            Place("person", part, "name")
