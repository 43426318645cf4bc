"""Pages on 127.0.0.1: /metrics and /health for whoever watches, /host for the owner of the data
folder.
"""

from __future__ import annotations

import hmac
import http.client
import json
import os
import secrets
import socketserver
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from broker.admin.health import Running
from broker.admin.metrics_page import CONTENT_TYPE, metrics_page
from broker.admin.operations import Answer, Host, HostRefused
from broker.storage.data_folder import DataDir
from broker.threads.base import BrokerFailed, BrokerThread
from shared.errors import ChatError
from shared.logs import Log

LOOPBACK: Final = "127.0.0.1"
_MAX_REQUEST: Final = 64 * 1024
_QUIET_S: Final = 10.0
_ASK_S: Final = 40.0

_log = Log("broker.pages")


class LocalPages(ThreadingHTTPServer):
    """A thread that listens, and one for each request.

    What changes the class goes through the network thread.
    """

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it would let others take the port over

    def __init__(self, port: int, running: Running, host: Host, about: Answer) -> None:
        """OSError if the port cannot be had."""
        self.running = running
        self.host = host
        self.about = about
        self.token = secrets.token_urlsafe(32)
        super().__init__((LOOPBACK, port), _Handler)
        self.thread = _PagesThread(self)

    def server_bind(self) -> None:
        """Without the look-up of this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])

    def start(self) -> None:
        """Begin to answer."""
        self.thread.start()

    def wait_until_ready(self, limit_s: float) -> None:
        """BrokerFailed in words if its first page is not answered in time."""
        self.thread.wait_until_ready(limit_s)
        connection = http.client.HTTPConnection(LOOPBACK, self.server_port, timeout=limit_s)
        try:
            connection.request("GET", "/health")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise BrokerFailed(
                f"The page {page_url(self.server_port)}/health is not answered."
            ) from error
        finally:
            connection.close()

    def stop(self) -> None:
        """Answer nothing more."""
        if self.thread.is_alive():  # the library waits for ever for a thread that does not serve
            self.shutdown()
            self.thread.join(10)
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up in mid-answer is of no interest; anything else is a fault of ours."""
        _log.debug("page_failed", exc_info=True)


class _PagesThread(BrokerThread):
    def __init__(self, pages: LocalPages) -> None:
        super().__init__("pages")
        self._pages = pages

    def work(self) -> None:
        """Listen until told to stop."""
        self.ready.set()
        self._pages.serve_forever(0.1)


class _Handler(BaseHTTPRequestHandler):
    timeout = _QUIET_S
    server: LocalPages

    def do_GET(self) -> None:
        if not self._is_addressed_here():
            self._send(403, "text/plain", "Ask for this page by its address 127.0.0.1.\n")
        elif self.path == "/metrics":
            self._send(200, CONTENT_TYPE, metrics_page(self.server.running))
        elif self.path == "/health":
            problems = self.server.running.problems()
            self._send(
                503 if problems else 200,
                "text/plain; charset=utf-8",
                "\n".join(problems or ["ok"]) + "\n",
            )
        else:
            self._send(404, "text/plain", "There are /metrics and /health.\n")

    def do_POST(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.path != "/host" or not hmac.compare_digest(
            token.encode(), self.server.token.encode()
        ):
            _log.warning("order_without_right")
            self._send(403, "text/plain", "Not allowed.\n")
            return
        try:
            request = json.loads(
                self.rfile.read(min(int(self.headers["Content-Length"]), _MAX_REQUEST))
            )
            answer: Answer = {
                "ok": True,
                **self._perform({str(key): str(value) for key, value in request.items()}),
            }
        except ChatError as error:
            answer = {"ok": False, "message": error.message}
        except (ValueError, TypeError, KeyError, AttributeError):
            answer = {"ok": False, "message": "The order could not be read."}
        self._send(200, "application/json", json.dumps(answer))

    def _perform(self, request: Mapping[str, str]) -> Answer:
        if request.get("do") == "status":
            return {**self.server.about, **self.server.running.status()}
        answer = self.server.host.perform(request)
        about = {name: request[name] for name in ("username", "role", "new") if request.get(name)}
        _log.info("host_order", order=request["do"], **about)
        return answer

    def _is_addressed_here(self) -> bool:
        """A page of the web whose name points to 127.0.0.1 reads nothing."""
        return self.headers.get("Host", "").rpartition(":")[0] in (LOOPBACK, "localhost")

    def _send(self, code: int, kind: str, text: str) -> None:
        data = text.encode()
        self.send_response_only(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
        """Requests are not logged."""


def ask_running(data: DataDir, request: Mapping[str, str], timeout_s: float = _ASK_S) -> Answer:
    """Have the broker that runs on this folder do it. ChatError in words if it does not."""
    address = data.control()
    silent = HostRefused(
        f"A broker runs on {data.path}, but it does not answer: it is starting, stopping or stuck."
    )
    if address is None:
        raise silent
    port, token = address
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout_s)
    try:
        connection.request(
            "POST", "/host", json.dumps(dict(request)), {"Authorization": f"Bearer {token}"}
        )
        response = connection.getresponse()
        answer: Answer = json.loads(response.read()) if response.status == 200 else {}
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise silent from error
    finally:
        connection.close()
    if not answer:
        raise silent
    if not answer.pop("ok"):
        raise HostRefused(str(answer["message"]))
    return answer


def page_url(port: int) -> str:
    """Where the pages are."""
    return f"http://{LOOPBACK}:{port}"
