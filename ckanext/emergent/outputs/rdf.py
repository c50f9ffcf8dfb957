"""The profile `emergent` of ckanext-dcat: what our fields say in DCAT, beyond what it knows.

Used after `euro_dcat_ap_3`, which writes all that has a key of ckanext-dcat's. Who may not see an
e-mail address does not have it in the dataset that comes here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import BNode, Literal, Namespace, URIRef

from ckanext.dcat.profiles import ADMS, DCT, FOAF, RDF, RDFS, SKOS, RDFProfile
from ckanext.dcat.profiles.base import CleanedURIRef
from ckanext.emergent.frequency import FREQUENCIES
from ckanext.emergent.spectrum import ACCESS_RIGHTS, Level

#: The Open Data Rights Statement vocabulary, http://schema.theodi.org/odrs
ODRS = Namespace("http://schema.theodi.org/odrs#")

Dataset = Mapping[str, Any]


class EmergentProfile(RDFProfile):
    """Adds level, terms, credit, links and provenance to a dataset's graph."""

    def graph_from_dataset(self, dataset_dict: Dataset, dataset_ref: URIRef) -> None:
        """Write what our schema knows of a dataset as triples about `dataset_ref`."""
        self.g.bind("odrs", ODRS)
        self._access(dataset_dict, dataset_ref)
        self._terms(dataset_dict, dataset_ref)
        self._frequency(dataset_dict, dataset_ref)
        self._author(dataset_dict, dataset_ref)
        self._links(dataset_dict, dataset_ref)
        self._provenance(dataset_dict, dataset_ref)

    def _access(self, dataset: Dataset, ref: URIRef) -> None:
        """`dct:accessRights` from the level, unless the dataset states its own.

        The EU's vocabulary cannot tell *public* from *open*: that is what the licence is for.
        """
        try:
            rights = URIRef(ACCESS_RIGHTS[Level(dataset.get("data_spectrum"))])
        except ValueError:
            return
        if (ref, DCT.accessRights, None) not in self.g:
            self.g.add((ref, DCT.accessRights, rights))
            self.g.add((rights, RDF.type, DCT.RightsStatement))

    def _terms(self, dataset: Dataset, ref: URIRef) -> None:
        """The licence of the dataset, its words as received, and whom to credit."""
        if _is_link(dataset.get("license_url")):
            licence = CleanedURIRef(dataset["license_url"])
            self.g.add((ref, DCT.license, licence))
            self.g.add((licence, RDF.type, DCT.LicenseDocument))
        words, credit = dataset.get("license_text"), dataset.get("attribution_text")
        if not words and not credit:
            return
        rights = BNode()
        self.g.add((ref, DCT.rights, rights))
        self.g.add((rights, RDF.type, DCT.RightsStatement))
        for text, term in ((words, RDFS.label), (credit, ODRS.attributionText)):
            if text:
                self.g.add((rights, term, Literal(text)))
        if _is_link(dataset.get("attribution_url")):
            self.g.add((rights, ODRS.attributionURL, CleanedURIRef(dataset["attribution_url"])))

    def _frequency(self, dataset: Dataset, ref: URIRef) -> None:
        """The EU's term in place of our slug."""
        frequency = FREQUENCIES.get(dataset.get("frequency") or "")
        if frequency is not None:
            term = URIRef(frequency.uri)
            self.g.set((ref, DCT.accrualPeriodicity, term))
            self.g.add((term, RDF.type, DCT.Frequency))

    def _author(self, dataset: Dataset, ref: URIRef) -> None:
        if dataset.get("author"):
            author = BNode()
            self.g.add((ref, DCT.creator, author))
            self.g.add((author, RDF.type, FOAF.Agent))
            self.g.add((author, FOAF.name, Literal(dataset["author"])))

    def _links(self, dataset: Dataset, ref: URIRef) -> None:
        """Stories, repositories and other pages about the data; the data that it needs."""
        for link in dataset.get("links") or ():
            if _is_link(link.get("url")):
                page = CleanedURIRef(link["url"])
                self.g.add((ref, FOAF.page, page))
                self.g.add((page, RDF.type, FOAF.Document))
                if link.get("title"):
                    self.g.add((page, DCT.title, Literal(link["title"])))
        for reference in dataset.get("references") or ():
            if _is_link(reference.get("url")):
                needed = CleanedURIRef(reference["url"])
                self.g.add((ref, DCT.requires, needed))
                if reference.get("description"):
                    self.g.add((needed, RDFS.comment, Literal(reference["description"])))

    def _provenance(self, dataset: Dataset, ref: URIRef) -> None:
        """The record that this one was made from, and its key there."""
        if _is_link(dataset.get("source_url")):
            self.g.add((ref, DCT.source, CleanedURIRef(dataset["source_url"])))
        if dataset.get("source_identifier"):
            identifier = BNode()
            self.g.add((ref, ADMS.identifier, identifier))
            self.g.add((identifier, RDF.type, ADMS.Identifier))
            self.g.add((identifier, SKOS.notation, Literal(dataset["source_identifier"])))
            if dataset.get("source_portal"):
                agency = Literal(dataset["source_portal"])
                self.g.add((identifier, ADMS.schemaAgency, agency))


def _is_link(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))
