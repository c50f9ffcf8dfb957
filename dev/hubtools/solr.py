"""A private Solr from its published jars: a core for the hub and one for the tests."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from hubtools.place import Memory, Place, digest
from hubtools.say import Failure, step
from hubtools.service import Service, answers

CORES = ("hub", "test", "test-2")
EMPTY = (
    "synonyms.txt",
    "stopwords.txt",
    "protwords.txt",
)  # named by CKAN's schema, not shipped with it
# The quick compiler and the simple collector halve the start, which is what a developer waits for.
JAVA = ("java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def url(port: int, core: str) -> str:
    return f"http://127.0.0.1:{port}/solr/{core}"


def fetch_jars(place: Place) -> None:
    """Copies Solr's jars into the hub's folder, once for each version of the pom."""
    pom = place.checkout / "dev" / "solr" / "pom.xml"
    jars = place.home / "solr" / "lib"
    stamp = jars / ".pom"
    wanted = digest(pom)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(jars, ignore_errors=True)
    with step("Fetch Solr (83 MB of jars, once)"), place.log("maven").open("wb") as log:
        done = subprocess.run(
            [
                *("mvn", "--batch-mode", "--no-transfer-progress", "-f", str(pom)),
                *(
                    "dependency:copy-dependencies",
                    "-DincludeScope=runtime",
                    f"-DoutputDirectory={jars}",
                ),
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise Failure(
            "fetch Solr's jars",
            f"Maven ended with code {done.returncode}",
            "check that this machine reaches a Maven repository, then run the command again",
            place.log("maven"),
        )
    stamp.write_text(wanted)


def schema(place: Place) -> Path:
    """CKAN's schema, of the CKAN that is installed."""
    found = next(place.venv.glob("lib/python3*/site-packages/ckan/config/solr/schema.xml"), None)
    if found is None:
        raise Failure("find CKAN's Solr schema", "CKAN is not installed here", "run `dev/hub up`")
    return found


def write_cores(place: Place, folder: Path) -> None:
    source = place.checkout / "dev" / "solr"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "solr.xml", folder)
    for core in CORES:
        settings = folder / core / "conf"
        settings.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "core" / "solrconfig.xml", settings)
        shutil.copy(schema(place), settings / "schema.xml")
        for name in EMPTY:
            (settings / name).touch()
        (folder / core / "core.properties").write_text(f"name={core}\n")


def service(place: Place, memory: Memory, port: int) -> Service:
    del memory  # it keeps no secret: it listens on 127.0.0.1 only
    folder = place.home / "solr" / "home"
    launcher = str(place.checkout / "dev" / "solr" / "Solr.java")
    return Service(
        name="solr",
        title="Solr",
        port=port,
        command=(
            *JAVA,
            *("-Djava.awt.headless=true", "-Dlog4j2.level=WARN", f"-Dsolr.log.dir={place.logs}"),
            "-Dsolr.jetty.inetaccess.includes=127.0.0.1",
            *("-cp", f"{place.home}/solr/lib/*", launcher, str(port), str(folder)),
        ),
        log=place.log("solr"),
        mark=f"Solr.java {port} {folder}",
        prepare=lambda: write_cores(place, folder),
        ready=lambda: all(answers(f"{url(port, core)}/admin/ping", seconds=2) for core in CORES),
    )


def remove_data(place: Place) -> None:
    shutil.rmtree(place.home / "solr" / "home", ignore_errors=True)
