"""A simulated S3 server on this machine that answers one request at a time, as S3 decides one condition at a time."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

DEAF, FORGETFUL, HONEST = "deaf", "forgetful", "honest"


@dataclass
class Server:
    """The server.

    The bucket ``deaf`` ignores the condition of exclusive creation; ``forgetful`` stores what it is sent and then
    says, once for each file, that it failed.
    """

    app: Callable[..., Any]
    lock: threading.Lock = field(default_factory=threading.Lock)
    failed: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if path.startswith(f"/{DEAF}/"):
            environ.pop("HTTP_IF_NONE_MATCH", None)
        with self.lock:
            self.requests.append(f"{environ['REQUEST_METHOD']} {path}")
            answer = self.app(environ, start_response)
            vintage = path.startswith(f"/{FORGETFUL}/") and path.endswith(".parquet")
            if environ["REQUEST_METHOD"] == "PUT" and vintage and path not in self.failed:
                self.failed.add(path)
                start_response("500 Internal Server Error", [("Content-Length", "0")])
                return [b""]
            return answer


@contextmanager
def serving() -> Iterator[tuple[Server, dict[str, str]]]:
    """Run one with its buckets; yields it and the options with which a client finds it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = Server(DomainDispatcherApplication(create_backend_app))
    http = make_server("127.0.0.1", 0, server, threaded=True)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    options = {"endpoint_url": f"http://127.0.0.1:{http.server_port}", "key": "k", "secret": "s"}
    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        aws_access_key_id="k",
        aws_secret_access_key="s",
        region_name="us-east-1",
    )
    for bucket in (DEAF, FORGETFUL, HONEST):
        client.create_bucket(Bucket=bucket)
    yield server, options
    http.shutdown()
