"""The store of files: a name is given to whole files alone, and a full disk is said to whoever sent one."""

import hashlib
import os
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.mail import EmailMessage

from foundations.test_whole_files import names_in, room_for
from muntada.foundations.errors import Refused
from muntada.foundations.mail import ConsoleAndFolder
from muntada.foundations.storage import WholeFileStorage, store_under_digest

CONTENT = b"%PDF-1.7" + b"x" * 2_000_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def place(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path / "folder" / DIGEST


def test_the_platform_stores_its_files_so():
    assert isinstance(storages["default"], WholeFileStorage)


def test_a_full_disk_is_refused_as_such_and_leaves_nothing(place):
    with room_for(1_000_000), pytest.raises(Refused) as refused:
        store_under_digest(f"folder/{DIGEST}", CONTENT, digest=DIGEST, field="attachment")
    assert (refused.value.code, refused.value.field) == ("disk-full", "attachment")
    assert names_in(place.parent) == []
    with room_for(1_000_000), pytest.raises(Refused) as refused:
        default_storage.save("folder/book.pdf", ContentFile(CONTENT))
    assert refused.value.code == "disk-full"
    assert names_in(place.parent) == []


@pytest.mark.parametrize("left", [CONTENT[:1_000_000], b"y" * len(CONTENT), b""])
def test_what_stands_there_broken_is_replaced(left, place):
    place.parent.mkdir()
    place.write_bytes(left)
    store_under_digest(f"folder/{DIGEST}", CONTENT, digest=DIGEST)
    assert place.read_bytes() == CONTENT


def test_what_stands_there_whole_is_not_written_again(place):
    store_under_digest(f"folder/{DIGEST}", CONTENT, digest=DIGEST)
    before = place.stat()
    store_under_digest(f"folder/{DIGEST}", CONTENT, digest=DIGEST)
    assert place.stat().st_ino == before.st_ino
    assert place.stat().st_mode & 0o777 == 0o644


def test_a_second_file_of_one_name_gets_another(place):
    first = default_storage.save("folder/one.txt", ContentFile(b"first"))
    second = default_storage.save("folder/one.txt", ContentFile("second"))
    assert first != second
    assert (place.parent / "one.txt").read_bytes() == b"first"
    assert default_storage.open(second).read() == b"second"


def test_a_letter_for_which_there_is_no_room_is_refused_as_such(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path
    letter = EmailMessage(subject="A", body="letter", to=["a@example.org"])
    with room_for(10), pytest.raises(Refused) as refused:
        ConsoleAndFolder(alias="default").send_messages([letter])
    assert refused.value.code == "disk-full"
    assert names_in(tmp_path) == []
    ConsoleAndFolder(alias="default").send_messages([letter])
    assert len(names_in(tmp_path)) == 1


@pytest.mark.long
def test_a_full_disk_leaves_no_half_key(tmp_path):
    asks = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2);"
        "from muntada.settings import SECRET_KEY; print(SECRET_KEY)"
    )
    place = {"PYTHONPATH": os.pathsep.join(sys.path), "MUNTADA_VAR": str(tmp_path)}

    def key(room):
        command = [sys.executable, "-B", "-c", asks, str(room)]
        return subprocess.run(command, env=place, capture_output=True, check=False).stdout.strip()

    assert key(10) == b""
    assert names_in(tmp_path) == []
    assert len(key(1_000_000)) == 64
    assert key(1_000_000) == (tmp_path / "secret-key").read_bytes()
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
