"""A small server on this machine stands for the network; only here is it allowed to be asked."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network

import pytest

from muntada.foundations import fetching
from muntada.foundations.errors import Refused
from muntada.foundations.fetching import Fetcher

HERE = frozenset({"127.0.0.1"})


ANSWERS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "/good?q=%C3%A9": (200, b'{"a": 1}', {}),
    "/away": (302, b"", {"Location": "/busy"}),
    "/inside": (302, b"", {"Location": "http://127.0.0.2:1/secret"}),
    "/file": (302, b"", {"Location": "file:///etc/passwd"}),
    "/round": (302, b"", {"Location": "/round"}),
    "/large": (200, b"x" * 3000, {}),
    "/packed": (200, b"xx", {"Content-Encoding": "gzip"}),
}


class Answers(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path == "/busy":
            is_free = self.asked.count("/busy") > 2
            self.answer(200 if is_free else 503, b"at last" if is_free else b"")
        elif self.path == "/silent":
            threading.Event().wait(1.5)
        elif self.path == "/nonsense":
            self.wfile.write(b"no answer of the web\r\n")
        elif self.path == "/broken":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
        else:
            status, body, headers = ANSWERS.get(self.path, (404, b"", {}))
            self.answer(status, body, headers)

    def answer(self, status, body=b"", headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Answers.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetcher(waits) -> Fetcher:
    return Fetcher(allowed=HERE, wait=waits.append, most_bytes=2000, seconds=0.5)


def why(fetcher: Fetcher, address: str) -> Refused:
    with pytest.raises(Refused) as refusal:
        fetcher.fetch(address)
    return refusal.value


def test_a_document_is_fetched_with_what_it_is(server, fetcher):
    fetched = fetcher.fetch(f"{server}/good?q=é")
    assert (fetched.content, fetched.address) == (b'{"a": 1}', f"{server}/good?q=é")


def test_a_server_that_is_busy_is_asked_again_a_little_later(server, fetcher, waits):
    assert fetcher.fetch(f"{server}/away").content == b"at last"
    assert waits == [1.0, 4.0]


@pytest.mark.parametrize("name", ["silent", "broken"])
def test_one_that_stays_silent_or_breaks_off_is_given_up_and_named(name, server, fetcher, waits):
    refusal = why(fetcher, f"{server}/{name}")
    assert "127.0.0.1 did not answer as expected" in str(refusal)
    assert len(waits) == 2


def test_what_libraries_say_of_a_fault_is_said_in_words_of_ours(server, fetcher):
    nonsense = str(why(fetcher, f"{server}/nonsense"))
    nobody = str(why(fetcher, "http://127.0.0.1:1/"))
    assert "could not be understood" in nonsense
    assert "it took no connection" in nobody
    assert not any(word in nonsense + nobody for word in ("Errno", "StatusLine", "no answer of the web"))


def test_one_that_is_not_there_is_not_asked_again(server, fetcher, waits):
    assert "404" in str(why(fetcher, f"{server}/none"))
    assert waits == []


@pytest.mark.parametrize(
    ("path", "words"), [("large", "larger than"), ("packed", "packed"), ("round", "leads on and on")]
)
def test_what_is_too_large_packed_or_leads_round_is_refused(path, words, server, fetcher):
    assert words in str(why(fetcher, f"{server}/{path}"))


def test_this_machine_is_not_asked_unless_it_is_allowed(server):
    assert why(Fetcher(), f"{server}/good").code == "fetch-private"
    assert Answers.asked == []


def test_a_redirection_into_our_network_is_not_followed(server, fetcher):
    assert why(fetcher, f"{server}/inside").code == "fetch-private"
    assert why(fetcher, f"{server}/file").code == "fetch-address"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
        *("[::1]", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
        *("localhost", "2130706433", "0x7f.1", "224.0.0.1", "255.255.255.255"),
    ],
)
def test_no_way_of_writing_an_address_of_our_network_is_taken(host):
    assert why(Fetcher(), f"http://{host}/").code == "fetch-private"


# What the two registries of special-purpose addresses of IANA call not globally reachable, and what was
# given back: site-local addresses (RFC 3879) and the relays of 6to4 (RFC 7526).
NOT_PUBLIC = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
    *("192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.170/31", "192.0.2.0/24", "192.88.99.0/24"),
    *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    *("255.255.255.255/32", "::/128", "::1/128", "::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64"),
    *("2001::/23", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32"),
    *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
)


@pytest.mark.parametrize("network", NOT_PUBLIC)
def test_no_address_of_a_special_purpose_is_asked(network, monkeypatch):
    addresses = ip_network(network)
    for place in (0, addresses.num_addresses // 2, -1):
        found = [(2, 1, 6, "", (str(addresses[place]), 80))]
        monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_args, found=found, **_named: found)
        assert why(Fetcher(), "http://example.org/").code == "fetch-private"


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "2a00:1450::1"])
def test_an_address_of_the_world_is_asked(address):
    assert fetching._is_public(ip_address(address))


@pytest.mark.parametrize("addresses", [["93.184.216.34", "127.0.0.1"], ["10.0.0.1"]])
def test_every_address_of_a_name_is_checked(addresses, monkeypatch):
    found = [(2, 1, 6, "", (one, 80)) for one in addresses]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_args, **_named: found)
    assert why(Fetcher(), "http://example.org/").code == "fetch-private"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://example.org/x",
        "example.org",
        "http://",
        "http://a b/",
        "http://u:p@example.org/",
        "http://[::1",
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_asked(address):
    assert why(Fetcher(), address).code == "fetch-address"
