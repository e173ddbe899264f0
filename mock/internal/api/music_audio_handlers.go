package api

import "github.com/seed-2147f1a9/spotify/resources"

var audioHandlers = map[string]handler{
	"get-audio-features":         getOne(resources.KindTrack, audioFeatures),
	"get-several-audio-features": getSeveral(resources.KindTrack, audioFeatures),
	"get-audio-analysis":         getOne(resources.KindTrack, audioAnalysis),
}
