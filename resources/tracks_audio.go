package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// AudioFeatures returns what Spotify's analysis makes of a track as a whole.
//
// Deprecated: apps made after 27 November 2024 get 403, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audio-features
func (s *Tracks) AudioFeatures(ctx context.Context, id string) (*AudioFeatures, error) {
	return fetch[AudioFeatures](ctx, s.core, operations.AudioFeatures, at(KindTrack, id), nil)
}

// ManyAudioFeatures returns the audio features of any number of tracks, in the order of ids, several calls at a time: 100 tracks a call with extended quota,
// one without. Those that cannot be had are nil, and the error, a *ManyError, says why. Tracks named twice have the same pointer.
//
// Deprecated: apps made after 27 November 2024 get 403, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features
func (s *Tracks) ManyAudioFeatures(ctx context.Context, ids []string) ([]*AudioFeatures, error) {
	return getMany[AudioFeatures](ctx, s.core, operations.AudioFeatures, operations.AudioFeaturesSeveral, KindTrack, ids, nil)
}

// AudioAnalysis returns what Spotify's analysis hears in a track, moment by moment: often a megabyte of it.
//
// Deprecated: apps made after 27 November 2024 get 403, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis
func (s *Tracks) AudioAnalysis(ctx context.Context, id string) (*AudioAnalysis, error) {
	return fetch[AudioAnalysis](ctx, s.core, operations.AudioAnalysis, at(KindTrack, id), nil)
}
