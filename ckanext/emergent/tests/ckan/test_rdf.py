"""What our fields say in DCAT, read back as a graph."""

from __future__ import annotations

from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from ckanext.dcat.utils import dataset_uri
from ckanext.emergent.tests.ckan import factories
from ckanext.emergent.tests.ckan.actor import ANYBODY, Actor, editor

pytestmark = pytest.mark.usefixtures("hub", "with_request_context")

DCT = Namespace("http://purl.org/dc/terms/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
ODRS = Namespace("http://schema.theodi.org/odrs#")
EU = "http://publications.europa.eu/resource/authority/"


@pytest.fixture(scope="module")
def person(hub: None) -> Actor:
    return editor()


def graph_of(dataset: dict[str, Any]) -> tuple[Graph, URIRef]:
    answer = ANYBODY.call("dcat_dataset_show", id=dataset["id"], format="ttl")
    return Graph().parse(data=answer, format="turtle"), URIRef(dataset_uri(dataset))


@pytest.mark.parametrize(
    ("level", "right"),
    [
        ("internal", "NON_PUBLIC"),
        ("named", "RESTRICTED"),
        ("group", "RESTRICTED"),
        ("public", "PUBLIC"),
    ],
)
def test_access_rights_follow_from_the_level(person: Actor, level: str, right: str) -> None:
    graph, ref = graph_of(person.create(data_spectrum=level, spectrum_reason="So it is."))
    assert list(graph.objects(ref, DCT.accessRights)) == [URIRef(f"{EU}access-right/{right}")]


def test_an_unclassified_dataset_claims_no_access_rights(person: Actor) -> None:
    graph, ref = graph_of(factories.harvested(owner_org=person.organization))
    assert not list(graph.objects(ref, DCT.accessRights))


def test_the_licence_is_always_told(person: Actor) -> None:
    graph, ref = graph_of(person.create(data_spectrum="open", license_id="uk-ogl"))
    (licence,) = graph.objects(ref, DCT.license)
    assert "ogl" in licence.lower() or "open-government" in licence.lower()


def test_links_references_credit_and_frequency(person: Actor) -> None:
    graph, ref = graph_of(
        person.create(
            data_spectrum="public",
            frequency="quarterly",
            author="Ann",
            attribution_text="Office for Rail",
            attribution_url="https://example.org/credit",
            license_text="Free to use",
            links=[{"kind": "story", "url": "https://example.org/story", "title": "Our story"}],
            references=[{"url": "https://example.org/codes", "description": "Codes"}],
        )
    )
    (rights,) = graph.objects(ref, DCT.rights)
    assert graph.value(rights, ODRS.attributionText) == Literal("Office for Rail")
    assert list(graph.objects(ref, FOAF.page)) == [URIRef("https://example.org/story")]
    assert list(graph.objects(ref, DCT.requires)) == [URIRef("https://example.org/codes")]
    assert list(graph.objects(ref, DCT.accrualPeriodicity)) == [URIRef(f"{EU}frequency/QUARTERLY")]
    (author,) = graph.objects(ref, DCT.creator)
    assert graph.value(author, FOAF.name) == Literal("Ann")


def test_provenance_is_exported(person: Actor) -> None:
    graph, ref = graph_of(factories.harvested(owner_org=person.organization))
    (identifier,) = graph.objects(ref, ADMS.identifier)
    assert graph.value(identifier, SKOS.notation) == Literal("e1")
    assert graph.value(identifier, ADMS.schemaAgency) == Literal("barnet")
    assert list(graph.objects(ref, DCT.source)) == [URIRef("https://open.barnet.gov.uk/dataset/e1")]


def test_a_closed_dataset_is_in_the_catalogue(person: Actor) -> None:
    dataset = person.create(title="Closed", data_spectrum="internal", spectrum_reason="Secret.")
    answer = ANYBODY.call("dcat_catalog_show", format="ttl", fq=f"id:{dataset['id']}")
    graph = Graph().parse(data=answer, format="turtle")
    assert (URIRef(dataset_uri(dataset)), RDF.type, DCAT.Dataset) in graph
