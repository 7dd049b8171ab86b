package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"

	"github.com/cloudevents/sdk-go/v2/binding"
	"github.com/cloudevents/sdk-go/v2/event"
	protocol "github.com/cloudevents/sdk-go/v2/protocol/http"
	"github.com/google/uuid"
)

const maxBody = 10 << 20

func answer(w http.ResponseWriter, r *http.Request, handle call) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	message := protocol.NewMessageFromHttpRequest(r)
	defer message.Finish(nil)
	if message.ReadEncoding() == binding.EncodingUnknown {
		answerRequest(w, r, handle)
		return
	}
	input, err := binding.ToEvent(r.Context(), message)
	if err == nil {
		err = input.Validate()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answerEvent(r.Context(), w, *input, handle)
}

// An event is answered by an event or by nothing, because brokers count any other body as a failure.
func answerEvent(ctx context.Context, w http.ResponseWriter, input event.Event, handle call) {
	value, err := handle(ctx, input)
	status, reply := http.StatusOK, (*event.Event)(nil)
	if err != nil {
		log.Println(err)
		if retryable(err) {
			// Only a status outside 2xx makes a broker deliver the event again.
			status = http.StatusInternalServerError
		}
		reply = failedEvent(err, input)
	} else if reply, err = replyEvent(value, input); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if reply == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if err := protocol.WriteResponseWriter(ctx, binding.ToMessage(reply), status, w); err != nil {
		log.Println(err)
	}
}

// A plain request is handed over as an event of its body, and answered by what the reply holds.
func answerRequest(w http.ResponseWriter, r *http.Request, handle call) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	input := event.New()
	input.SetID(uuid.NewString())
	input.SetType("http.request")
	input.SetSource(r.URL.Path)
	input.SetDataContentType(r.Header.Get("content-type"))
	input.DataEncoded = body
	value, err := handle(r.Context(), input)
	if err != nil {
		log.Println(err)
		write(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
		return
	}
	write(w, http.StatusOK, value)
}

func write(w http.ResponseWriter, status int, value any) {
	switch plain := value.(type) {
	case nil:
		w.WriteHeader(http.StatusNoContent)
	case *event.Event:
		writeBytes(w, status, plain.DataContentType(), plain.Data())
	case event.Event:
		writeBytes(w, status, plain.DataContentType(), plain.Data())
	case []byte:
		writeBytes(w, status, "application/octet-stream", plain)
	case string:
		writeBytes(w, status, "text/plain; charset=utf-8", []byte(plain))
	default:
		body, err := json.Marshal(value)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		writeBytes(w, status, "application/json", body)
	}
}

func writeBytes(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("content-type", kind)
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		log.Println(err)
	}
}
