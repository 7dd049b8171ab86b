package function

import "context"

// Handle answers a request with its body, and an event with its data.
func Handle(ctx context.Context, input map[string]any) (any, error) {
	return map[string]any{"received": input}, nil
}
