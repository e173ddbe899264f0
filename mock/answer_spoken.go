package mock

// answer_spoken.go answers for shows, episodes, audiobooks and chapters.

import "github.com/seed-2147f1a9/spotify/resources"

var spokenAnswers = map[string]handler{
	"get-a-show":              one(resources.KindShow, full),
	"get-multiple-shows":      several(resources.KindShow, simplified),
	"get-a-shows-episodes":    within(resources.KindShow, simplified, showEpisodes),
	"get-an-episode":          one(resources.KindEpisode, full),
	"get-multiple-episodes":   several(resources.KindEpisode, full),
	"get-an-audiobook":        one(resources.KindAudiobook, full),
	"get-multiple-audiobooks": several(resources.KindAudiobook, full),
	"get-audiobook-chapters":  within(resources.KindAudiobook, simplified, audiobookChapters),
	"get-a-chapter":           one(resources.KindChapter, full),
	"get-several-chapters":    several(resources.KindChapter, full),
}

func showEpisodes(of entry, _ *exchange) []entry      { return upcast(of.(*show).episodes) }
func audiobookChapters(of entry, _ *exchange) []entry { return upcast(of.(*audiobook).chapters) }
