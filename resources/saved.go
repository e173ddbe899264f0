package resources

// saved.go is what the older operations on the user's library, one set for each kind of thing, have in common.

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// carrier puts some ids or URIs into the query or the body of a request.
type carrier = func(some []string) (params querier, body any)

func idsInQuery(ids []string) (querier, any) { return &severalParams{ids, nil}, nil }

type idsBody struct {
	IDs []string `json:"ids"`
}

func idsInBody(ids []string) (querier, any) { return nil, idsBody{ids} }

// changeSaved saves things, or removes them.
func changeSaved(ctx context.Context, c *core, op *operations.Operation, kind Kind, ids []string, in carrier) error {
	bare, err := bareIDs(kind, ids)
	if err != nil {
		return named(op, err)
	}
	return changeAll(ctx, c, op, bare, in)
}

// checkSaved reports which things are saved.
func checkSaved(ctx context.Context, c *core, op *operations.Operation, kind Kind, ids []string, in carrier) ([]bool, error) {
	bare, err := bareIDs(kind, ids)
	if err != nil {
		return nil, named(op, err)
	}
	return askAll(ctx, c, op, bare, in)
}
