package api

import "github.com/seed-2147f1a9/spotify/resources"

var spokenHandlers = map[string]handler{
	"get-a-show":              getOne(resources.KindShow, full),
	"get-multiple-shows":      getSeveral(resources.KindShow, simplified),
	"get-a-shows-episodes":    listIn(resources.KindShow, simplified, showEpisodes),
	"get-an-episode":          getOne(resources.KindEpisode, full),
	"get-multiple-episodes":   getSeveral(resources.KindEpisode, full),
	"get-an-audiobook":        getOne(resources.KindAudiobook, full),
	"get-multiple-audiobooks": getSeveral(resources.KindAudiobook, full),
	"get-audiobook-chapters":  listIn(resources.KindAudiobook, simplified, audiobookChapters),
	"get-a-chapter":           getOne(resources.KindChapter, full),
	"get-several-chapters":    getSeveral(resources.KindChapter, full),
}

func showEpisodes(of entry, _ *Request) []entry      { return asEntries(of.(*show).episodes) }
func audiobookChapters(of entry, _ *Request) []entry { return asEntries(of.(*audiobook).chapters) }
