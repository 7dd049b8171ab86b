"""The events that answer an event."""

import uuid
from typing import Any, Mapping, Optional

from cloudevents.core.v1.event import CloudEvent

PREFIX = "network.notifi.lambda."


def reply_event(value: Any, event: Any, environment: Mapping[str, str]) -> Optional[CloudEvent]:
    """A returned event as it is, any other value as the data of a parser.complete; None answers with nothing."""
    if value is None or value == "":
        return None
    if hasattr(value, "get_attributes") and hasattr(value, "get_data"):
        return value
    if isinstance(value, dict) and {"specversion", "type", "source"} <= value.keys():
        attributes = {name: each for name, each in value.items() if name != "data"}
        attributes.setdefault("id", str(uuid.uuid4()))
        return CloudEvent(attributes=attributes, data=value.get("data"))
    return _own("parser.complete", value, event, environment)


def failed_event(error: Exception, event: Any, environment: Mapping[str, str]) -> CloudEvent:
    data = {"message": str(error), "retryable": getattr(error, "retryable", False) is True}
    return _own("parser.failed", data, event, environment)


def _own(kind: str, data: Any, event: Any, environment: Mapping[str, str]) -> CloudEvent:
    attributes = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "type": environment.get("SLIPWAY_EVENT_TYPE_PREFIX", PREFIX) + kind,
        "source": environment.get("SLIPWAY_EVENT_SOURCE", event["source"]),
        "datacontenttype": "application/json",
        "causationid": event["id"],
    }
    subject = environment.get("SLIPWAY_EVENT_SUBJECT", event.get("subject"))
    if subject:
        attributes["subject"] = subject
    if event.get("correlationid"):
        attributes["correlationid"] = event["correlationid"]
    return CloudEvent(attributes=attributes, data=data)
