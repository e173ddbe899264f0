package mock

// answer_audio.go answers for what tracks sound like.

import "github.com/seed-2147f1a9/spotify/resources"

var audioAnswers = map[string]handler{
	"get-audio-features":         one(resources.KindTrack, measured),
	"get-several-audio-features": several(resources.KindTrack, measured),
	"get-audio-analysis":         one(resources.KindTrack, analysed),
}
