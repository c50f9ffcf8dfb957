"""Where a visit may end up, tried against servers on several addresses of this machine.

`127.0.0.2` stands for a public address: the policy opens it. `127.0.0.1` stays what it is.
"""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from ckanext.emergent.reading.errors import FatalError, RefusedLink, UnexpectedAnswer
from ckanext.emergent.reading.network.fetch import Fetch
from ckanext.emergent.tests.servers import Reply, Web, json_reply, redirect_reply, serving
from ckanext.emergent.tests.visits import HOSTS, visit, visitor

pytestmark = pytest.mark.allow_hosts(HOSTS)

BAD, GOOD, DEAD = "127.0.0.1", "127.0.0.2", "127.0.0.3"
PUBLIC_HERE = (ip_network(f"{GOOD}/32"), ip_network(f"{DEAD}/32"))


def guarded(**named: Any) -> Fetch:
    return visitor(allowed_networks=PUBLIC_HERE, **named)


@pytest.fixture
def good() -> Iterator[Web]:
    with serving({"/": json_reply("good")}, host=GOOD) as web:
        yield web


def refusal(fetch: Fetch, url: str) -> str:
    with pytest.raises(RefusedLink) as raised:
        fetch.get(url)
    return raised.value.problem.code


def test_an_allowed_server_answers(good: Web) -> None:
    with guarded().get(good.url()) as answer:
        assert answer.json() == "good"


def test_nothing_is_asked_of_a_refused_address() -> None:
    with serving({"/": json_reply("secret")}) as web:
        assert refusal(guarded(), web.url()) == "link_address_refused"
    assert web.requests == []


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0"]
)
def test_no_spelling_of_loopback_gets_through(host: str) -> None:
    assert refusal(guarded(), f"http://{host}/") == "link_address_refused"


@pytest.mark.parametrize("host", ["localhost", "internal.example", "169.254.169.254.example"])
def test_a_name_is_judged_by_what_it_resolves_to(host: str) -> None:
    fetch = guarded(addresses={host: (BAD,)})

    assert refusal(fetch, f"http://{host}/") == "link_address_refused"


def test_a_refusal_does_not_tell_the_address_behind_the_name() -> None:
    fetch = guarded(addresses={"internal.example": ("10.1.2.3",)})

    with pytest.raises(RefusedLink) as raised:
        fetch.get("http://internal.example/")

    assert "10.1.2.3" not in str(raised.value.problem)
    assert ("host", "internal.example") in raised.value.problem.values


@pytest.mark.parametrize("addresses", [(BAD, GOOD), (GOOD, BAD), (BAD, DEAD, GOOD)])
def test_of_several_addresses_a_good_one_is_taken(good: Web, addresses: tuple[str, ...]) -> None:
    with serving({}, host=BAD) as bad:
        fetch = guarded(addresses={"both.example": addresses})
        with fetch.get(good.url(host="both.example")) as answer:
            assert answer.json() == "good"

    assert bad.requests == []


def test_all_addresses_bad_is_refused() -> None:
    fetch = guarded(addresses={"bad.example": (BAD, "10.0.0.1", "::1", "fe80::1%lo")})

    assert refusal(fetch, "http://bad.example/") == "link_address_refused"


def test_no_address_at_all_is_an_unknown_name() -> None:
    with pytest.raises(FatalError) as raised:
        guarded(addresses={"empty.example": ()}).get("http://empty.example/")

    assert raised.value.problem.code == "portal_name_unknown"


def test_a_name_that_changes_its_address_is_judged_at_each_connection(good: Web) -> None:
    turns = iter([(GOOD,), (BAD,)])
    good.answers["/"] = json_reply("good", headers={"Connection": "close"})
    fetch = guarded()
    fetch._guard._resolve = lambda host, port: next(turns)

    visit(fetch, good.url(host="rebinding.example"))

    assert refusal(fetch, good.url(host="rebinding.example")) == "link_address_refused"


def test_a_kept_connection_stays_at_the_judged_address(good: Web) -> None:
    turns = iter([(GOOD,), (BAD,)])
    with guarded() as fetch:
        fetch._guard._resolve = lambda host, port: next(turns)
        visit(fetch, good.url(host="rebinding.example"))
        visit(fetch, good.url(host="rebinding.example"))

    assert [received.connection for received in good.requests] == [1, 1]


def test_the_host_header_names_the_host_and_not_the_address(good: Web) -> None:
    visit(guarded(addresses={"named.example": (GOOD,)}), good.url(host="named.example"))

    assert good.requests[0].headers["host"] == f"named.example:{good.port}"


def test_a_name_in_other_letters_is_asked_for_in_ascii(good: Web) -> None:
    fetch = guarded(addresses={"xn--bcher-kva.example": (GOOD,)})

    visit(fetch, good.url(host="BÜCHER.example"))

    assert good.requests[0].headers["host"] == f"xn--bcher-kva.example:{good.port}"


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8983, 11211])
def test_a_port_of_other_services_is_refused(port: int) -> None:
    fetch = guarded(addresses={"public.example": ("8.8.8.8",)})

    assert refusal(fetch, f"http://public.example:{port}/") == "link_port_refused"


# --- redirects -----------------------------------------------------------------------------


def test_redirects_are_followed_and_the_last_address_is_told(good: Web) -> None:
    good.answers.update({"/a": redirect_reply("/b?c=d"), "/b": redirect_reply(good.url())})
    with guarded() as fetch, fetch.get(good.url("/a")) as answer:
        assert (answer.asked, answer.url) == (good.url("/a"), good.url())
    assert good.asked == ["/a", "/b?c=d", "/"]


def test_three_redirects_are_enough(good: Web) -> None:
    good.answers.update({f"/{n}": redirect_reply(f"/{n + 1}") for n in range(9)})

    with pytest.raises(UnexpectedAnswer) as raised:
        guarded().get(good.url("/0"))

    assert raised.value.problem.code == "too_many_redirects"
    assert good.asked == ["/0", "/1", "/2", "/3"]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "link_address_refused"),
        ("http://[fd00:ec2::254]/latest/", "link_address_refused"),
        ("//127.0.0.1/", "link_address_refused"),
        ("http://0x7f.1/", "link_address_refused"),
        ("file:///etc/passwd", "link_scheme_refused"),
        ("ftp://example.org/", "link_scheme_refused"),
        ("http://me:word@example.org/", "link_has_credentials"),
        ("http://8.8.8.8:6379/", "link_port_refused"),
        ("http://exa mple/", "link_malformed"),
    ],
)
def test_each_redirect_is_judged_again(good: Web, to: str, code: str) -> None:
    good.answers["/"] = redirect_reply(to)

    assert refusal(guarded(), good.url()) == code


def test_a_redirect_to_nowhere_is_told_so(good: Web) -> None:
    good.answers["/"] = Reply(302)

    with pytest.raises(UnexpectedAnswer) as raised:
        guarded().get(good.url())

    assert raised.value.problem.code == "redirect_without_target"


def test_a_redirect_in_other_letters_is_followed(good: Web) -> None:
    good.answers.update({"/": redirect_reply("/données"), "/donn%C3%A9es": json_reply("oui")})
    with guarded().get(good.url()) as answer:
        assert answer.json() == "oui"


# --- proxies -------------------------------------------------------------------------------


def test_a_proxy_of_the_environment_is_ignored(good: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({}, host=DEAD) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url())
        visit(guarded(), good.url())

    assert proxy.requests == []
    assert len(good.requests) == 1


def test_credentials_of_the_environment_are_ignored(
    good: Web, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {GOOD} login me password word\n")
    monkeypatch.setenv("NETRC", str(netrc))

    visit(guarded(), good.url())

    assert "authorization" not in good.requests[0].headers


def test_a_proxy_that_was_set_is_used() -> None:
    with serving({"/": json_reply("through the proxy")}, host=GOOD) as proxy:
        proxy.answers["http://far.example/"] = json_reply("through the proxy")
        with guarded(proxy=proxy.url()).get("http://far.example/") as answer:
            assert answer.json() == "through the proxy"
    assert proxy.asked == ["http://far.example/"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1/", "link_address_refused"),
        ("http://2130706433/", "link_address_refused"),
        ("http://far.example:6379/", "link_port_refused"),
    ],
)
def test_through_a_proxy_what_the_link_tells_is_still_judged(url: str, code: str) -> None:
    with serving({}, host=GOOD) as proxy:
        assert refusal(guarded(proxy=proxy.url()), url) == code
    assert proxy.requests == []


def test_a_drip_through_a_proxy_is_cut_as_well() -> None:
    with serving({}, host=GOOD) as proxy:
        proxy.answers["http://far.example/"] = Reply(body=b"x" * 999, drip=0.05)
        with pytest.raises(FatalError) as raised:
            guarded(proxy=proxy.url(), total_timeout=0.4).get("http://far.example/")

    assert raised.value.problem.code == "answer_too_slow"


# --- certificates --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for `safe.example`, and a server's context that shows it."""
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command += " -subj /CN=safe.example -addext subjectAltName=DNS:safe.example"
    subprocess.run(
        [*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


@pytest.fixture
def safe(certificate: tuple[Path, ssl.SSLContext]) -> Iterator[Web]:
    with serving({"/": json_reply("safe")}, host=GOOD, tls=certificate[1]) as web:
        yield web


def test_the_certificate_is_checked_for_the_name(
    safe: Web, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    fetch = guarded(addresses={"safe.example": (BAD, GOOD)}, ca_bundle=str(certificate[0]))
    with fetch.get(safe.url(host="safe.example")) as answer:
        assert answer.json() == "safe"


@pytest.mark.parametrize("host", ["other.example", GOOD])
def test_a_certificate_for_another_name_is_not_trusted(
    safe: Web, certificate: tuple[Path, ssl.SSLContext], host: str
) -> None:
    fetch = guarded(addresses={"other.example": (GOOD,)}, ca_bundle=str(certificate[0]))

    with pytest.raises(FatalError) as raised:
        fetch.get(safe.url(host=host))

    assert raised.value.problem.code == "portal_not_trusted"
    assert fetch.requests_made == 1


def test_a_certificate_of_an_unknown_authority_is_not_trusted(safe: Web) -> None:
    with pytest.raises(FatalError) as raised:
        guarded(addresses={"safe.example": (GOOD,)}).get(safe.url(host="safe.example"))

    assert raised.value.problem.code == "portal_not_trusted"


def test_a_drip_under_encryption_is_cut_as_well(
    safe: Web, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    safe.answers["/"] = Reply(drip_head=0.05)
    fetch = guarded(
        addresses={"safe.example": (GOOD,)}, ca_bundle=str(certificate[0]), total_timeout=0.5
    )

    with pytest.raises(FatalError) as raised:
        fetch.get(safe.url(host="safe.example"))

    assert raised.value.problem.code == "answer_too_slow"
