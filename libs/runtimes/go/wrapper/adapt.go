package main

import (
	"context"
	"fmt"
	"net/http"
	"reflect"

	funchttp "knative.dev/func-go/http"
)

// adapter gives any function the one method that the middleware calls. The life-cycle hooks are the instance's own,
// where it has them.
type adapter struct {
	serve    func(http.ResponseWriter, *http.Request)
	instance any
}

func (a adapter) Handle(w http.ResponseWriter, r *http.Request) { a.serve(w, r) }

func (a adapter) Start(ctx context.Context, settings map[string]string) error {
	if i, ok := a.instance.(funchttp.Starter); ok {
		return i.Start(ctx, settings)
	}
	return nil
}

func (a adapter) Stop(ctx context.Context) error {
	if i, ok := a.instance.(funchttp.Stopper); ok {
		return i.Stop(ctx)
	}
	return nil
}

func (a adapter) Ready(ctx context.Context) (bool, error) {
	if i, ok := a.instance.(funchttp.ReadinessReporter); ok {
		return i.Ready(ctx)
	}
	return true, nil
}

func (a adapter) Alive(ctx context.Context) (bool, error) {
	if i, ok := a.instance.(funchttp.LivenessReporter); ok {
		return i.Alive(ctx)
	}
	return true, nil
}

// adapt takes a Handle function, or an instance (from New) with a Handle method.
func adapt(function any) adapter {
	handle := reflect.ValueOf(function)
	if handle.Kind() != reflect.Func {
		method := handle.MethodByName("Handle")
		if !method.IsValid() {
			fail(fmt.Errorf("what New returns has no Handle method: %T", function))
		}
		return adapter{serve: serverOf(method), instance: function}
	}
	return adapter{serve: serverOf(handle)}
}

func serverOf(handle reflect.Value) func(http.ResponseWriter, *http.Request) {
	switch native := handle.Interface().(type) {
	case func(http.ResponseWriter, *http.Request):
		return native
	case func(context.Context, http.ResponseWriter, *http.Request):
		return func(w http.ResponseWriter, r *http.Request) { native(r.Context(), w, r) }
	}
	call, err := callOf(handle)
	if err != nil {
		fail(err)
	}
	return func(w http.ResponseWriter, r *http.Request) { answer(w, r, call) }
}
