"""What each problem says to people: what was received, what it means, what to do.

One table, in sections by area; whoever makes a new problem code adds its sentence here. The
texts are marked for translation and translated where they are shown:

    told = sentence(problem, translate=tk._)

Placeholders are `{received}`, `{field}` and the problem's own values. Pure: needs no gettext.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from ckanext.emergent.msgid import N_
from ckanext.emergent.problem import Problem


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template: what the problem says, and what to do about it."""

    says: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with its values filled in, translated."""

    says: str
    to_do: str


def sentence(problem: Problem, translate: Callable[[str], str] = str) -> Told:
    """Tell a problem in words; a code without a sentence is told as the code itself.

    A code can be older than this table (problems are kept with their runs), so that an unknown
    one must not break the page that shows it.
    """
    found = SENTENCES.get(problem.code)
    if found is None:
        return Told(says=problem.code, to_do="")
    values = _values(problem)
    return Told(
        says=translate(found.says).format_map(values),
        to_do=translate(found.to_do).format_map(values),
    )


def _values(problem: Problem) -> defaultdict[str, str]:
    """What the placeholders stand for; one that was not given is shown as a dash."""
    values = defaultdict(lambda: "–", problem.values)
    if problem.field is not None:
        values["field"] = problem.field
    if problem.received is not None:
        values["received"] = problem.received
    return values


SENTENCES: dict[str, Sentence] = {
    # --- spectrum: who has access, and the level -------------------------------------------
    "access_not_stated": Sentence(
        N_("The portal does not say who can get this data, so it has no level yet."),
        N_("The publisher, or the steward here, says where it sits on the Data Spectrum."),
    ),
    "access_unknown": Sentence(
        N_("The portal says of the access “{received}”, which this hub does not know."),
        N_("Read the dataset's own page and choose its level here."),
    ),
    "access_named_or_group": Sentence(
        N_("The portal says of the access “{received}”: named parties, or members of a group?"),
        N_("Ask the publisher who may have it, then choose named or group here."),
    ),
    "access_named_group_or_public": Sentence(
        N_("The portal says of the access “{received}”, which fits named, group and public."),
        N_("Ask the publisher who may have it, then choose the level here."),
    ),
    "access_group_or_public": Sentence(
        N_("The portal says of the access “{received}”: one must sign in, but may anyone do so?"),
        N_("Choose public here if anyone may, else group."),
    ),
    "access_perhaps_internal": Sentence(
        N_("The portal says of the access “{received}”, which is probably internal."),
        N_("Confirm it here: choose internal, and say why."),
    ),
    "access_embargoed": Sentence(
        N_("The portal says that the data is under embargo, which is a date and not a level."),
        N_("Choose the level that holds today, and set the next review to the embargo's end."),
    ),
    "level_from_access": Sentence(
        N_("The level follows from who has access: “{received}”."),
        N_("Nothing to do."),
    ),
    "level_open": Sentence(
        N_("Anyone can get the data, under an open licence: “{received}”."),
        N_("Nothing to do."),
    ),
    "level_public_gated": Sentence(
        N_("The licence is open, but to get the data one needs an account or has to ask."),
        N_("It is open as soon as anyone can get all of it without an account."),
    ),
    "level_public_licence": Sentence(
        N_("Anyone can get the data, but the licence “{received}” is not an open one."),
        N_("Under an open licence, for example CC-BY-4.0, it would be open."),
    ),
    "level_public_no_licence": Sentence(
        N_("Anyone can get the data, but nothing says how it may be used."),
        N_("Under an open licence, for example CC-BY-4.0, it would be open."),
    ),
    "open_licence_restricted": Sentence(
        N_("The licence is open ({licence}), but not everyone has access: one of them is a slip."),
        N_("Check who may have the data. If it is for some only, its licence should say so too."),
    ),
    "open_without_licence": Sentence(
        N_("Data without a licence is not open: nobody is allowed to use it by default."),
        N_("Choose an open licence, or the level public."),
    ),
    "open_licence_not_approved": Sentence(
        N_("“{received}” is not an open licence for data, so the level cannot be open."),
        N_("Choose an open licence, for example CC-BY-4.0, or the level public."),
    ),
    "open_but_gated": Sentence(
        N_("A file of this dataset needs an account or a request, so the level cannot be open."),
        N_("Let anyone get the file, or choose public or group."),
    ),
    "reason_missing": Sentence(
        N_("Data that not everyone can have needs a reason, and none is given."),
        N_("Say in a sentence why it is restricted."),
    ),
    "how_to_ask_missing": Sentence(
        N_("Nothing says how to get access to this data."),
        N_("Give a contact, a link or the steps to apply."),
    ),
    # --- licences --------------------------------------------------------------------------
    "licence_unstated": Sentence(
        N_("No licence is given, so reuse is not permitted by default."),
        N_("Ask the publisher to name a standard licence, for example CC-BY-4.0."),
    ),
    "licence_unrecognised": Sentence(
        N_("The licence “{received}” is not one that this hub knows."),
        N_("Ask the publisher to name a standard licence, for example CC-BY-4.0."),
    ),
    "licence_leftover": Sentence(
        N_("“{received}” names {licence} and adds something: the dataset is not called open."),
        N_("Read what is added. If it takes nothing back, choose the licence here yourself."),
    ),
    "licence_address_unknown": Sentence(
        N_("Beside {licence} the portal gives “{received}”, terms that this hub does not know."),
        N_("Read those terms. If they take nothing back, choose the licence here yourself."),
    ),
    "licence_text_beside": Sentence(
        N_("Beside {licence} the portal says “{received}”, which names no licence."),
        N_("Nothing to do, unless those words restrict the use."),
    ),
    "licence_conflict": Sentence(
        N_("The statements about the licence disagree; the least open decides: {licence}."),
        N_("Ask the publisher which of them holds: “{received}”."),
    ),
    "licence_software": Sentence(
        N_("{licence} is a licence for software, and says little about data."),
        N_("Ask the publisher for a licence made for data, for example CC-BY-4.0 or ODbL."),
    ),
    "licence_limits_use": Sentence(
        N_("{licence} forbids commercial use or changes, so the data is not open."),
        N_("Nothing to do, unless the publisher meant the data to be open."),
    ),
    "licence_not_open": Sentence(
        N_("{licence} is not among the licences that the Open Definition approves."),
        N_("Under one of those, for example CC-BY-4.0 or OGL-UK-3.0, the data would be open."),
    ),
    "licence_generic": Sentence(
        N_("“{licence}” names no terms, so nobody can tell what is allowed."),
        N_("Give a link to the licence itself."),
    ),
    # --- mapping ---------------------------------------------------------------------------
    "not_public_at_portal": Sentence(
        N_("The portal itself does not show this record to everybody, so this hub does not."),
        N_("Nothing to do. It appears here once the portal publishes it."),
    ),
    "title_missing": Sentence(
        N_("The record has no title; the portal's own key is shown in its place."),
        N_("Ask the publisher for a title, or write one here: it will stay."),
    ),
    "title_too_long": Sentence(
        N_("The title is longer than 500 characters and was cut: “{received}”."),
        N_("Ask the publisher for a shorter one. The whole title is kept beside the dataset."),
    ),
    "keyword_changed": Sentence(
        N_("The keyword “{received}” became “{tag}”: only letters, digits, blanks and -_. fit."),
        N_("Nothing to do."),
    ),
    "keyword_dropped": Sentence(
        N_("“{received}” is no keyword: keywords have 2 to 100 letters or digits."),
        N_("Nothing to do, unless the publisher sent several keywords as one text."),
    ),
    "challenge_unknown": Sentence(
        N_("“{received}” is not one of this hub's challenges; it is kept beside the dataset."),
        N_("Add the challenge in the hub's settings if it is meant to be one."),
    ),
    "frequency_unknown": Sentence(
        N_("“{received}” is not a frequency that this hub knows; it is kept beside the dataset."),
        N_("Choose a frequency here, or ask the publisher for a usual one, such as monthly."),
    ),
    "date_unreadable": Sentence(
        N_("“{received}” is no clear date ({field}), so none is shown; the text is kept."),
        N_("Ask the publisher for dates as 2020-05-31, which can be read in one way only."),
    ),
    "email_refused": Sentence(
        N_("What stands as an e-mail address ({field}) is none, and was left out."),
        N_("Ask the publisher for a full address."),
    ),
    "link_refused": Sentence(
        N_("“{received}” is not a web address ({field}), so it is not shown as a link."),
        N_("Ask the publisher for an address that starts with https://."),
    ),
    "file_without_link": Sentence(
        N_("A file ({file}) has no usable link, so it is not listed: “{received}”."),
        N_("Ask the publisher for the link. The dataset itself is kept."),
    ),
    "level_lowered_by_rule": Sentence(
        N_("The evidence says {received}; this portal's rules allow {level} at most."),
        N_("Nothing to do. The rule can be changed in the portal's settings."),
    ),
    # --- fetch -----------------------------------------------------------------------------
    "link_malformed": Sentence(
        N_("“{received}” is not a link that can be opened."),
        N_("Copy the address of the page from your browser; it begins with https:// or http://."),
    ),
    "link_scheme_refused": Sentence(
        N_("“{received}” begins with “{scheme}:”. This hub opens links on the web only."),
        N_("Put the data where a link beginning with https:// or http:// finds it, and give that."),
    ),
    "link_has_credentials": Sentence(
        N_("The link “{received}” carries a name or a password. It was not used."),
        N_("Remove everything up to the @ from the link, and change a password that was in it."),
    ),
    "link_port_refused": Sentence(
        N_("The link asks for port {port} of {host}, where websites do not usually answer."),
        N_("Give a link without a port. Networks of your own can be allowed in the settings."),
    ),
    "link_address_refused": Sentence(
        N_("{host} leads into a private network, where this hub does not go."),
        N_("Give a link on the public web. A network of your own can be allowed in the settings."),
    ),
    "portal_name_unknown": Sentence(
        N_("There is no server called {host}, or its name could not be looked up."),
        N_("Look for a typing error in the link. If it opens in your browser, try again later."),
    ),
    "portal_unreachable": Sentence(
        N_("{host} could not be reached: no connection, or it broke off."),
        N_("Nothing was changed. See whether the link opens in your browser, and try again later."),
    ),
    "portal_timed_out": Sentence(
        N_("{host} did not answer in time."),
        N_("Nothing was changed. Try again later; if it happens each time, tell the portal."),
    ),
    "portal_not_trusted": Sentence(
        N_("The certificate of {host} is not valid, so nobody can tell whether it is {host}."),
        N_("Ask the portal to renew its certificate. Nothing was read."),
    ),
    "portal_busy": Sentence(
        N_("{host} asked us to come back later (HTTP {status}), {tries} times."),
        N_("Nothing was changed. The next run tries again; read this portal less often."),
    ),
    "portal_not_ready": Sentence(
        N_("{host} is still preparing its answer (HTTP {status}), after {tries} visits."),
        N_("Nothing was changed. Try again in a few minutes."),
    ),
    "portal_failed": Sentence(
        N_("{host} answered with an error of its own (HTTP {status}), {tries} times."),
        N_("Nothing was changed. Try again later; if it stays, tell the portal."),
    ),
    "portal_asks_to_wait": Sentence(
        N_("{host} asks us to wait {seconds} seconds (HTTP {status}), longer than a run waits."),
        N_("Nothing was changed. The next run tries again; read this portal less often."),
    ),
    "portal_forbids": Sentence(
        N_("{host} does not let this hub read {url} (HTTP {status})."),
        N_(
            "Ask the portal for access, or for a key, which the administrator puts in the settings."
        ),
    ),
    "page_not_found": Sentence(
        N_("There is nothing at {url} (HTTP {status})."),
        N_("Look for the new address on the portal and put it in place of this one."),
    ),
    "portal_refuses": Sentence(
        N_("{host} refused the request for {url} (HTTP {status})."),
        N_(
            "See whether the link opens in your browser; the portal may have changed its interface."
        ),
    ),
    "status_unexpected": Sentence(
        N_("{host} answered the request for {url} with HTTP {status}, which brings no data."),
        N_("See whether the link opens in your browser; if it does, tell the hub's administrator."),
    ),
    "too_many_redirects": Sentence(
        N_("{asked} leads on to another address more than {count} times, the last at {host}."),
        N_("Open the link in your browser and give the address where it ends."),
    ),
    "redirect_without_target": Sentence(
        N_("{url} says that it moved, but not where to."),
        N_("Look for the new address on the portal and put it in place of this one."),
    ),
    "answer_too_slow": Sentence(
        N_("{host} sent its answer so slowly that it was not all there after {seconds} seconds."),
        N_("Nothing was changed. Try again later; if it stays, tell the portal."),
    ),
    "answer_too_big": Sentence(
        N_("The answer is larger than {limit} MB, the most that this hub reads at once."),
        N_("Give a link to a smaller part, or let the administrator raise the limit."),
    ),
    "answer_expands_too_much": Sentence(
        N_("The answer unpacks to more than {ratio} times its size, as only harmful files do."),
        N_("Tell the portal. Nothing was read."),
    ),
    "answer_compression_unknown": Sentence(
        N_("The answer is compressed as “{received}”, which this hub did not ask for."),
        N_("Tell the portal to answer in gzip, or without compression."),
    ),
    "answer_not_unpacked": Sentence(
        N_("The answer is marked as compressed and cannot be unpacked ({received})."),
        N_("Tell the portal: its server marks answers wrongly, or they are damaged on the way."),
    ),
    "answer_truncated": Sentence(
        N_("The answer breaks off before its end."),
        N_("Nothing was changed. Try again later; if it happens each time, tell the portal."),
    ),
    "answer_empty": Sentence(
        N_("The portal answered with nothing at all."),
        N_("Nothing was changed. Try again later; if it stays, tell the portal."),
    ),
    "answer_is_a_page": Sentence(
        N_("{url} answered with a web page where {expected} was expected."),
        N_("The portal may be closed for repair, ask for a sign-in or have moved: open the link."),
    ),
    "answer_is_no_page": Sentence(
        N_("{url} did not answer with {expected}."),
        N_("Give the address of a page, as your browser shows it."),
    ),
    "answer_not_json": Sentence(
        N_("{url} answered with something that is not valid JSON ({detail})."),
        N_("Tell the portal. Nothing of this answer was read after the fault."),
    ),
    "answer_too_deep": Sentence(
        N_("The JSON at {url} is nested more than {depth} levels deep, as no catalogue is."),
        N_("See whether the link is the right one. Nothing was read."),
    ),
    "answer_wrong_encoding": Sentence(
        N_("{url} answered with bytes that are not {encoding}, so its letters cannot be told."),
        N_("Tell the portal to send UTF-8, or to name the encoding that it uses."),
    ),
    # --- detect and adapters ---------------------------------------------------------------
    "recognised": Sentence(
        N_("This is a portal of the family {family}."),
        N_("Nothing: it can be read."),
    ),
    "answer_not_known": Sentence(
        N_("{url} answered, with “{kind}”, but not as any portal that this hub can read."),
        N_("Give the address of the portal's front page, of its catalogue, or of its data.json."),
    ),
    "adapter_unknown": Sentence(
        N_("There is no family of portals called “{received}”."),
        N_("Choose one of: {known}."),
    ),
    "listing_changed": Sentence(
        N_(
            "The portal's list changed while it was being read, so it was read again from its "
            "start."
        ),
        N_("Nothing: what was read before is found unchanged."),
    ),
    "record_not_an_object": Sentence(
        N_("Entry {position} of the list is no record: “{received}”. It was left out."),
        N_("Tell the portal: each entry of its list must be an object with an identifier."),
    ),
    "record_without_identifier": Sentence(
        N_("Entry {position} of the list, “{received}”, has no identifier. It was left out."),
        N_(
            "Ask the publisher to give it an identifier that stays; else it cannot be kept up "
            "to date."
        ),
    ),
    "identifier_repeated": Sentence(
        N_(
            "Entry {position} of the list has the identifier “{received}”, as an earlier one "
            "has. It was left out."
        ),
        N_("Ask the publisher to give each dataset an identifier of its own."),
    ),
    "problems_cut": Sentence(
        N_("This record has more than {count} problems; the rest are not listed."),
        N_("Correct the listed ones first, then read the portal again."),
    ),
    "extras_cut": Sentence(
        N_(
            "The record has more than {count} fields without a place of their own; the rest "
            "were left out."
        ),
        N_("Nothing, unless one of them is missed: then tell the hub's administrator."),
    ),
    "field_missing": Sentence(
        N_("The record says nothing in “{field}”."),
        N_("Ask the publisher to fill it in."),
    ),
    "field_unknown": Sentence(
        N_(
            "“{field}” is not a field of this format. It holds “{received}” and was kept beside"
            " the record."
        ),
        N_("Use a field of the format, or ignore this if the field is for your own use."),
    ),
    "field_unreadable": Sentence(
        N_(
            "“{field}” holds “{received}”, which is not of the kind that belongs there. It was "
            "kept beside the record."
        ),
        N_("Ask the publisher to correct “{field}”."),
    ),
    "field_is_number": Sentence(
        N_("“{field}” holds the number {received} where a text belongs. It was read as text."),
        N_("Put it in quotation marks."),
    ),
    "field_is_list": Sentence(
        N_("“{field}” holds a list where one text belongs: {received}. It was read as one text."),
        N_("Keep one text there."),
    ),
    "text_padded": Sentence(
        N_("“{field}” has blanks at its ends. They were taken off."),
        N_(
            "Take them off at the source as well: “{received}” is another value than one "
            "without them."
        ),
    ),
    "text_line_ends": Sentence(
        N_("“{field}” has the line ends of Windows. They were replaced."),
        N_("Nothing: the text reads the same."),
    ),
    "text_unsafe": Sentence(
        N_("“{field}” holds markup that could run in a reader's browser. It was taken out."),
        N_("Look at the text at its source: somebody may have tampered with it."),
    ),
    "text_cut": Sentence(
        N_("“{field}” is longer than {limit} characters. The rest was left out."),
        N_("Ask the publisher for a shorter text; long ones belong in a document."),
    ),
    "list_is_text": Sentence(
        N_("“{field}” is one text where a list belongs: “{received}”. It was taken apart."),
        N_("Write it as a list, one item for each."),
    ),
    "list_is_joined": Sentence(
        N_("“{field}” is a list of one text with commas: “{received}”. It was taken apart."),
        N_("Write each as an item of its own."),
    ),
    "list_cut": Sentence(
        N_("“{field}” has more than {count} items. The rest were left out."),
        N_("Ask the publisher to keep those that help to find the data."),
    ),
    "date_ambiguous": Sentence(
        N_(
            "“{field}” is {received}: which is the day and which the month cannot be told. It "
            "was kept as written."
        ),
        N_("Write dates as year-month-day, for example 2020-05-11."),
    ),
    "email_unreadable": Sentence(
        N_("“{field}” does not hold one e-mail address. It was left out."),
        N_("Write one address there, and nothing else."),
    ),
    "link_is_text": Sentence(
        N_("“{field}” holds “{received}” where a link belongs. It was kept in words."),
        N_("Give a page that tells how to get the data, and put the words in the description."),
    ),
    "link_unusable": Sentence(
        N_("“{field}” holds “{received}”, which is no link to a page on the web. It was left out."),
        N_("Give a link beginning with https:// or http://."),
    ),
    "link_with_password": Sentence(
        N_("The link in “{field}” carries a name or a password ({received}). It was left out."),
        N_("Take them out of the link at the source, and change the password: it was public."),
    ),
    "link_is_local": Sentence(
        N_(
            "The link in “{field}”, {received}, leads into somebody's own network; readers "
            "cannot open it."
        ),
        N_("Give a link on the public web, or say in the description who can open this one."),
    ),
    "link_without_scheme": Sentence(
        N_("The link in “{field}”, {received}, lacks its beginning. http:// was put before it."),
        N_("Write the whole link, as a browser shows it."),
    ),
    "resource_without_link": Sentence(
        N_(
            "A file of this record has no link that can be opened, in “{field}”, so it is not "
            "listed."
        ),
        N_("Ask the publisher for the link. The dataset itself is kept."),
    ),
    "link_missing": Sentence(
        N_("A link of this record, “{received}”, has no address, in “{field}”. It was left out."),
        N_("Ask the publisher for the address."),
    ),
    "not_an_emergent_index": Sentence(
        N_("{url} is not an Emergent index. It begins with: {received}"),
        N_(
            "Give the address of a central index, or of an organisation's index with “version” "
            "and “datasets”."
        ),
    ),
    "index_too_big": Sentence(
        N_("The central index at {url} lists more than {most} organisations."),
        N_("See whether the link is the right one. Nothing was read."),
    ),
    "index_unread": Sentence(
        N_(
            "The index of the organisation “{key}”, {received}, could not be read; the next "
            "line says why."
        ),
        N_("Nothing of this organisation was changed. The next run tries again."),
    ),
    "index_listed_twice": Sentence(
        N_(
            "The index {received} is listed a second time, for the organisation “{key}”, and "
            "was read only once."
        ),
        N_("Take one of the two out of the central index."),
    ),
    "member_without_index": Sentence(
        N_(
            "The central index has no address of an index for the organisation “{key}”, but: "
            "{received}"
        ),
        N_(
            "Put a link to the organisation's index in “index”. Its datasets here were left as "
            "they are."
        ),
    ),
    "index_version_unknown": Sentence(
        N_(
            "The index says that it is version “{received}” of the format. It was read as "
            "version 1.0."
        ),
        N_('Write "version": "1.0", if that is what it is.'),
    ),
    "identifier_mixed_case": Sentence(
        N_(
            "The identifier “{received}” has capital letters. Another with the same letters "
            "would be another dataset."
        ),
        N_(
            "Keep it as it is: a new identifier would be a new dataset. Use small letters next "
            "time."
        ),
    ),
    "topic_unknown": Sentence(
        N_("“{received}” is not one of the topics of the Emergent index. It was kept."),
        N_("Use travel, crime, b2c or timeline, and tags for the rest."),
    ),
    "entry_before_alliance": Sentence(
        N_(
            "“{field}” says {received}, before the Alliance began; it should say when the entry"
            " was made."
        ),
        N_("Write the day on which the dataset was added to the index."),
    ),
    "resource_type_missing": Sentence(
        N_("A file's type is not given, in “{field}”. It was taken for data."),
        N_("Write data, vis (a visualisation) or cat (a catalogue)."),
    ),
    "resource_type_unknown": Sentence(
        N_(
            "“{received}” in “{field}” is not a type of file that the format knows. It was "
            "taken for data."
        ),
        N_("Write data, vis (a visualisation) or cat (a catalogue)."),
    ),
    "size_without_unit": Sentence(
        N_("“{field}” says {received}, and not in which unit. It was kept as written."),
        N_("The format means kilobytes, most people wrote bytes: say which in the description."),
    ),
    "not_a_datapress_export": Sentence(
        N_("{url} is not the export of a DataPress site. It begins with: {received}"),
        N_("Give the address of the site's front page."),
    ),
    "sharing_not_stated": Sentence(
        N_("The portal does not say that this record is public. It is not shown."),
        N_("Ask the publisher to set its sharing to public, if it is."),
    ),
    "poor_record": Sentence(
        N_("The record has a title and nothing else that helps: no description, licence or file."),
        N_("Ask the publisher to complete “{received}”, or to remove it."),
    ),
    "archived_at_portal": Sentence(
        N_("The portal archived this record on {received}."),
        N_("See whether newer data took its place."),
    ),
    "contact_is_placeholder": Sentence(
        N_("The contact, “{received}”, only fills the form. It was left out."),
        N_("Ask the publisher for a contact that answers."),
    ),
    "licence_has_notes": Sentence(
        N_(
            "Beside the licence the publisher wrote: “{received}”. It may limit what the "
            "licence allows."
        ),
        N_("Read it, and choose the level accordingly."),
    ),
    # --- adapters of other portals -----------------------------------------------------------
    "listing_short": Sentence(
        N_("The portal has {count} records by its own count, and listed {received}."),
        N_("Nothing was retired for it. If it stays so, tell the portal."),
    ),
    "records_left_out": Sentence(
        N_("{count} entries of the list are no datasets ({kinds}). They were left out."),
        N_("Nothing to do."),
    ),
    "records_again": Sentence(
        N_("{count} records came a second time while the list was read, and were taken once."),
        N_("Nothing: the list changed meanwhile."),
    ),
    "record_too_big": Sentence(
        N_("Record {position} of the list is too large to be read; the next line says how large."),
        N_("Ask the publisher to split it: no reader can use a record of that size."),
    ),
    "ckan_imitated": Sentence(
        N_("{url} answers like CKAN, but gives records that nobody asked for: it is not CKAN."),
        N_("Give the address of the site's front page, so that its own interface can be found."),
    ),
    "ckan_declined": Sentence(
        N_("{url} says that it cannot answer: {received}"),
        N_("Nothing was changed. If it stays so, ask the portal, or give another address of it."),
    ),
    "not_a_ckan_answer": Sentence(
        N_("{url} does not answer as CKAN does. It begins with: {received}"),
        N_("See whether the link is the right one, and whether the portal has another interface."),
    ),
    "since_ignored": Sentence(
        N_("Asked for what changed, the portal at {url} listed older records as well."),
        N_("Nothing: all that came was compared. Each run reads more than it would have to."),
    ),
    "since_refused": Sentence(
        N_("The portal at {url} cannot list only what changed, so all of it was read."),
        N_("Nothing. Each run reads more than it would have to."),
    ),
    "copy_of_unknown_origin": Sentence(
        N_("The record is a copy from another portal, and does not say which page it is of."),
        N_("See whether that portal is read here as well: the dataset would then come twice."),
    ),
    "size_without_bytes": Sentence(
        N_("“{field}” says “{received}”, which is not a number of bytes. It was kept as written."),
        N_("Nothing, unless the exact size matters."),
    ),
    "not_a_data_json": Sentence(
        N_("{url} holds no catalogue in DCAT-US. It begins with: {received}"),
        N_("Give the address of the site's front page, or of its data.json."),
    ),
    "identifier_is_address": Sentence(
        N_("The record has no identifier; its address, {received}, stands for it."),
        N_("Ask the publisher for an identifier that stays: with a new address it is a new one."),
    ),
    "text_says_nothing": Sentence(
        N_("“{field}” holds “{received}”, which only fills the form. It was left out."),
        N_("Ask the publisher to write what the data is about."),
    ),
    "not_an_explore_answer": Sentence(
        N_("{url} does not answer as an Opendatasoft site does. It begins with: {received}"),
        N_("See whether the link is the right one, and whether the portal has another interface."),
    ),
    "not_a_discovery_answer": Sentence(
        N_("{url} does not answer as a Socrata site does. It begins with: {received}"),
        N_("See whether the link is the right one, and whether the portal has another interface."),
    ),
    # --- harvest: runs, merge, catalogue ---------------------------------------------------
    "value_not_accepted": Sentence(
        N_("“{field}” cannot be saved as “{received}”: {reason}"),
        N_("Correct it at the portal. The dataset comes in when the record is right."),
    ),
    "dataset_not_saved": Sentence(
        N_("The hub's database did not take this dataset: {reason}"),
        N_("Look for unusual characters in the record, or for another dataset in its place."),
    ),
    "dataset_not_indexed": Sentence(
        N_("The search index did not take this dataset, so it was not saved: {reason}"),
        N_("Look for a text that is far too long, or a date that is none, and shorten or mend it."),
    ),
    "dataset_edited_meanwhile": Sentence(
        N_("Somebody edited this dataset in the moment when it was to be written; the edit stays."),
        N_("Nothing: the next run compares the record with the dataset as it is now."),
    ),
    "dataset_gone": Sentence(
        N_("The dataset of this record is not there any more: somebody removed it for good."),
        N_("Nothing, if that was meant. Else detach the record, and the next run makes a new one."),
    ),
    "record_repeated": Sentence(
        N_("The portal lists “{received}” more than once, each time with something else."),
        N_("The first one was taken. Ask the publisher to give each record its own identifier."),
    ),
    "record_too_large": Sentence(
        N_("The record has {size} bytes; more than {most} are not taken."),
        N_("Ask the publisher to split it, or to list its files in one archive."),
    ),
    "secret_missing": Sentence(
        N_("The portal's key is not there: “{received}” has no value. Nothing was read."),
        N_("Set it in the configuration or in the environment of the hub's workers."),
    ),
    "record_not_understood": Sentence(
        N_("The record could not be understood, by a mistake of this hub's ({reason})."),
        N_("Tell this hub's administrator; its log has the details. The other records came in."),
    ),
    "withdrawn_by_portal": Sentence(
        N_("The portal no longer shows this record to everybody, so its dataset was taken down."),
        N_("Nothing to do. The same dataset comes back once the portal publishes it again."),
    ),
    "absent_for_long": Sentence(
        N_("The portal has not listed this record for some time, so its dataset was taken down."),
        N_("Nothing to do. The same dataset comes back once the portal lists it again."),
    ),
    "handed_on": Sentence(
        N_("The portal lists this record no longer, but the portal “{portal}” does."),
        N_("Nothing to do. The dataset stays, and follows that portal from now on."),
    ),
    "too_many_vanished": Sentence(
        N_("{vanished} of the portal's {known} records vanished at once. Nothing was changed."),
        N_(
            "Look at the portal: has it moved, or lost its data? If it is right, let the run go "
            "on with: ckan emergent portal approve. Else do nothing; the next run looks again."
        ),
    ),
    "listing_without_end": Sentence(
        N_("The portal's list broke off without an end."),
        N_("What was read is kept and nothing was taken away. The next run reads it again."),
    ),
    "organisation_gone": Sentence(
        N_("The organisation that this portal writes into was removed. Nothing was read."),
        N_("Give the portal another organisation, or remove the portal."),
    ),
    "run_broke": Sentence(
        N_("The run broke off by a mistake of this hub's ({reason}). What was saved is kept."),
        N_("Tell this hub's administrator; its log has the details."),
    ),
    "dataset_taken_out_here": Sentence(
        N_("Somebody deleted this record's dataset here, so it is not brought back."),
        N_("Nothing, if that was meant. Else restore the dataset: the next run takes it up again."),
    ),
    "dataset_of_other_organisation": Sentence(
        N_("“{title}” was moved to another organisation, where this portal may not write."),
        N_("Nothing, if that was meant. Else move the dataset back."),
    ),
    "edit_kept": Sentence(
        N_("The portal says otherwise about {fields}, but it was edited here: the edit stays."),
        N_("Nothing, if the edit is right. Else clear it, and the portal's words come in again."),
    ),
    "level_lowered": Sentence(
        N_("The level was lowered from {before} to {after}: what speaks for {before} is gone."),
        N_("Look at licence and access at the portal, and declare the level anew if it is wrong."),
    ),
    "resource_links_lost": Sentence(
        N_("The portal lists this record's files without links now. The {files} known ones stay."),
        N_("Ask the publisher to put the links back."),
    ),
    "portal_name_taken": Sentence(
        N_("There is a portal of the name “{received}” already."),
        N_("Choose another name."),
    ),
    "portal_known": Sentence(
        N_("“{received}” is harvested already, as the portal “{name}”."),
        N_("Use that one. A second portal at the same address would bring every dataset twice."),
    ),
    "link_has_key": Sentence(
        N_("The link carries a key (“{name}”). It was not saved."),
        N_("Leave the key out of the link, and name the setting that holds it as the secret."),
    ),
    "link_not_public": Sentence(
        N_("The link “{received}” leads into a private network."),
        N_("An administrator can open networks in ckanext.emergent.fetch.allowed_networks."),
    ),
    "portal_not_recognised": Sentence(
        N_("No family of portals was recognised at “{received}”."),
        N_("Try another page of the portal, such as its home page or the address of its list."),
    ),
    "secret_name_refused": Sentence(
        N_(
            "“{received}” cannot be the name of a secret: names begin with {setting} or {variable}."
        ),
        N_("Put the secret into a setting or an environment variable of such a name."),
    ),
    "rule_unknown": Sentence(
        N_("A portal has no rule “{received}”. There are: {known}."),
        N_("Correct the name of the rule."),
    ),
    "rule_refused": Sentence(
        N_("The rule “{rule}” does not take “{received}”."),
        N_("It takes: {takes}."),
    ),
    "queue_unavailable": Sentence(
        N_("The queue of jobs does not answer. The run waits in the database."),
        N_("Ask for the run again once Redis is there, or run it with: ckan emergent harvest."),
    ),
    # --- schemas and forms -----------------------------------------------------------------
    "level_missing": Sentence(
        N_("The dataset has no place on the Data Spectrum yet."),
        N_("Choose one of the five levels; if in doubt, the more restrictive one."),
    ),
    "level_unknown": Sentence(
        N_("“{received}” is not a level of the Data Spectrum."),
        N_("There are: internal, named, group, public, open."),
    ),
    "basis_unknown": Sentence(
        N_("“{received}” is no way to find a level."),
        N_("There are: declared, derived."),
    ),
    "provenance_kept": Sentence(
        N_("Where a record came from is kept by the hub, and cannot be changed to “{received}”."),
        N_("Leave it as it is, or ask an administrator of the hub."),
    ),
    "set_by_sysadmins": Sentence(
        N_("Only an administrator of the hub can say this of an organisation: “{received}”."),
        N_("Leave it as it is, and ask an administrator."),
    ),
    "texts_expected": Sentence(
        N_("This takes texts, and received “{received}”."),
        N_("Send a list of texts."),
    ),
    "row_incomplete": Sentence(
        N_("This row is not complete."),
        N_("Fill it, or empty the whole row."),
    ),
    "choice_unknown": Sentence(
        N_("“{received}” is none of the choices."),
        N_("There are: {choices}."),
    ),
    "date_unknown": Sentence(
        N_("“{received}” is not a date that everybody reads alike."),
        N_("Write it like 2026-05-03, or only 2026-05 or 2026."),
    ),
    "link_expected": Sentence(
        N_("“{received}” is not a link to a page on the web."),
        N_("Copy the address from your browser; it begins with https:// or http://."),
    ),
    "coordinate_unknown": Sentence(
        N_("“{received}” is no such coordinate."),
        N_("Write degrees as a number from -{limit} to {limit}, for example 53.7997."),
    ),
    "coordinate_alone": Sentence(
        N_("A place on the map needs a latitude and a longitude; one of them is missing."),
        N_("Give both, or neither."),
    ),
    # --- hub -------------------------------------------------------------------------------
}
