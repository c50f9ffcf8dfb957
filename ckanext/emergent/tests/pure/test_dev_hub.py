"""The parts of `dev/hub` that need no service; the rest is tried by using it."""

from __future__ import annotations

import configparser
import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.emergent.tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "dev"))

from hubtools import cli, environment, ini, postgres, process, redis, tiers
from hubtools.place import Memory, Place, digest, place_from, write_private
from hubtools.ports import Ports, hold, is_free
from hubtools.process import Process, Records, began_at
from hubtools.say import Failure, last_lines
from hubtools.site import Site
from hubtools.supervisor import LONGEST_WAIT, Patience


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = place_from({"HUB_HOME": str(tmp_path / "home")}, ROOT)
    made.make_folders()
    return made


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def ports(place: Place) -> Ports:
    return Ports(Memory(place), place.home)


class TestPlace:
    def test_without_hub_home_everything_is_in_the_ignored_folder(self) -> None:
        assert place_from({}, ROOT).home == ROOT / ".hub"

    def test_hub_home_may_be_relative(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert place_from({"HUB_HOME": "here"}, ROOT).home == tmp_path / "here"

    def test_the_virtual_environment_moves_with_it(self, place: Place) -> None:
        assert place.program("ckan") == str(place.home / "venv" / "bin" / "ckan")

    def test_digest_changes_with_content_and_with_names(self, tmp_path: Path) -> None:
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / "a").write_text("1")
        first = digest(folder)
        (folder / "a").rename(folder / "b")
        renamed = digest(folder)
        (folder / "b").write_text("2")
        assert len({first, renamed, digest(folder)}) == 3


class TestMemory:
    def test_a_secret_is_made_once_and_stays(self, place: Place) -> None:
        assert Memory(place).secret("redis") == Memory(place).secret("redis")

    def test_two_secrets_differ(self, place: Place) -> None:
        assert Memory(place).secret("redis") != Memory(place).secret("ckan")

    def test_only_the_owner_reads_the_file(self, place: Place) -> None:
        Memory(place).secret("redis")
        assert (place.home / "state.json").stat().st_mode & 0o777 == 0o600

    def test_forgetting_one_kind_keeps_the_others(self, place: Place) -> None:
        memory = Memory(place)
        memory.keep("stamps", "tables", "1")
        memory.keep("ports", "web", "5000")
        memory.forget("stamps")
        assert (memory.get("stamps", "tables"), memory.get("ports", "web")) == (None, "5000")

    def test_private_files_are_never_open_to_others(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.touch(mode=0o644)
        write_private(file, "x")
        assert file.stat().st_mode & 0o777 == 0o600


class TestPorts:
    def test_a_chosen_port_is_kept_for_the_next_start(self, place: Place) -> None:
        with ports(place).held() as first:
            chosen = first.choose("solr")
        with ports(place).held() as second:
            assert second.choose("solr") == chosen

    def test_a_kept_port_that_was_taken_meanwhile_is_replaced(
        self, place: Place, taken: int
    ) -> None:
        Memory(place).keep("ports", "solr", str(taken))
        with ports(place).held() as chosen:
            assert chosen.choose("solr") != taken

    def test_a_port_is_held_until_its_service_takes_it(self, place: Place) -> None:
        with ports(place).held() as chosen:
            port = chosen.choose("solr")
            before = is_free(port)
            chosen.release("solr")
            assert (before, is_free(port)) == (False, True)

    def test_two_hubs_that_start_together_choose_different_ports(self, tmp_path: Path) -> None:
        places = [place_from({"HUB_HOME": str(tmp_path / name)}, ROOT) for name in "ab"]
        for one in places:
            one.make_folders()
        with ports(places[0]).held() as first, ports(places[1]).held() as second:
            names = ("web", "postgres", "redis", "solr", "demo")
            chosen = [held.choose(name) for held in (first, second) for name in names]
        assert len(set(chosen)) == len(chosen)

    def test_a_wanted_port_that_is_taken_is_refused_with_what_to_do(
        self, place: Place, taken: int
    ) -> None:
        with ports(place).held() as chosen, pytest.raises(Failure, match="another program") as said:
            chosen.choose("web", wanted=taken)
        assert "--port" in str(said.value)

    def test_nobody_holds_a_port_that_is_listened_on(self, taken: int) -> None:
        assert hold(taken) is None


class TestProcess:
    @pytest.fixture
    def sleeper(self, tmp_path: Path) -> Iterator[Process]:
        started = process.start(["sleep", "60"], log=tmp_path / "log")
        yield started
        started.end()

    def test_a_record_finds_the_process_again(self, sleeper: Process, tmp_path: Path) -> None:
        Records(tmp_path).keep("one", sleeper)
        assert Records(tmp_path).living("one") == sleeper

    def test_a_record_of_an_ended_process_is_none(self, sleeper: Process, tmp_path: Path) -> None:
        Records(tmp_path).keep("one", sleeper)
        sleeper.end()
        assert Records(tmp_path).living("one") is None

    def test_another_process_with_the_same_id_is_not_ours(self, tmp_path: Path) -> None:
        Records(tmp_path).keep("one", Process(os.getpid(), (began_at(os.getpid()) or 0) - 1))
        assert Records(tmp_path).living("one") is None

    def test_a_half_written_record_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "one.json").write_text('{"pid": 1')
        assert Records(tmp_path).living("one") is None

    def test_a_process_that_ignores_the_request_is_killed(self, tmp_path: Path) -> None:
        deaf = process.start(
            [
                sys.executable,
                "-c",
                "import signal; signal.signal(15, signal.SIG_IGN); print(1); signal.pause()",
            ],
            log=tmp_path / "log",
            environment={"PYTHONUNBUFFERED": "1"},
        )
        process.wait_until(lambda: (tmp_path / "log").read_text() == "1\n", 10)
        deaf.end(seconds=0.2)
        assert not deaf.alive

    def test_what_a_crash_left_is_found_by_its_command_line(self, tmp_path: Path) -> None:
        mark = f"left by {tmp_path}"
        left = process.start(
            [sys.executable, "-c", "import signal; signal.pause()", mark], log=tmp_path / "log"
        )
        try:
            assert [found.pid for found in process.find(mark)] == [left.pid]
        finally:
            left.end()


class TestIni:
    def read(self, text: str) -> configparser.SectionProxy:
        parser = configparser.ConfigParser()
        parser.optionxform = str  # type: ignore[assignment, method-assign]  # keys keep their case
        parser.read_string(text)
        return parser["app:main"]

    def test_debug_is_off(self) -> None:
        assert self.read(ini.render({}))["debug"] == "false"

    def test_a_percent_sign_survives(self) -> None:
        assert self.read(ini.render({"SECRET_KEY": "50%s"}))["SECRET_KEY"] == "50%s"

    def test_plugins_are_those_of_the_tests_in_the_same_order(self) -> None:
        tests = configparser.ConfigParser()
        tests.read(ROOT / "test.ini")
        assert self.read(ini.render({}))["ckan.plugins"] == tests["app:main"]["ckan.plugins"]

    def test_people_cannot_make_organisations(self) -> None:
        read = self.read(ini.render({}))
        assert read["ckan.auth.user_create_organizations"] == "false"
        assert read["ckan.auth.user_create_groups"] == "false"

    def test_networks_of_one_s_own_stay_closed_unless_asked_for(self) -> None:
        assert "ckanext.emergent.fetch.allowed_networks" not in self.read(ini.render({}))

    def test_the_site_s_file_is_private_and_holds_its_address(self, place: Place) -> None:
        site = Site(place, Memory(place), "http://127.0.0.1:5123/", "http://127.0.0.1:1/")
        site.write_ini({})
        assert place.ini.stat().st_mode & 0o777 == 0o600
        assert self.read(place.ini.read_text())["ckan.site_url"] == "http://127.0.0.1:5123"

    def test_two_hubs_on_one_host_have_their_own_cookies(self, place: Place) -> None:
        names = set()
        for port in (5000, 5001):
            Site(place, Memory(place), f"http://127.0.0.1:{port}/", "http://x/").write_ini({})
            names.add(self.read(place.ini.read_text())["SESSION_COOKIE_NAME"])
        assert len(names) == 2


class TestOnce:
    def test_work_is_done_again_only_when_what_it_depends_on_changed(self, place: Place) -> None:
        site = Site(place, Memory(place), "http://127.0.0.1:5000/", "http://x/")
        done: list[str] = []
        for version in ("1", "1", "2"):
            site.once("Build", version, lambda: done.append("built"))
        assert done == ["built", "built"]

    def test_work_that_failed_is_tried_again(self, place: Place) -> None:
        site = Site(place, Memory(place), "http://127.0.0.1:5000/", "http://x/")
        with pytest.raises(Failure):
            site.once("Build", "1", lambda: site.run("build", ["false"]))
        assert Memory(place).get("stamps", "Build") is None


class TestFailure:
    def test_it_says_step_reason_remedy_and_the_end_of_the_log(self, tmp_path: Path) -> None:
        log = tmp_path / "solr.log"
        log.write_text("".join(f"line {number}\n" for number in range(100)))
        said = str(Failure("start Solr", "it ended", "read its log", log))
        assert "start Solr" in said
        assert "it ended" in said
        assert "read its log" in said
        assert str(log) in said
        assert "line 99" in said
        assert "line 50" not in said

    def test_the_end_of_a_huge_log_is_read_without_the_rest(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        log.write_text("x" * 1_000_000 + "\nlast\n")
        assert last_lines(log)[-1] == "last"

    def test_a_log_that_is_no_text_is_shown_as_far_as_it_goes(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        log.write_bytes(b"\xff\xfe\nend\n")
        assert last_lines(log)[-1] == "end"

    def test_a_program_that_fails_is_named_with_its_log(self, place: Place) -> None:
        site = Site(place, Memory(place), "http://127.0.0.1:5000/", "http://x/")
        with pytest.raises(Failure) as said:
            site.run("build the assets", ["sh", "-c", "echo no such bundle; exit 3"])
        assert "build the assets" in str(said.value)
        assert "code 3" in str(said.value)
        assert "no such bundle" in str(said.value)


class TestTiers:
    def names(self, *arguments: str, slow: bool = False) -> list[str]:
        return [tier.name for tier in tiers.tiers(arguments, ROOT, slow=slow)]

    def test_without_arguments_the_pure_ones_come_first(self) -> None:
        assert self.names() == ["pure", "ckan"]

    def test_a_named_pure_file_needs_no_services(self) -> None:
        assert self.names("ckanext/emergent/tests/pure/test_dev_hub.py::TestTiers") == ["pure"]

    def test_a_named_file_of_the_other_tier_runs_that_only(self) -> None:
        assert self.names("ckanext/emergent/tests/ckan", "-x") == ["ckan"]

    def test_options_go_to_both(self) -> None:
        both = tiers.tiers(("-k", "licence"), ROOT, slow=False)
        assert all(tier.options[-2:] == ("-k", "licence") for tier in both)

    def test_slow_ones_wait_for_all(self) -> None:
        quick, full = (tiers.tiers((), ROOT, slow=slow) for slow in (False, True))
        assert all("not (browser or faults or slow)" in tier.options for tier in quick)
        assert not any("-m" in tier.options[2:] for tier in full if tier.name == "pure")

    def test_the_pure_tier_does_not_boot_ckan(self) -> None:
        pure = tiers.tiers((), ROOT, slow=False)[0]
        assert pure.options[:4] == ("-p", "no:ckan", "-p", "no:ckan_fixtures")

    def test_counts_are_read_from_pytest_s_report(self, tmp_path: Path) -> None:
        report = tmp_path / "report.xml"
        report.write_text(
            '<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>'
        )
        assert str(tiers.counts_in(report, code=1)) == "3 passed, 3 failed, 3 skipped"

    def test_a_run_that_died_without_a_report_is_a_failure(self, tmp_path: Path) -> None:
        assert tiers.counts_in(tmp_path / "none.xml", code=139).failed == 1


class TestPatience:
    def test_the_first_restart_is_at_once_and_the_next_ones_wait_longer(self) -> None:
        patience = Patience()
        waits = []
        for _ in range(8):
            patience.after_an_end()
            waits.append(patience.seconds)
        assert waits == sorted(waits)
        assert waits[-1] == LONGEST_WAIT
        assert not patience.over()


class TestCommandLine:
    def test_ckan_keeps_its_own_options(
        self, monkeypatch: pytest.MonkeyPatch, place: Place
    ) -> None:
        seen: list[list[str]] = []
        monkeypatch.setenv("HUB_HOME", str(place.home))
        monkeypatch.setattr(cli, "ckan", lambda _place, rest: seen.append(list(rest)) or 0)
        assert cli.main(["ckan", "--help", "user", "list"]) == 0
        assert seen == [["--help", "user", "list"]]

    def test_other_arguments_of_test_go_to_pytest(
        self, monkeypatch: pytest.MonkeyPatch, place: Place
    ) -> None:
        seen: list[tuple[list[str], bool]] = []
        monkeypatch.setenv("HUB_HOME", str(place.home))
        monkeypatch.setattr(
            cli, "test", lambda _place, rest, *, slow: seen.append((list(rest), slow)) or 0
        )
        assert cli.main(["test", "-k", "x", "--all", "--maxfail=1"]) == 0
        assert seen == [(["-k", "x", "--maxfail=1"], True)]

    def test_an_unknown_argument_elsewhere_is_an_error(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            cli.main(["up", "--prot", "5000"])
        assert "--prot" in capsys.readouterr().err

    def test_a_failure_ends_with_its_sentence_and_code_1(
        self, monkeypatch: pytest.MonkeyPatch, place: Place, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("HUB_HOME", str(place.home))
        assert cli.main(["ckan", "user", "list"]) == 1
        assert "dev/hub up" in capsys.readouterr().err

    def test_reset_asks_first(
        self, monkeypatch: pytest.MonkeyPatch, place: Place, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("HUB_HOME", str(place.home))
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        assert cli.main(["reset"]) == 1
        assert "--yes" in capsys.readouterr().err

    def test_it_starts_with_nothing_but_the_standard_library(self) -> None:
        done = subprocess.run(
            [sys.executable, "-S", "-E", str(ROOT / "dev" / "hub"), "--help"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "status" in done.stdout


class TestServices:
    def test_redis_listens_here_only_and_wants_a_password(self) -> None:
        text = redis.configuration(Path("/x"), 1234, "secret")
        assert "bind 127.0.0.1" in text
        assert "requirepass secret" in text

    def test_root_steps_down_to_run_postgresql(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        assert postgres.as_owner(["initdb"])[0] == "setpriv"

    def test_others_run_it_as_themselves(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        assert postgres.as_owner(["initdb"]) == ("initdb",)

    def test_the_environment_is_renewed_when_the_constraints_change(self, tmp_path: Path) -> None:
        (tmp_path / "dev").mkdir()
        for name in environment.SOURCES:
            (tmp_path / name).write_text("1")
        place = place_from({}, tmp_path)
        before = environment.wanted_stamp(place)
        (tmp_path / "dev" / "constraints.txt").write_text("2")
        assert environment.wanted_stamp(place) != before
