"""How handlers are called, and with what."""

import inspect
import json
import logging
from typing import Any, Callable, Optional

Call = Optional[Callable[["Context", Any], tuple]]

CONTEXT_NAMES = {"context", "ctx", "request", "req"}
INPUT_NAMES = {"event", "evt", "cloudevent", "cloud_event", "message", "body", "data", "payload", "input"}


class Event(dict):
    """An event's attributes and its decoded `data`, by key or as attributes; `raw` is the middleware's own object."""

    raw: Any = None

    @classmethod
    def of(cls, raw: Any) -> "Event":
        event = cls(raw.get_attributes())
        event["data"] = _decoded(raw)
        event.raw = raw
        return event

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Context:
    """What came in: `cloud_event` (None for a plain request), `body`, `method`, `path`, `query`, `headers`, `log`."""

    def __init__(self, scope: dict, body: Any, event: Optional[Event]):
        self.cloud_event = event
        self.body = event.data if event is not None else body
        self.method = scope["method"]
        self.path = scope["path"]
        self.query = scope.get("query_string", b"").decode("latin-1")
        self.headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        self.log = logging.getLogger("function")


def arguments_of(handler: Any) -> Call:
    """Which arguments a handler gets; None where it is an ASGI handler of (scope, receive, send)."""
    names = [each.name for each in inspect.signature(handler).parameters.values() if each.kind <= each.POSITIONAL_OR_KEYWORD]
    if len(names) == 3 and names[0] == "scope":
        return None
    if not names:
        return lambda context, given: ()
    if names[0] in CONTEXT_NAMES:
        order: Callable[[Context, Any], tuple] = lambda context, given: (context, given)
    elif names[0] in INPUT_NAMES or len(names) == 1:
        order = lambda context, given: (given, context)
    else:
        order = lambda context, given: (context, given)
    return lambda context, given: order(context, given)[: len(names)]


def _decoded(raw: Any) -> Any:
    data = raw.get_data()
    kind = raw.get_datacontenttype() or "application/json"
    if isinstance(data, (bytes, str)) and data and "json" in kind:
        try:
            return json.loads(data)
        except ValueError:
            return data
    return data
