"""The proxy file that is handed to operators, run by a real nginx in front of a server that tells what reached it."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FILE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
pytestmark = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not on this machine")


class Told(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that reached it and the length of the body."""

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.began.append(self.path)
        body = json.dumps({"headers": list(self.headers.items()), "length": len(self.rfile.read(length))}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - the library's own name

    def log_message(self, *_words):
        pass


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def certificate(folder):
    """A key and a certificate of our own for an hour."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal.example")]),
    )
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    (folder / "certificate.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """The port of nginx, and what the server behind it has begun to answer."""
    folder = tmp_path_factory.mktemp("proxy")
    certificate(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Told)
    server.began = []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    plain, secure = free_port(), free_port()
    text = FILE.read_text(encoding="utf-8")
    for old, new in {"listen 80;": f"listen {plain};", "listen 443 ssl;": f"listen {secure} ssl;",
                     "127.0.0.1:8000": f"127.0.0.1:{server.server_port}", "/etc/ssl/chuangbao": str(folder)}.items():  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root; ' if os.geteuid() == 0 else ''}daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off;\n{places}{text}}}\n"
    )
    command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    assert "successful" in subprocess.run([*command, "-t"], capture_output=True, text=True, check=False).stderr
    with subprocess.Popen(command) as running:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", secure)) == 0:
                    break
            time.sleep(0.05)
        yield plain, secure, server.began
        running.terminate()
    server.shutdown()
    server.server_close()


@pytest.fixture
def connection(proxy):
    """A way to ask the proxy; closed afterwards."""
    with ExitStack() as stack:

        def connect(port=None):
            asked = trusted(proxy[1]) if port is None else http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            stack.callback(asked.close)
            return asked

        yield connect


def trusted(port):
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", port, context=trusting, timeout=20)


def test_what_a_visitor_says_of_himself_does_not_reach_the_server(proxy, connection):
    asked = connection()
    said = {"X-Forwarded-For": "9.9.9.9", "X_Forwarded_For": "5.6.7.8", "X-Forwarded-Proto": "http", "X_Forwarded_Proto": "x",
            "Forwarded": "for=1.1.1.1", "X-Real-IP": "2.2.2.2", "X-Forwarded-Host": "evil.example", "Host": "portal.example"}  # fmt: skip
    asked.request("GET", "/", headers=said)
    headers = json.loads(asked.getresponse().read())["headers"]
    told = {name.lower(): value for name, value in headers}
    assert len(told) == len(headers)
    assert (told["x-forwarded-for"], told["x-forwarded-proto"], told["host"]) == (
        "127.0.0.1",
        "https",
        "portal.example",
    )
    assert not {"forwarded", "x-real-ip", "x-forwarded-host", "x_forwarded_for", "x_forwarded_proto"} & told.keys()


def test_a_large_body_is_refused_before_the_server_hears_of_it(proxy, connection):
    asked = connection()
    asked.putrequest("POST", "/large")
    asked.putheader("Content-Length", str(22 * 2**20))
    asked.endheaders()
    assert asked.getresponse().status == 413
    asked = connection()
    asked.request("POST", "/fits", body=b"x" * 20 * 2**20)
    assert json.loads(asked.getresponse().read())["length"] == 20 * 2**20
    assert "/large" not in proxy[2]


def test_a_slow_body_is_handed_on_only_when_it_is_whole(proxy, connection):
    asked = connection()
    asked.putrequest("POST", "/slow")
    asked.putheader("Content-Length", "4")
    asked.endheaders()
    for _ in range(3):
        asked.send(b"x")
        time.sleep(0.2)
        assert "/slow" not in proxy[2]
    asked.send(b"x")
    assert json.loads(asked.getresponse().read())["length"] == 4


def test_the_figures_are_not_for_visitors_and_nothing_goes_without_https(proxy, connection):
    asked = connection()
    asked.request("GET", "/metrics")
    assert asked.getresponse().status == 404
    plain = connection(proxy[0])
    plain.request("GET", "/x?y=1")
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://portal.example/x?y=1")


def test_its_limit_is_the_programs_own():
    from chuangbao.core.http.bodies import LARGEST_UPLOAD

    assert f"client_max_body_size {LARGEST_UPLOAD // 2**20}m;" in FILE.read_text(encoding="utf-8")
    assert re.search(r"proxy_request_buffering on;", FILE.read_text(encoding="utf-8"))
