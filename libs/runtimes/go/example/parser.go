package hello

import (
	"context"
	"runtime"

	"github.com/google/uuid"
)

type greeting struct {
	Message string `json:"message"`
	Runtime string `json:"runtime"`
	ID      string `json:"id"`
}

type request struct {
	Name string `json:"name"`
}

// Handle greets whoever the request's body or the event's data names.
func Handle(ctx context.Context, input request) (greeting, error) {
	name := input.Name
	if name == "" {
		name = "world"
	}
	return greeting{Message: "Hello, " + name + "!", Runtime: runtime.Version(), ID: uuid.NewString()}, nil
}
