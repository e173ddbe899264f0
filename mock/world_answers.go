package mock

// world_answers.go puts the areas' answers into one table, by the operations' names.

import "maps"

var answers = func() map[string]handler {
	all := map[string]handler{}
	for _, area := range []map[string]handler{
		musicAnswers, spokenAnswers, audioAnswers, searchAnswers, recommendationAnswers, browseAnswers, userAnswers,
		libraryAnswers, savingAnswers, followingAnswers, playlistAnswers, listingAnswers, coverAnswers, playerAnswers, playAnswers, steerAnswers,
	} {
		maps.Copy(all, area)
	}
	return all
}()
