package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Episodes gets episodes of shows, and the ones a user has saved.
type Episodes struct{ core *core }

// Get returns an episode. id is a bare id, a spotify: URI or an open.spotify.com address. A token without a user needs a market.
// Scope: user-read-playback-position, for how far the user has come.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-episode
func (s *Episodes) Get(ctx context.Context, id string, p *GetParams) (*Episode, error) {
	return fetch[Episode](ctx, s.core, operations.EpisodeGet, at(KindEpisode, id), p)
}

// GetMany returns any number of episodes, in the order of ids, several calls at a time: 50 episodes a call with extended quota, one without.
// An episode that cannot be had is nil, and the error, a *ManyError, says why. Episodes named twice are the same pointer.
// Scope: user-read-playback-position.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-episodes
func (s *Episodes) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Episode, error) {
	return getMany[Episode](ctx, s.core, operations.EpisodeGet, operations.EpisodeGetSeveral, KindEpisode, ids, p)
}

// Saved returns one page of the episodes in the user's library, the latest first. Limit is 1 to 50, 20 if zero.
// Scopes: user-library-read, user-read-playback-position.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-episodes
func (s *Episodes) Saved(ctx context.Context, p *PageParams) (*Page[SavedEpisode], error) {
	return fetch[Page[SavedEpisode]](ctx, s.core, operations.EpisodesSaved, nowhere, p)
}

// AllSaved walks over the episodes in the user's library, from p.Offset on, as Saved returns them.
func (s *Episodes) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedEpisode, error] {
	return walk(ctx, s.core, operations.EpisodesSaved, p, s.Saved)
}
