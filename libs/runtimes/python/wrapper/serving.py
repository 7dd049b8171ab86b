"""A function as func-python's middleware wants it: an object with an ASGI `handle`, and its life-cycle methods."""

import inspect
import json
import logging
from typing import Any, Mapping

from func_python.cloudevent import CloudEventSender, decode_event, receive_body

from calling import Call, Context, Event, arguments_of
from load_function import handler_of
from replies import failed_event, reply_event


class Function:
    def __init__(self, function: Any, environment: Mapping[str, str]):
        self._environment = environment
        self._handler = handler_of(function)
        self._call: Call = arguments_of(self._handler)
        # The middleware looks for these by name, and has defaults where they are missing.
        for name in ("start", "stop", "alive", "ready"):
            method = getattr(function, name, None)
            if callable(method):
                setattr(self, name, method)

    async def handle(self, scope: dict, receive: Any, send: Any) -> None:
        if self._call is None:
            await self._native(scope, receive, send)
        elif _is_event(scope):
            await self._on_event(scope, receive, CloudEventSender(send))
        else:
            await self._on_request(scope, receive, send)

    async def _native(self, scope: dict, receive: Any, send: Any) -> None:
        """An ASGI handler of Knative's own kind, which finds an event in its scope."""
        if _is_event(scope):
            scope["event"] = await decode_event(scope, receive)
            send = CloudEventSender(send)
        await self._handler(scope, receive, send)

    async def _on_event(self, scope: dict, receive: Any, send: CloudEventSender) -> None:
        try:
            event = Event.of(await decode_event(scope, receive))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the event is the caller's
            await _respond(send.http, 400, "text/plain", str(error).encode())
            return
        try:
            value = await self._value(Context(scope, None, event), event)
        except Exception as error:  # noqa: BLE001 - what a function raises becomes an event
            logging.exception("the function failed")
            # Only a status outside 2xx makes a broker deliver the event again.
            status = 500 if getattr(error, "retryable", False) is True else 200
            await send.binary(failed_event(error, event, self._environment), status)
            return
        reply = reply_event(value, event, self._environment)
        if reply is None:
            await _respond(send.http, 204, "text/plain", b"")
        else:
            await send.binary(reply)

    async def _on_request(self, scope: dict, receive: Any, send: Any) -> None:
        body = _decoded(scope, await receive_body(receive))
        try:
            value = await self._value(Context(scope, body, None), body)
        except Exception as error:  # noqa: BLE001 - what a function raises becomes an answer
            logging.exception("the function failed")
            await _respond(send, 500, "application/json", json.dumps({"error": str(error)}).encode())
            return
        if value is None:
            await _respond(send, 204, "text/plain", b"")
        elif isinstance(value, bytes):
            await _respond(send, 200, "application/octet-stream", value)
        elif isinstance(value, str):
            await _respond(send, 200, "text/plain; charset=utf-8", value.encode())
        else:
            await _respond(send, 200, "application/json", json.dumps(value).encode())

    async def _value(self, context: Context, given: Any) -> Any:
        value = self._handler(*self._call(context, given))
        return await value if inspect.isawaitable(value) else value


def _headers(scope: dict) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}


def _is_event(scope: dict) -> bool:
    headers = _headers(scope)
    return "ce-specversion" in headers or headers.get("content-type", "").startswith("application/cloudevents+json")


def _decoded(scope: dict, body: bytes) -> Any:
    kind = _headers(scope).get("content-type", "")
    if not body:
        return None
    if "json" in kind:
        return json.loads(body)
    return body.decode() if kind.startswith("text/") else body


async def _respond(send: Any, status: int, kind: str, body: bytes) -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers if status != 204 else []})
    await send({"type": "http.response.body", "body": body})
