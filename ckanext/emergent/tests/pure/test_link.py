from __future__ import annotations

import pytest

from ckanext.emergent.reading.errors import RefusedLink
from ckanext.emergent.reading.network.link import link_from


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://data.gov.uk", "https://data.gov.uk/"),
        ("  HTTPS://Data.Gov.UK:443/A?b=C#part \n", "https://data.gov.uk/A?b=C"),
        ("http://example.org:8080/x", "http://example.org:8080/x"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://ＥＸＡＭＰＬＥ.org/", "https://example.org/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("https://my_host.example.org/", "https://my_host.example.org/"),
    ],
)
def test_a_link_is_read_in_one_spelling(text: str, url: str) -> None:
    assert link_from(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "file:///etc/passwd",
        "ftp://example.org/data.csv",
        "gopher://example.org/",
        "javascript:alert(1)",
        "data:text/plain,hello",
        "mailto:steward@example.org",
    ],
)
def test_only_http_and_https_are_links_of_the_web(text: str) -> None:
    with pytest.raises(RefusedLink) as refused:
        link_from(text)

    assert refused.value.problem.code == "link_scheme_refused"
    assert ("scheme", text.partition(":")[0]) in refused.value.problem.values


@pytest.mark.parametrize(
    "text",
    ["https://me:hunter2@example.org/", "https://hunter2@example.org", "http://a\\@hunter2@b.org/"],
)
def test_a_link_with_credentials_is_refused_and_they_are_not_repeated(text: str) -> None:
    with pytest.raises(RefusedLink) as refused:
        link_from(text)

    assert refused.value.problem.code == "link_has_credentials"
    assert "hunter2" not in str(refused.value.problem)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Available upon request.",
        "example.org/data",
        "http://",
        "http:///path",
        "http://127.0.0.1\0.example.org/",
        "http://example.org/\0",
        "http://exam\nple.org/",
        "http://exa mple.org/",
        "http://good.example\\.evil.example/",
        "http://example.org:99999/",
        "http://example.org:0/",
        "http://example.org:http/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://-example-.org./" + "a" * 5000,
        "http://" + "a" * 64 + ".org/",
        "http://..org/",
        "http://\u2100.example.org/",
    ],
)
def test_what_is_no_link_is_refused(text: str) -> None:
    with pytest.raises(RefusedLink) as refused:
        link_from(text)

    assert refused.value.problem.code == "link_malformed"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.org/x", "https://a.org/y", True),
        ("http://a.org/", "https://a.org/", True),
        ("https://a.org/", "http://a.org/", False),
        ("https://a.org/", "https://a.org:8443/", False),
        ("https://a.org/", "https://b.a.org/", False),
        ("http://a.org:8080/", "https://a.org/", False),
    ],
)
def test_a_service_is_its_host_and_port_and_may_become_safer(
    one: str, other: str, same: bool
) -> None:
    assert link_from(one).carries_on(link_from(other)) is same
