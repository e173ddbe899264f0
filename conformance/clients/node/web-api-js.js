'use strict';
const { drive, table, methodsOf, items, ids } = require('./drive');
globalThis.window = globalThis; // it is a library for browsers
globalThis.XMLHttpRequest = require('xmlhttprequest-ssl').XMLHttpRequest;
const SpotifyWebApi = require('spotify-web-api-js');

const api = new SpotifyWebApi();
api.setAccessToken('any');
const methods = methodsOf(SpotifyWebApi.prototype);

const to = table();
const track = `spotify:track:${ids.track}`;

to('getGeneric', () => api.getGeneric('https://api.spotify.com/v1/me'));
to('getMe', () => api.getMe());
to('getTrack', () => api.getTrack(ids.track, { market: 'SE' }));
to('getTracks', () => api.getTracks([ids.track]));
to('getAlbum', () => api.getAlbum(ids.album));
to('getAlbums', () => api.getAlbums([ids.album]));
to('getAlbumTracks', () => api.getAlbumTracks(ids.album, { limit: 5, offset: 1 }));
to('getArtist', () => api.getArtist(ids.artist));
to('getArtists', () => api.getArtists([ids.artist]));
to('getArtistAlbums', () => api.getArtistAlbums(ids.artist, { limit: 5 }));
to('getArtistTopTracks', () => api.getArtistTopTracks(ids.artist, 'SE'));
to('getArtistRelatedArtists', () => api.getArtistRelatedArtists(ids.artist));
to('getFeaturedPlaylists', () => api.getFeaturedPlaylists({ limit: 5 }));
to('getNewReleases', () => api.getNewReleases({ limit: 5 }));
to('getCategories', () => api.getCategories({ limit: 5 }));
to('getCategory', () => api.getCategory(ids.category));
to('getCategoryPlaylists', () => api.getCategoryPlaylists(ids.category, { limit: 5 }));
to('search', () => api.search('Low Tide', ['album', 'track'], { limit: 5 }));
to('searchAlbums', () => api.searchAlbums('Low Tide', { limit: 5 }));
to('searchArtists', () => api.searchArtists('Lanterns', { limit: 5 }));
to('searchTracks', () => api.searchTracks('Low Tide', { limit: 5 }));
to('searchPlaylists', () => api.searchPlaylists('Porch', { limit: 5 }));
to('searchShows', () => api.searchShows('the', { limit: 5, market: 'SE' }));
to('searchEpisodes', () => api.searchEpisodes('the', { limit: 5, market: 'SE' }));
to('getAudioFeaturesForTrack', () => api.getAudioFeaturesForTrack(ids.track));
to('getAudioFeaturesForTracks', () => api.getAudioFeaturesForTracks([ids.track]));
to('getAudioAnalysisForTrack', () => api.getAudioAnalysisForTrack(ids.track));
to('getRecommendations', () => api.getRecommendations({ seed_artists: ids.artist }));
to('getAvailableGenreSeeds', () => api.getAvailableGenreSeeds());
to('getShow', () => api.getShow(ids.show, { market: 'SE' }));
to('getShows', () => api.getShows([ids.show], { market: 'SE' }));
to('getShowEpisodes', () => api.getShowEpisodes(ids.show, { market: 'SE', limit: 5 }));
to('getEpisode', () => api.getEpisode(ids.episode, { market: 'SE' }));
to('getEpisodes', () => api.getEpisodes([ids.episode], { market: 'SE' }));
to('getUser', () => api.getUser(ids.otherUser));

to('addToMySavedTracks', () => api.addToMySavedTracks([ids.track]));
to('getMySavedTracks', () => api.getMySavedTracks({ limit: 5 }));
to('containsMySavedTracks', () => api.containsMySavedTracks([ids.track]));
to('removeFromMySavedTracks', () => api.removeFromMySavedTracks([ids.track]));
to('addToMySavedAlbums', () => api.addToMySavedAlbums([ids.album]));
to('getMySavedAlbums', () => api.getMySavedAlbums({ limit: 5 }));
to('containsMySavedAlbums', () => api.containsMySavedAlbums([ids.album]));
to('removeFromMySavedAlbums', () => api.removeFromMySavedAlbums([ids.album]));
to('addToMySavedShows', () => api.addToMySavedShows([ids.show]));
to('getMySavedShows', () => api.getMySavedShows({ limit: 5 }));
to('containsMySavedShows', () => api.containsMySavedShows([ids.show]));
to('removeFromMySavedShows', () => api.removeFromMySavedShows([ids.show]));
to('getMyTopArtists', () => api.getMyTopArtists({ limit: 5 }));
to('getMyTopTracks', () => api.getMyTopTracks({ limit: 5 }));
to('followUsers', () => api.followUsers([ids.otherUser]));
to('followArtists', () => api.followArtists([ids.artist]));
to('getFollowedArtists', () => api.getFollowedArtists({ limit: 5 }));
to('isFollowingUsers', () => api.isFollowingUsers([ids.otherUser]));
to('isFollowingArtists', () => api.isFollowingArtists([ids.artist]));
to('unfollowUsers', () => api.unfollowUsers([ids.otherUser]));
to('unfollowArtists', () => api.unfollowArtists([ids.artist]));

to('transferMyPlayback', () => api.transferMyPlayback([ids.device], { play: true }));
to('play', () => api.play({ context_uri: `spotify:album:${ids.album}`, device_id: ids.device }));
to('getMyCurrentPlaybackState', () => api.getMyCurrentPlaybackState());
to('getMyCurrentPlayingTrack', () => api.getMyCurrentPlayingTrack());
to('getMyRecentlyPlayedTracks', () => api.getMyRecentlyPlayedTracks({ limit: 5 }));
to('getMyDevices', () => api.getMyDevices());
to('queue', () => api.queue(track, { device_id: ids.device }));
to('skipToNext', () => api.skipToNext());
to('skipToPrevious', () => api.skipToPrevious());
to('seek', () => api.seek(1000));
to('setRepeat', () => api.setRepeat('context'));
to('setShuffle', () => api.setShuffle(false));
to('setVolume', () => api.setVolume(40));
to('pause', () => api.pause());

to('getUserPlaylists', () => api.getUserPlaylists(ids.otherUser));
to('getUserPlaylists', 'own', () => api.getUserPlaylists());
to('getPlaylist', () => api.getPlaylist(ids.playlist));
to('getPlaylistTracks', () => api.getPlaylistTracks(ids.playlist, { limit: 5 }));
to('getPlaylistCoverImage', () => api.getPlaylistCoverImage(ids.playlist));
to('createPlaylist', () => api.createPlaylist(ids.user, { name: 'New' }));
to('followPlaylist', () => api.followPlaylist(ids.otherPlaylist, { public: false }));
to('areFollowingPlaylist', () => api.areFollowingPlaylist(ids.otherPlaylist, [ids.user]));
to('unfollowPlaylist', () => api.unfollowPlaylist(ids.otherPlaylist));
to('changePlaylistDetails', () => api.changePlaylistDetails(ids.playlist, { name: 'Tides' }));
to('addTracksToPlaylist', () => api.addTracksToPlaylist(ids.playlist, [track], { position: 0 }));
to('reorderTracksInPlaylist', () => api.reorderTracksInPlaylist(ids.playlist, 0, 2));
to('removeTracksFromPlaylist', () => api.removeTracksFromPlaylist(ids.playlist, [track]));
const snapshot = async () => (await api.getPlaylist(ids.playlist)).snapshot_id;
to('removeTracksFromPlaylistWithSnapshotId', async () =>
  api.removeTracksFromPlaylistWithSnapshotId(ids.playlist, [track], await snapshot()));
to('removeTracksFromPlaylistInPositions', async () =>
  api.removeTracksFromPlaylistInPositions(ids.playlist, [0], await snapshot()));
to('replaceTracksInPlaylist', () => api.replaceTracksInPlaylist(ids.playlist, [track]));
to('uploadCustomPlaylistCoverImage', () => api.uploadCustomPlaylistCoverImage(ids.playlist, ids.jpeg));

to.local('setAccessToken', () => { api.setAccessToken('another'); });
to.local('getAccessToken', () => {
  if (api.getAccessToken() !== 'another') throw new Error('not the token');
});
to.local('setPromiseImplementation', () => { api.setPromiseImplementation(Promise); });

const returned = async () => (await api.getAlbum(ids.album)).id === ids.album && 'returns the album';
const stories = {
  rateLimited: returned,
  quota: returned,
  quota403: returned,
  unauthorized: async () => (await api.getMyCurrentPlaybackState()) && 'returns the state',
  items: () => items(
    async () => (await api.getPlaylist(ids.playlist)).tracks?.items,
    async () => (await api.getPlaylistTracks(ids.playlist)).items,
  ),
};

drive({ methods, calls: to.calls, stories });
