package resources

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// CoverImages returns the sizes of a playlist's cover: one if it was uploaded, up to three if Spotify made it, none if the playlist is empty.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover
func (s *Playlists) CoverImages(ctx context.Context, id string) (Images, error) {
	return list[Image](ctx, s.core, operations.PlaylistCovers, at(KindPlaylist, id), nil)
}

// largestCover is what Spotify takes, in bytes of base64.
const largestCover = 256 << 10

// UploadCoverImage gives a playlist that the user owns another cover: a JPEG file of at most 192 KiB (256 KiB in base64, as it is sent). Spotify takes it in and shows it a moment later.
// Uploads have a rate limit of their own, which is lower than that of other calls. Scopes: ugc-image-upload, and playlist-modify-public or playlist-modify-private, as the playlist is.
//
// https://developer.spotify.com/documentation/web-api/reference/upload-custom-playlist-cover
func (s *Playlists) UploadCoverImage(ctx context.Context, id string, jpeg []byte) error {
	if err := checkCover(jpeg); err != nil {
		return named(operations.PlaylistUploadCover, err)
	}
	data := base64.StdEncoding.AppendEncode(nil, jpeg)
	return command(ctx, s.core, operations.PlaylistUploadCover, at(KindPlaylist, id), nil, upload{"image/jpeg", data})
}

func checkCover(jpeg []byte) error {
	if size := base64.StdEncoding.EncodedLen(len(jpeg)); size > largestCover {
		return argument.Errorf("jpeg", fmt.Sprintf("%d bytes, which are %d in base64", len(jpeg), size), "at most %d bytes, which are %d in base64", largestCover/4*3, largestCover)
	}
	if kind := http.DetectContentType(jpeg); kind != "image/jpeg" {
		return argument.Errorf("jpeg", kind, "the content of a JPEG file")
	}
	return nil
}
