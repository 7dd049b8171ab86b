package main

import (
	"errors"
	"os"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
)

// retryable asks an error, or one that it wraps, whether the same input may succeed later.
func retryable(err error) bool {
	var asked interface{ Retryable() bool }
	return errors.As(err, &asked) && asked.Retryable()
}

// replyEvent gives a returned event as it is, and any other value as the data of a parser.complete.
func replyEvent(value any, input event.Event) (*event.Event, error) {
	switch reply := value.(type) {
	case nil:
		return nil, nil
	case *event.Event:
		return reply, nil
	case event.Event:
		return &reply, nil
	}
	return own("parser.complete", value, input)
}

func failedEvent(err error, input event.Event) *event.Event {
	// These data are a string and a boolean, which always encode.
	failed, _ := own("parser.failed", map[string]any{"message": err.Error(), "retryable": retryable(err)}, input)
	return failed
}

func own(kind string, data any, input event.Event) (*event.Event, error) {
	reply := event.New()
	reply.SetID(uuid.NewString())
	reply.SetType(setting("SLIPWAY_EVENT_TYPE_PREFIX", "network.notifi.lambda.") + kind)
	reply.SetSource(setting("SLIPWAY_EVENT_SOURCE", input.Source()))
	if subject := setting("SLIPWAY_EVENT_SUBJECT", input.Subject()); subject != "" {
		reply.SetSubject(subject)
	}
	reply.SetExtension("causationid", input.ID())
	if correlation, ok := input.Extensions()["correlationid"]; ok {
		reply.SetExtension("correlationid", correlation)
	}
	err := reply.SetData(event.ApplicationJSON, data)
	return &reply, err
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
