"""The three programs that serve the hub: the demo's portal, the worker, the web server."""

from __future__ import annotations

from hubtools.say import Failure
from hubtools.service import Service, accepts, status_of
from hubtools.site import Site, environment

QUEUES = ("emergent-now", "emergent", "default")
WEB_WORKERS = 2


def programs(site: Site, port: int, demo_port: int) -> tuple[Service, ...]:
    """In the order in which they start."""
    return demo(site, demo_port), worker(site), web(site, port)


def demo(site: Site, port: int) -> Service:
    """Serves the demo's index, so that the first harvest goes through HTTP like any other."""
    script = str(site.place.checkout / "dev" / "demo" / "serve.py")
    return Service(
        name="demo",
        title="the demo's portal",
        port=port,
        command=(site.place.program("python"), script, "--port", str(port)),
        log=site.place.log("demo"),
        mark=f"{script} --port {port}",
        ready=lambda: accepts(port),
    )


def worker(site: Site) -> Service:
    return Service(
        name="worker",
        title="the worker",
        command=(
            *(site.place.program("ckan"), "-c", str(site.place.ini)),
            *("jobs", "worker", *QUEUES),
        ),
        log=site.place.log("worker"),
        mark=f"-c {site.place.ini} jobs worker",
        ready=lambda: True,  # it answers nobody; the supervisor sees if it ends
        environment=environment(site.place),
    )


def web(site: Site, port: int) -> Service:
    record = site.place.run / "gunicorn.pid"
    return Service(
        name="web",
        title="the web server",
        port=port,
        command=(
            *(site.place.program("gunicorn"), "hubtools.wsgi:application"),
            *("--bind", f"127.0.0.1:{port}", "--workers", str(WEB_WORKERS)),
            *("--timeout", "120", "--graceful-timeout", "10", "--access-logfile", "-"),
            *("--pid", str(record)),
        ),
        log=site.place.log("web"),
        mark=f"--pid {record}",
        prepare=lambda: record.unlink(missing_ok=True),
        ready=lambda: front_page(site),
        environment=environment(site.place),
        seconds=120,
    )


def front_page(site: Site) -> bool:
    """Whether the hub page is there; an error page is an answer that will not change by waiting."""
    status = status_of(site.address, seconds=60)
    if status is not None and status >= 400:
        raise Failure(
            "show the hub page",
            f"it answered with HTTP status {status}",
            "read the log of the web server",
            site.place.log("web"),
        )
    return status is not None
