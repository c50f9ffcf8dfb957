"""Keeps the hub's services running: what ends unasked is started again, with a sentence."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from hubtools.process import Records
from hubtools.say import Failure, line, warn
from hubtools.service import Service

LOOK_EVERY = 1.0
LONGEST_WAIT = 60.0


@dataclass(slots=True)
class Patience:
    """The wait before the next start of what keeps ending: doubled each time, to a minute."""

    seconds: float = 0.0
    until: float = 0.0
    since: float = field(default_factory=time.monotonic)

    def over(self) -> bool:
        return time.monotonic() >= self.until

    def after_an_end(self) -> None:
        now = time.monotonic()
        calm = now - self.since > 2 * LONGEST_WAIT
        self.seconds = 0.0 if calm else min(LONGEST_WAIT, self.seconds * 2 or 1.0)
        self.since, self.until = now, now + self.seconds


def supervise(services: Sequence[Service], records: Records) -> NoReturn:
    """Looks after the services until an exception (Ctrl-C, a signal) ends it."""
    patience = {service.name: Patience() for service in services}
    while True:
        for service in services:
            if not service.running(records) and patience[service.name].over():
                patience[service.name].after_an_end()
                start_again(service, records)
        time.sleep(LOOK_EVERY)


def start_again(service: Service, records: Records) -> None:
    line(f"· {service.title} ended unasked; starting it again (log: {service.log})")
    try:
        service.wait(service.start(records))
    except Failure as failure:
        service.stop(records)
        warn(f"{failure}\n  Trying again soon.")
