package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/cloudevents/sdk-go/v2/event"
)

type call func(ctx context.Context, input event.Event) (any, error)

var (
	contextType = reflect.TypeOf((*context.Context)(nil)).Elem()
	errorType   = reflect.TypeOf((*error)(nil)).Elem()
	eventType   = reflect.TypeOf(event.Event{})
	bytesType   = reflect.TypeOf([]byte(nil))
)

// callOf calls handlers of (context, event or data) -> (value or event, error), each part of which may be missing.
// Data are decoded from JSON into the type that the handler names; []byte and string get them as they came.
func callOf(handle reflect.Value) (call, error) {
	kind := handle.Type()
	if kind.IsVariadic() || kind.NumIn() > 2 || kind.NumOut() > 2 {
		return nil, fmt.Errorf("Handle has a signature that is not known: %s", kind)
	}
	return func(ctx context.Context, input event.Event) (any, error) {
		arguments := make([]reflect.Value, kind.NumIn())
		for i := range arguments {
			argument, err := argumentOf(kind.In(i), ctx, input)
			if err != nil {
				return nil, err
			}
			arguments[i] = argument
		}
		return resultOf(handle.Call(arguments))
	}, nil
}

func argumentOf(kind reflect.Type, ctx context.Context, input event.Event) (reflect.Value, error) {
	switch {
	case kind == contextType:
		return reflect.ValueOf(ctx), nil
	case kind == eventType:
		return reflect.ValueOf(input), nil
	case kind == reflect.PointerTo(eventType):
		return reflect.ValueOf(&input), nil
	case kind == bytesType:
		return reflect.ValueOf(input.Data()), nil
	case kind.Kind() == reflect.String:
		return reflect.ValueOf(string(input.Data())).Convert(kind), nil
	}
	target := reflect.New(kind)
	if len(input.Data()) == 0 {
		return target.Elem(), nil
	}
	if err := json.Unmarshal(input.Data(), target.Interface()); err != nil {
		return reflect.Value{}, fmt.Errorf("the data do not fit %s: %w", kind, err)
	}
	return target.Elem(), nil
}

func resultOf(results []reflect.Value) (value any, err error) {
	for _, result := range results {
		if result.Type() == errorType {
			err, _ = result.Interface().(error)
		} else if !(result.Kind() == reflect.Pointer && result.IsNil()) {
			value = result.Interface()
		}
	}
	return value, err
}
