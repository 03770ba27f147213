"""Invoicing: a REST API with pages and a token, over one file of invoices."""

import json
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

from truth import Truth

_PORT = "invoicing/invoices"
_PAGE = 200


class InvoiceBook:
    """Writes `invoicing/invoices.ndjson`, which the API serves."""

    def __init__(self, out: Path, truth: Truth) -> None:
        (out / "invoicing").mkdir()
        self._file = (out / "invoicing" / "invoices.ndjson").open("w", encoding="utf-8", newline="\n")
        self._truth = truth
        self._invoices = 0
        self._lines = 0

    def invoice(self, order_no: str, customer_no: str, issued_on: date, due_on: date, net: int) -> tuple[str, int]:
        """Write one invoice of `net` cents; returns its number and its total in cents."""
        self._invoices += 1
        invoice_no = f"INV-2026-{self._invoices:07d}"
        tax = (net * 20 + 50) // 100
        row: dict[str, object] = {
            "invoice_no": invoice_no,
            "order_no": order_no,
            "customer_no": customer_no,
            "issued_on": issued_on.isoformat(),
            "due_on": due_on.isoformat(),
            "net": _amount(net),
            "tax": _amount(tax),
            "total": _amount(net + tax),
            "currency": "EUR",
        }
        turn, plant = self._truth.turn, self._truth.plant
        copies = 1
        if turn("missing_due_day", 90):
            row["due_on"] = None
            plant("invoicing", "invoices", invoice_no, "missing_due_day", holds_back=_PORT)
        elif turn("currency_is_a_word", 120):
            row["currency"] = "Euro"
            plant("invoicing", "invoices", invoice_no, "currency_is_a_word", holds_back=_PORT)
        elif turn("served_twice", 150):
            copies = 2
            plant("invoicing", "invoices", invoice_no, "served_twice", holds_back=_PORT)
        for _ in range(copies):
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            self._lines += 1
        return invoice_no, net + tax

    def close(self) -> dict[str, int]:
        """End the file; returns rows by table."""
        self._file.close()
        return {"invoices": self._lines}


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def serve(data: Path, port: int, token: str) -> None:
    """Answer until stopped; the address is printed once the first call can come."""
    server = make_server(data, port, token)
    print(f"http://127.0.0.1:{server.server_address[1]}/v1/invoices", flush=True)
    server.serve_forever()


def make_server(data: Path, port: int, token: str) -> ThreadingHTTPServer:
    """A server of `GET /v1/invoices?page=1`: `{"data": [...], "next": address of the next page or null}`."""
    lines = (data / "invoicing" / "invoices.ndjson").read_text(encoding="utf-8").splitlines()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlparse(self.path)
            if self.headers.get("Authorization") != f"Bearer {token}":
                self._answer(401, {"error": "a bearer token is needed"})
            elif address.path != "/v1/invoices":
                self._answer(404, {"error": "only /v1/invoices is here"})
            else:
                page = int(parse_qs(address.query).get("page", ["1"])[0])
                rows = [json.loads(line) for line in lines[(page - 1) * _PAGE : page * _PAGE]]
                more = f"/v1/invoices?page={page + 1}" if page * _PAGE < len(lines) else None
                self._answer(200, {"data": rows, "next": more})

        def _answer(self, status: int, body: dict[str, object]) -> None:
            payload = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            """Say nothing: a test's output is not the place for a log of calls."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
