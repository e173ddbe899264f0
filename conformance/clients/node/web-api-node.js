'use strict';
const { drive, table, methodsOf, code, sleep, items, ids } = require('./drive');
const SpotifyWebApi = require('spotify-web-api-node');

const credentials = () => ({
  clientId: 'app',
  clientSecret: 'secret',
  redirectUri: ids.redirect,
  accessToken: 'any',
});
const api = new SpotifyWebApi(credentials());
const methods = methodsOf(SpotifyWebApi.prototype);

// login logs in with a secret, as the package's README does.
async function login() {
  const client = new SpotifyWebApi(credentials());
  const page = client.createAuthorizeURL(['user-read-private'], 'state');
  const granted = await client.authorizationCodeGrant(await code(page));
  client.setAccessToken(granted.body.access_token);
  client.setRefreshToken(granted.body.refresh_token);
  return client;
}

const to = table();
const track = `spotify:track:${ids.track}`;

to('getTrack', () => api.getTrack(ids.track, { market: 'SE' }));
to('getTracks', () => api.getTracks([ids.track]));
to('getAlbum', () => api.getAlbum(ids.album));
to('getAlbums', () => api.getAlbums([ids.album]));
to('getArtist', () => api.getArtist(ids.artist));
to('getArtists', () => api.getArtists([ids.artist]));
to('search', () => api.search('Low Tide', ['album', 'track'], { limit: 5 }));
to('searchAlbums', () => api.searchAlbums('Low Tide', { limit: 5 }));
to('searchArtists', () => api.searchArtists('Lanterns', { limit: 5 }));
to('searchTracks', () => api.searchTracks('Low Tide', { limit: 5 }));
to('searchPlaylists', () => api.searchPlaylists('Porch', { limit: 5 }));
to('searchShows', () => api.searchShows('the', { limit: 5, market: 'SE' }));
to('searchEpisodes', () => api.searchEpisodes('the', { limit: 5, market: 'SE' }));
to('getArtistAlbums', () => api.getArtistAlbums(ids.artist, { limit: 5 }));
to('getAlbumTracks', () => api.getAlbumTracks(ids.album, { limit: 5, offset: 1 }));
to('getArtistTopTracks', () => api.getArtistTopTracks(ids.artist, 'SE'));
to('getArtistRelatedArtists', () => api.getArtistRelatedArtists(ids.artist));
to('getUser', () => api.getUser(ids.otherUser));
to('getMe', () => api.getMe());
to('getUserPlaylists', () => api.getUserPlaylists(ids.otherUser));
to('getUserPlaylists', 'own', () => api.getUserPlaylists());
to('getAudioFeaturesForTrack', () => api.getAudioFeaturesForTrack(ids.track));
to('getAudioAnalysisForTrack', () => api.getAudioAnalysisForTrack(ids.track));
to('getAudioFeaturesForTracks', () => api.getAudioFeaturesForTracks([ids.track]));
to('getRecommendations', () => api.getRecommendations({ seed_artists: [ids.artist], min_energy: 0.1 }));
to('getAvailableGenreSeeds', () => api.getAvailableGenreSeeds());
to('getNewReleases', () => api.getNewReleases({ limit: 5 }));
to('getFeaturedPlaylists', () => api.getFeaturedPlaylists({ limit: 5 }));
to('getCategories', () => api.getCategories({ limit: 5 }));
to('getCategory', () => api.getCategory(ids.category));
to('getPlaylistsForCategory', () => api.getPlaylistsForCategory(ids.category, { limit: 5 }));
to('getShow', () => api.getShow(ids.show, { market: 'SE' }));
to('getShows', () => api.getShows([ids.show], { market: 'SE' }));
to('getShowEpisodes', () => api.getShowEpisodes(ids.show, { market: 'SE', limit: 5 }));
to('getEpisode', () => api.getEpisode(ids.episode, { market: 'SE' }));
to('getEpisodes', () => api.getEpisodes([ids.episode], { market: 'SE' }));

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
to('addToQueue', () => api.addToQueue(track, { device_id: ids.device }));
to('skipToNext', () => api.skipToNext());
to('skipToPrevious', () => api.skipToPrevious());
to('seek', () => api.seek(1000));
to('setRepeat', () => api.setRepeat('context'));
to('setShuffle', () => api.setShuffle(false));
to('setVolume', () => api.setVolume(40));
to('pause', () => api.pause());

to('getPlaylist', () => api.getPlaylist(ids.playlist));
to('getPlaylistTracks', () => api.getPlaylistTracks(ids.playlist, { limit: 5 }));
to('createPlaylist', () => api.createPlaylist('New', { public: false }));
to('followPlaylist', () => api.followPlaylist(ids.otherPlaylist, { public: false }));
to('areFollowingPlaylist', () => api.areFollowingPlaylist(ids.otherUser, ids.otherPlaylist, [ids.user]));
to('unfollowPlaylist', () => api.unfollowPlaylist(ids.otherPlaylist));
to('changePlaylistDetails', () => api.changePlaylistDetails(ids.playlist, { name: 'Tides' }));
to('addTracksToPlaylist', () => api.addTracksToPlaylist(ids.playlist, [track], { position: 0 }));
to('reorderTracksInPlaylist', () => api.reorderTracksInPlaylist(ids.playlist, 0, 2));
to('removeTracksFromPlaylist', () => api.removeTracksFromPlaylist(ids.playlist, [{ uri: track }]));
to('removeTracksFromPlaylistByPosition', async () => {
  const { body } = await api.getPlaylist(ids.playlist);
  return api.removeTracksFromPlaylistByPosition(ids.playlist, [0], body.snapshot_id);
});
to('replaceTracksInPlaylist', () => api.replaceTracksInPlaylist(ids.playlist, [track]));
to('uploadCustomPlaylistCoverImage', () => api.uploadCustomPlaylistCoverImage(ids.playlist, ids.jpeg));

to('clientCredentialsGrant', () => api.clientCredentialsGrant());
to('authorizationCodeGrant', async () =>
  api.authorizationCodeGrant(await code(api.createAuthorizeURL(['user-read-private'], 'state'))));
to('refreshAccessToken', async () => (await login()).refreshAccessToken());
to.local('createAuthorizeURL', () => {
  const address = new URL(api.createAuthorizeURL(['user-read-private', 'user-read-email'], 'state'));
  if (address.searchParams.get('scope') !== 'user-read-private user-read-email') throw new Error(address.href);
});

// Each member of the credentials has three methods.
const store = new SpotifyWebApi();
for (const name of ['ClientId', 'ClientSecret', 'AccessToken', 'RefreshToken', 'RedirectURI']) {
  to.local(`set${name}`, () => { store[`set${name}`]('value'); });
  to.local(`get${name}`, () => { if (store[`get${name}`]() !== 'value') throw new Error('another value'); });
  to.local(`reset${name}`, () => {
    store[`reset${name}`]();
    if (store[`get${name}`]() !== null) throw new Error('still has the value');
  });
}
to.local('setCredentials', () => { store.setCredentials({ clientId: 'app' }); });
to.local('getCredentials', () => {
  if (store.getCredentials().clientId !== 'app') throw new Error('not the credentials');
});
to.local('resetCredentials', () => {
  store.resetCredentials();
  if (store.getCredentials() !== null) throw new Error('still has credentials');
});

const returned = async () => (await api.getAlbum(ids.album)).body.id === ids.album && 'returns the album';
const stories = {
  async refresh() {
    const client = await login();
    for (let n = 0; n < 2; n++) {
      const { body } = await client.refreshAccessToken();
      client.setAccessToken(body.access_token);
      await client.getMe();
    }
    return 'stays logged in';
  },
  rateLimited: returned,
  quota: returned,
  quota403: returned,
  unauthorized: async () => (await api.getMyCurrentPlaybackState()).body && 'returns the state',
  items: () => items(
    async () => (await api.getPlaylist(ids.playlist)).body.tracks?.items,
    async () => (await api.getPlaylistTracks(ids.playlist)).body.items,
  ),
};

drive({ methods, calls: to.calls, stories });
