"""The files of deploy/ do what docs/operations.md says: the site stands behind their nginx."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from select import select
from typing import Any, NamedTuple

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cartapp.env import NEEDED_BY_A_SITE
from tests.settings import QUICK_FOLDER

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
IMAGE = (DEPLOY / "Containerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
NAME = "cartapp.example"
STATIC = "/static/vendor/plotly/plotly-basic.min.js"
THREADS = 8  # of two processes
SLOW = (
    f"POST /sign-in/ HTTP/1.1\r\nHost: {NAME}\r\nX-Forwarded-Proto: https\r\n"
    f"Referer: https://{NAME}/sign-in/\r\nCookie: csrftoken={'0' * 32}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n"
    "Expect: 100-continue\r\n\r\nlogin="
).encode()
"""A form begins. The site answers "100 Continue" as soon as a thread waits for the rest."""


def test_the_unit_of_systemd_is_sound_and_shut_in(tmp_path: Path) -> None:
    """With this folder in the place of /opt/cartapp, and a user that there is."""
    unit = tmp_path / "cartapp.service"
    written = (DEPLOY / "cartapp.service").read_text().replace("/opt/cartapp", str(ROOT))
    unit.write_text(re.sub(r"(?m)^(User|Group)=cartapp$", r"\1=root", written))

    verified = run("systemd-analyze", "verify", str(unit))
    exposed = run("systemd-analyze", "security", "--offline=true", "--threshold=25", str(unit))

    assert (verified.returncode, verified.stderr) == (0, "")
    assert exposed.returncode == 0


def test_containers_may_write_and_do_as_little_as_can_be() -> None:
    site = COMPOSE["services"]["site"]

    assert (ROOT / site["build"]["dockerfile"]).read_text() == IMAGE
    assert (DEPLOY / site["build"]["context"]).resolve() == ROOT
    assert (site["read_only"], site["cap_drop"], site["security_opt"]) == (
        True,
        ["ALL"],
        ["no-new-privileges:true"],
    )
    assert re.findall(r"(?m)^USER (.*)$", IMAGE) == ["10001:10001"]
    assert [port for port in site["ports"] if not port.startswith("127.0.0.1:")] == []
    assert COMPOSE["services"]["migrate"] | site == site | {
        "profiles": ["migrate"],
        "command": [".venv/bin/python", "manage.py", "migrate"],
    }
    used = {name for each in COMPOSE["services"].values() for name in each.get("secrets", ())}
    assert used == set(COMPOSE["secrets"])


def test_one_role_serves_and_another_migrates_when_it_is_asked_for() -> None:
    services = COMPOSE["services"]
    environments = {name: services[name]["environment"] for name in services}
    of_migrate = {"MIGRATE_DATABASE_URL_FILE": "/run/secrets/migrate-database-url"}
    unread = {
        (name, path)
        for name, environment in environments.items()
        for path in environment.values()
        if path.startswith("/run/secrets/")
        if path.removeprefix("/run/secrets/") not in services[name]["secrets"]
    }

    assert {name.removesuffix("_FILE") for name in environments["site"]} == {
        *NEEDED_BY_A_SITE,
        "BACKUP_KEY",
    }
    assert environments["migrate"] == environments["site"] | of_migrate
    assert of_migrate.items() <= environments["database"].items()
    assert unread == set()


def test_the_database_of_the_containers_finds_what_makes_its_roles() -> None:
    mounted = [volume.split(":") for volume in COMPOSE["services"]["database"]["volumes"][1:]]

    assert [((DEPLOY / here).resolve(), there, mode) for here, there, mode in mounted] == [
        (DEPLOY / "roles", "/docker-entrypoint-initdb.d/roles.sh", "ro"),
        (ROOT / "scripts" / "postgresql-roles", "/usr/local/bin/postgresql-roles", "ro"),
    ]
    assert [os.access(DEPLOY / here, os.X_OK) for here, _there, _mode in mounted] == [True, True]


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the commands that deploy/ names
        command, capture_output=True, text=True, check=False, **options
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Deployed(NamedTuple):
    """A site that runs as its image says, and where its proxy is asked."""

    image: Path
    environment: dict[str, str]
    plain: int
    secure: int
    trusted: ssl.SSLContext
    log: Path

    def connected(self, name: str = NAME) -> ssl.SSLSocket:
        """A connection to the proxy for this name."""
        with socket.create_connection(("127.0.0.1", self.secure), timeout=30) as reached:
            return self.trusted.wrap_socket(reached, server_hostname=name)

    def asked(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """An answer through the proxy."""
        with closing(HTTPConnection(NAME)) as connection:
            connection.sock = self.connected()
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=named)
            response = connection.getresponse()
            return response, response.read()


def built(folder: Path) -> Path:
    """What the image holds, with our own packages in the place of those it installs."""
    image = folder / "image"
    image.mkdir()
    (image / ".venv").symlink_to(ROOT / ".venv")
    for line in re.findall(r"(?m)^COPY (.*)$", IMAGE):
        *sources, target = line.split()
        for source in sources:
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / source, image / target, ignore=ignored)
            else:
                (image / target).mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, image / target)
    (collect,) = re.findall(r"(?m)^RUN (\.venv/.*)$", IMAGE)
    assert run(*collect.split(), cwd=image, env={"ENVIRONMENT_FILE": ""}).stderr == ""
    return image


def described(folder: Path, database: str) -> dict[str, str]:
    """The environment that compose.yaml gives to the site, on a database of SQLite."""
    secrets = folder / "secrets"
    secrets.mkdir()
    (secrets / "secret-key").write_text("0123456789abcdef" * 4)
    (secrets / "chain-keys").write_text("first:" + "fedcba9876543210" * 4)
    (secrets / "backup-key").write_text("02468ace13579bdf" * 4)
    (secrets / "database-url").write_text(f"sqlite:///{database}/cart.sqlite3")
    given = COMPOSE["services"]["site"]["environment"]
    placed = {name: value.replace("/run/secrets", str(secrets)) for name, value in given.items()}
    return placed | {"PATH": os.environ["PATH"], "ENVIRONMENT_FILE": "", "PORT": str(free_port())}


def certified(folder: Path) -> ssl.SSLContext:
    """A certificate for the name in nginx.conf, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return ssl.create_default_context(cafile=str(folder / "certificate.pem"))


def proxied(folder: Path, *, plain: int, secure: int, site: str) -> Path:
    """The project's own file, at these ports and in this folder, within what Debian puts round."""
    own = (DEPLOY / "nginx.conf").read_text()
    for written, here in (
        ("listen 80 ", f"listen 127.0.0.1:{plain} "),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        ("127.0.0.1:8000", f"127.0.0.1:{site}"),
        ("/etc/cartapp/tls", str(folder)),
        ("/var/log/nginx", str(folder)),
    ):
        assert written in own
        own = own.replace(written, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    path = folder / "nginx.conf"
    path.write_text(f"pid {folder}/pid; events {{}}\nhttp {{\n{temporary}{own}\n}}\n")
    return path


def serving(port: str) -> list[str]:
    """The command of the image, at a port of this machine."""
    (command,) = re.findall(r"(?m)^CMD (\[.*\])$", IMAGE)
    return list(json.loads(command.replace("0.0.0.0:8000", f"127.0.0.1:{port}")))


@contextmanager
def started(*command: str, says: str, **options: Any) -> Iterator[None]:
    """A server, once it says that it serves."""
    process = subprocess.Popen(  # noqa: S603 - the commands that deploy/ names
        command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, **options
    )
    with process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == says
            yield
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A folder for a database that no disk holds back."""
    with tempfile.TemporaryDirectory(dir=QUICK_FOLDER) as folder:
        yield folder


@pytest.fixture(scope="module")
def deployed(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deployed")
    image, environment = built(folder), described(folder, database)
    migrate = (sys.executable, "manage.py", "migrate", "--verbosity=0")
    assert run(*migrate, cwd=image, env=environment).stderr == ""
    port = environment["PORT"]
    plain, secure = free_port(), free_port()
    trusted = certified(folder)
    nginx = proxied(folder, plain=plain, secure=secure, site=port)
    command = ("/usr/sbin/nginx", "-p", str(folder), "-c", str(nginx), "-e", str(folder / "errors"))
    with ExitStack() as running:
        says = f"cartapp: http://127.0.0.1:{port}"
        running.enter_context(started(*serving(port), says=says, cwd=image, env=environment))
        proxy = run(*command)  # it listens once the command has ended
        assert (proxy.returncode, proxy.stderr) == (0, "")
        running.callback(run, *command, "-s", "stop")
        yield Deployed(image, environment, plain, secure, trusted, folder / "cartapp.log")


def test_pages_come_by_https_alone_for_the_name_of_the_site_alone(deployed: Deployed) -> None:
    with closing(HTTPConnection("127.0.0.1", deployed.plain)) as plainly:
        plainly.request("GET", "/cases/?page=2")
        led_to = plainly.getresponse().headers["Location"]
    page, body = deployed.asked("/sign-in/", Accept_Encoding="gzip", X_Forwarded_Proto="http")

    assert led_to == f"https://{NAME}/cases/?page=2"
    assert (page.status, page.headers["Content-Encoding"]) == (200, "gzip")
    assert body.startswith(b"\x1f\x8b")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Secure" in page.headers["Set-Cookie"]
    with pytest.raises(ssl.SSLError):
        deployed.connected("another.example")


def test_watching_is_answered_and_what_it_counts_stays_inside(deployed: Deployed) -> None:
    answers = {path: deployed.asked(path) for path in ("/health/", "/ready/", "/metrics/")}

    assert {path: answer.status for path, (answer, _body) in answers.items()} == {
        "/health/": 200,
        "/ready/": 200,
        "/metrics/": 404,
    }
    assert b"nginx" in answers["/metrics/"][1]


def test_the_log_holds_no_query(deployed: Deployed) -> None:
    deployed.asked("/cases/?q=zqname")
    deployed.asked("/health/")

    logged = deployed.log.read_text()
    assert " GET /cases/ 302 " in logged
    assert "zqname" not in logged


def test_slow_readers_and_writers_keep_nobody_waiting(deployed: Deployed) -> None:
    """More of them than the site has threads."""
    with ExitStack() as slow:
        for number in range(2 * THREADS):
            reading = slow.enter_context(deployed.connected())
            reading.sendall(f"GET {STATIC}?{number} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
            slow.enter_context(deployed.connected()).sendall(SLOW)

        page, _body = deployed.asked("/sign-in/")

    assert page.status == 200


def test_without_the_proxy_slow_writers_keep_everybody_waiting(deployed: Deployed) -> None:
    """As many are told to continue as a process has threads, nobody else until they go; another
    site, behind its proxy, answers meanwhile."""
    port, told = str(free_port()), set[socket.socket]()
    one_process, site = [*serving(port), "--workers=1"], ("127.0.0.1", int(port))
    here = {"cwd": deployed.image, "env": deployed.environment | {"PORT": port}}
    with (
        started(*one_process, says=f"cartapp: http://127.0.0.1:{port}", **here),
        closing(HTTPConnection(*site)) as waiting,
        ExitStack() as slow,
    ):
        writers = {slow.enter_context(socket.create_connection(site)) for _ in range(THREADS)}
        for writer in writers:
            writer.sendall(SLOW)
        while len(told) < THREADS // 2:
            told |= {*select(writers - told, [], [])[0]}

        waiting.request("GET", "/health/", headers={"Host": NAME})
        meanwhile = [deployed.asked("/health/")[0].status for _ in range(THREADS)]
        others = select({*writers, waiting.sock} - told, [], [], 0)[0]
        slow.close()
        answer = waiting.getresponse()

    assert (len(told), meanwhile, others) == (THREADS // 2, [200] * THREADS, [])
    assert answer.status == 200


def test_the_image_asks_itself_how_it_is(deployed: Deployed) -> None:
    (check,) = re.findall(r"(?m)^HEALTHCHECK .* CMD (\[.*\])$", IMAGE)

    well = run(*json.loads(check), cwd=deployed.image, env=deployed.environment)
    gone = run(
        *json.loads(check),
        cwd=deployed.image,
        env=deployed.environment | {"PORT": str(free_port())},
    )

    assert (well.returncode, well.stdout) == (0, "well\n")
    assert (gone.returncode, gone.stdout) == (1, "ConnectionRefusedError\n")
