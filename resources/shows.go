package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Shows gets shows and their episodes, and the ones a user has saved.
type Shows struct{ core *core }

// Get returns a show. id is a bare id, a spotify: URI or an open.spotify.com address. A token without a user needs a market.
// Scope: user-read-playback-position, for how far the user has come.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-show
func (s *Shows) Get(ctx context.Context, id string, p *GetParams) (*Show, error) {
	return fetch[Show](ctx, s.core, operations.ShowGet, at(KindShow, id), p)
}

// GetMany returns any number of shows without their episodes, in the order of ids, several calls at a time: 50 shows a call with extended quota, one without.
// A show that cannot be had is nil, and the error, a *ManyError, says why. Shows named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-shows
func (s *Shows) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*SimplifiedShow, error) {
	return getMany[SimplifiedShow](ctx, s.core, operations.ShowGet, operations.ShowGetSeveral, KindShow, ids, p)
}

// Episodes returns one page of a show's episodes, the latest first. Limit is 1 to 50, 20 if zero. A token without a user needs a market.
// Scope: user-read-playback-position, for how far the user has come.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-shows-episodes
func (s *Shows) Episodes(ctx context.Context, id string, p *PageParams) (*Page[SimplifiedEpisode], error) {
	return fetch[Page[SimplifiedEpisode]](ctx, s.core, operations.ShowEpisodes, at(KindShow, id), p)
}

// AllEpisodes walks over a show's episodes, from p.Offset on, as Episodes returns them.
func (s *Shows) AllEpisodes(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedEpisode, error] {
	return walk(ctx, s.core, operations.ShowEpisodes, p, of(id, s.Episodes))
}

// Saved returns one page of the shows in the user's library. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-shows
func (s *Shows) Saved(ctx context.Context, p *ListParams) (*Page[SavedShow], error) {
	return fetch[Page[SavedShow]](ctx, s.core, operations.ShowsSaved, nowhere, p)
}

// AllSaved walks over the shows in the user's library, from p.Offset on, as Saved returns them.
func (s *Shows) AllSaved(ctx context.Context, p *ListParams) iter.Seq2[SavedShow, error] {
	return walk(ctx, s.core, operations.ShowsSaved, p, s.Saved)
}
