"""Files that once held a process for minutes, sent to a real server of one process: it goes on answering everybody."""

from __future__ import annotations

import http.client
import threading
import time
import uuid

import pytest

from fuzz import files
from reliability.test_bodies import folder, port, seconds_of  # noqa: F401 - the fixtures

SENT = {
    "nested forms": ("a.pdf", lambda: files.pdf_forms(6, 10)),
    "brackets that nobody closes": ("b.pdf", lambda: files.pdf_brackets(4_000_000)),
    "pages of lines": ("c.pdf", lambda: files.pdf_shared(300, 120)),
    "a deep page": ("d.html", lambda: files.html_deep(90, 1_500_000)),
    "spans": ("e.docx", lambda: files.docx_span(10**6)),
    "a long text": ("f.txt", lambda: files.text_long(2_000_000)),
}


def sent(number, name, content):
    """The status of sending one file as a visitor does, and how long it took."""
    began = time.monotonic()
    mark, token = uuid.uuid4().hex, "a" * 32
    fields = [("csrfmiddlewaretoken", "", token.encode()), ("text", "", b""), ("file", f'; filename="{name}"', content)]
    body = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"{more}\r\n\r\n'.encode() + value + b"\r\n"
        for field, more, value in fields
    )
    asking = http.client.HTTPConnection("127.0.0.1", number, timeout=120)
    head = {"Cookie": f"csrftoken={token}", "Content-Type": f"multipart/form-data; boundary={mark}"}
    asking.request("POST", "/policies/import/", body + f"--{mark}--\r\n".encode(), head)
    answer = asking.getresponse()
    answer.read()
    asking.close()
    return answer.status, time.monotonic() - began


@pytest.mark.unmeasured  # tests/core/storage looks at the same lines
@pytest.mark.usefixtures("transactional_db", "library")
def test_hostile_files_are_answered_in_time_and_nobody_waits_for_them(port):  # noqa: F811 - the fixture
    assert sent(port, "first.txt", "关于甲的通知\n\n一、好。\n".encode())[0] == 200
    found = {}
    threads = [
        threading.Thread(
            target=lambda name=name, where=where, made=made: found.update({name: sent(port, where, made())})
        )
        for name, (where, made) in SENT.items()
    ]
    for thread in threads:
        thread.start()
    waits = []
    while any(thread.is_alive() for thread in threads):
        waits.append(seconds_of(port, "/healthz"))
        time.sleep(0.2)
    assert max(waits) < 2, waits  # a second on a machine that does nothing else
    assert {name: status for name, (status, _took) in found.items() if status not in {422, 503}} == {}
    assert {name: took for name, (_status, took) in found.items() if took > 30} == {}
    assert sent(port, "last.txt", "关于甲的通知\n\n一、好。\n".encode())[0] == 200
