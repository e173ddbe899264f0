package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Chapters gets chapters of audiobooks.
type Chapters struct{ core *core }

// Get returns a chapter. id is a bare id, a spotify: URI (which says episode) or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-chapter
func (s *Chapters) Get(ctx context.Context, id string, p *GetParams) (*Chapter, error) {
	return fetch[Chapter](ctx, s.core, operations.ChapterGet, at(KindChapter, id), p)
}

// GetMany returns any number of chapters, in the order of ids, several calls at a time: 50 chapters a call with extended quota, one without.
// A chapter that cannot be had is nil, and the error, a *ManyError, says why. Chapters named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-chapters
func (s *Chapters) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Chapter, error) {
	return getMany[Chapter](ctx, s.core, operations.ChapterGet, operations.ChapterGetSeveral, KindChapter, ids, p)
}
