package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Audiobooks gets audiobooks and their chapters, and the ones a user has saved. They are sold in some countries only, and are not there in others:
// give a market.
type Audiobooks struct{ core *core }

// Get returns an audiobook. id is a bare id, a spotify: URI (which says show) or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook
func (s *Audiobooks) Get(ctx context.Context, id string, p *GetParams) (*Audiobook, error) {
	return fetch[Audiobook](ctx, s.core, operations.AudiobookGet, at(KindAudiobook, id), p)
}

// GetMany returns any number of audiobooks, in the order of ids, several calls at a time: 50 audiobooks a call with extended quota, one without.
// An audiobook that cannot be had is nil, and the error, a *ManyError, says why. Audiobooks named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-audiobooks
func (s *Audiobooks) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Audiobook, error) {
	return getMany[Audiobook](ctx, s.core, operations.AudiobookGet, operations.AudiobookGetSeveral, KindAudiobook, ids, p)
}

// Chapters returns one page of an audiobook's chapters. Limit is 1 to 50, 20 if zero.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audiobook-chapters
func (s *Audiobooks) Chapters(ctx context.Context, id string, p *PageParams) (*Page[SimplifiedChapter], error) {
	return fetch[Page[SimplifiedChapter]](ctx, s.core, operations.AudiobookChapters, at(KindAudiobook, id), p)
}

// AllChapters walks over an audiobook's chapters, from p.Offset on, as Chapters returns them.
func (s *Audiobooks) AllChapters(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedChapter, error] {
	return walk(ctx, s.core, operations.AudiobookChapters, p, of(id, s.Chapters))
}

// Saved returns one page of the audiobooks in the user's library. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-audiobooks
func (s *Audiobooks) Saved(ctx context.Context, p *ListParams) (*Page[SavedAudiobook], error) {
	return fetch[Page[SavedAudiobook]](ctx, s.core, operations.AudiobooksSaved, nowhere, p)
}

// AllSaved walks over the audiobooks in the user's library, from p.Offset on, as Saved returns them.
func (s *Audiobooks) AllSaved(ctx context.Context, p *ListParams) iter.Seq2[SavedAudiobook, error] {
	return walk(ctx, s.core, operations.AudiobooksSaved, p, s.Saved)
}
