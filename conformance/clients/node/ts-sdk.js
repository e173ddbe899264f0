'use strict';
const { drive, table, methodsOf, code, sleep, items, ids } = require('./drive');
const sdk = require('@spotify/web-api-ts-sdk');
const { SpotifyApi, ClientCredentialsStrategy, InMemoryCachingStrategy } = sdk;

const token = () => ({ access_token: 'any', token_type: 'Bearer', expires_in: 3600, refresh_token: 'any' });
const api = SpotifyApi.withAccessToken('app', token());

// The methods of SpotifyApi and of everything that it holds. The excluded ones are private or
// protected in the SDK's types.
const hidden = /^initializeSdk$|\.(getRequest|postRequest|putRequest|deleteRequest|paramsFor)$/;
const inner = new Set(['sdkConfig', 'authenticationStrategy', 'api']);
function methodNames(object, prefix) {
  let names = methodsOf(object).map((name) => prefix + name);
  for (const key of Object.keys(object)) {
    if (!inner.has(key) && object[key] && typeof object[key] === 'object') {
      names = names.concat(methodNames(object[key], `${prefix}${key}.`));
    }
  }
  return names;
}
const statics = Object.getOwnPropertyNames(SpotifyApi)
  .filter((name) => typeof SpotifyApi[name] === 'function');
const methods = [...methodNames(api, ''), ...statics].filter((name) => !hidden.test(name));

// browser runs a function with the little of a browser that the user's login reads.
async function browser(search, run) {
  const href = ids.redirect + search;
  globalThis.window = {
    location: { search, href, hash: '' },
    history: { replaceState() {} },
    crypto: globalThis.crypto ?? require('node:crypto').webcrypto,
  };
  globalThis.document = { title: '' };
  try {
    return await run();
  } finally {
    delete globalThis.window;
    delete globalThis.document;
  }
}

// login logs in by PKCE and returns the token that the SDK passes to its callback.
async function login(lifetime) {
  let address;
  const config = {
    cachingStrategy: new InMemoryCachingStrategy(),
    redirectionStrategy: { async redirect(to) { address = String(to); }, async onReturnFromRedirect() {} },
  };
  const perform = (hand) =>
    SpotifyApi.performUserAuthorization('app', ids.redirect, ['user-read-private'], hand, config);
  await browser('', async () => {
    await perform(() => {});
    while (!address) await sleep(0.005);
  });
  let handed;
  await browser(`?code=${await code(address)}`, () => perform(async (got) => { handed = got; }));
  return handed;
}

const to = table();
const album = [ids.album];

to('albums.get', () => api.albums.get(ids.album, 'SE'));
to('albums.get', 'several', () => api.albums.get(album));
to('albums.tracks', () => api.albums.tracks(ids.album, 'SE', 5, 1));
to('artists.get', () => api.artists.get(ids.artist));
to('artists.get', 'several', () => api.artists.get([ids.artist]));
to('artists.albums', () => api.artists.albums(ids.artist, 'album,single', 'SE', 5, 0));
to('artists.topTracks', () => api.artists.topTracks(ids.artist, 'SE'));
to('artists.relatedArtists', () => api.artists.relatedArtists(ids.artist));
to('audiobooks.get', () => api.audiobooks.get(ids.audiobook, 'US'));
to('audiobooks.get', 'several', () => api.audiobooks.get([ids.audiobook], 'US'));
to('audiobooks.getAudiobookChapters', () => api.audiobooks.getAudiobookChapters(ids.audiobook, 'US', 5, 0));
to('browse.getCategories', () => api.browse.getCategories('SE', 'sv_SE', 5, 0));
to('browse.getCategory', () => api.browse.getCategory(ids.category, 'SE', 'sv_SE'));
to('browse.getNewReleases', () => api.browse.getNewReleases('SE', 5, 0));
to('browse.getFeaturedPlaylists', () => api.browse.getFeaturedPlaylists('SE', 'sv_SE', undefined, 5, 0));
to('browse.getPlaylistsForCategory', () => api.browse.getPlaylistsForCategory(ids.category, 'SE', 5, 0));
to('chapters.get', () => api.chapters.get(ids.chapter, 'US'));
to('chapters.get', 'several', () => api.chapters.get([ids.chapter], 'US'));
to('episodes.get', () => api.episodes.get(ids.episode, 'SE'));
to('episodes.get', 'several', () => api.episodes.get([ids.episode], 'SE'));
to('recommendations.get', () => api.recommendations.get({ seed_artists: [ids.artist], limit: 5 }));
to('recommendations.genreSeeds', () => api.recommendations.genreSeeds());
to('markets.getAvailableMarkets', () => api.markets.getAvailableMarkets());
to('shows.get', () => api.shows.get(ids.show, 'SE'));
to('shows.get', 'several', () => api.shows.get([ids.show], 'SE'));
to('shows.episodes', () => api.shows.episodes(ids.show, 'SE', 5, 0));
to('tracks.get', () => api.tracks.get(ids.track, 'SE'));
to('tracks.get', 'several', () => api.tracks.get([ids.track], 'SE'));
to('tracks.audioFeatures', () => api.tracks.audioFeatures(ids.track));
to('tracks.audioFeatures', 'several', () => api.tracks.audioFeatures([ids.track]));
to('tracks.audioAnalysis', () => api.tracks.audioAnalysis(ids.track));
to('users.profile', () => api.users.profile(ids.otherUser));
to('search', () => api.search('Low Tide', ['album', 'track'], 'SE', 5, 0));

to('player.transferPlayback', () => api.player.transferPlayback([ids.device], true));
to('player.startResumePlayback', () =>
  api.player.startResumePlayback(ids.device, `spotify:album:${ids.album}`));
to('player.getPlaybackState', () => api.player.getPlaybackState('SE', 'episode'));
to('player.getAvailableDevices', () => api.player.getAvailableDevices());
to('player.getCurrentlyPlayingTrack', () => api.player.getCurrentlyPlayingTrack('SE', 'episode'));
to('player.getRecentlyPlayedTracks', () =>
  api.player.getRecentlyPlayedTracks(5, { timestamp: 1, type: 'after' }));
to('player.getUsersQueue', () => api.player.getUsersQueue());
to('player.addItemToPlaybackQueue', () =>
  api.player.addItemToPlaybackQueue(`spotify:track:${ids.track}`, ids.device));
to('player.skipToNext', () => api.player.skipToNext(ids.device));
to('player.skipToPrevious', () => api.player.skipToPrevious(ids.device));
to('player.seekToPosition', () => api.player.seekToPosition(1000, ids.device));
to('player.setRepeatMode', () => api.player.setRepeatMode('context', ids.device));
to('player.setPlaybackVolume', () => api.player.setPlaybackVolume(40, ids.device));
to('player.togglePlaybackShuffle', () => api.player.togglePlaybackShuffle(false, ids.device));
to('player.pausePlayback', () => api.player.pausePlayback(ids.device));

to('playlists.getPlaylist', () =>
  api.playlists.getPlaylist(ids.playlist, 'SE', undefined, ['track', 'episode']));
to('playlists.getPlaylistItems', () => api.playlists.getPlaylistItems(ids.playlist, 'SE', undefined, 5, 0));
to('playlists.changePlaylistDetails', () =>
  api.playlists.changePlaylistDetails(ids.playlist, { name: 'Tides' }));
to('playlists.addItemsToPlaylist', () =>
  api.playlists.addItemsToPlaylist(ids.playlist, [`spotify:track:${ids.track}`], 0));
to('playlists.movePlaylistItems', () => api.playlists.movePlaylistItems(ids.playlist, 0, 1, 2));
to('playlists.removeItemsFromPlaylist', () =>
  api.playlists.removeItemsFromPlaylist(ids.playlist, { tracks: [{ uri: `spotify:track:${ids.track}` }] }));
to('playlists.updatePlaylistItems', () =>
  api.playlists.updatePlaylistItems(ids.playlist, { uris: [`spotify:track:${ids.track}`] }));
to('playlists.getUsersPlaylists', () => api.playlists.getUsersPlaylists(ids.otherUser, 5, 0));
to('playlists.createPlaylist', () => api.playlists.createPlaylist(ids.user, { name: 'New' }));
to('playlists.getPlaylistCoverImage', () => api.playlists.getPlaylistCoverImage(ids.playlist));
to('playlists.addCustomPlaylistCoverImage', () =>
  api.playlists.addCustomPlaylistCoverImage(ids.playlist, Buffer.from(ids.jpeg, 'base64')));
to('playlists.addCustomPlaylistCoverImageFromBase64String', () =>
  api.playlists.addCustomPlaylistCoverImageFromBase64String(ids.playlist, ids.jpeg));

to('currentUser.profile', () => api.currentUser.profile());
to('currentUser.topItems', () => api.currentUser.topItems('artists', 'short_term', 5, 0));
to('currentUser.followArtistsOrUsers', () => api.currentUser.followArtistsOrUsers([ids.artist], 'artist'));
to('currentUser.followedArtists', () => api.currentUser.followedArtists(undefined, 5));
to('currentUser.followsArtistsOrUsers', () => api.currentUser.followsArtistsOrUsers([ids.artist], 'artist'));
to('currentUser.unfollowArtistsOrUsers', () =>
  api.currentUser.unfollowArtistsOrUsers([ids.artist], 'artist'));
to('currentUser.albums.saveAlbums', () => api.currentUser.albums.saveAlbums(album));
to('currentUser.albums.savedAlbums', () => api.currentUser.albums.savedAlbums(5, 0, 'SE'));
to('currentUser.albums.hasSavedAlbums', () => api.currentUser.albums.hasSavedAlbums(album));
to('currentUser.albums.removeSavedAlbums', () => api.currentUser.albums.removeSavedAlbums(album));
to('currentUser.audiobooks.saveAudiobooks', () => api.currentUser.audiobooks.saveAudiobooks([ids.audiobook]));
to('currentUser.audiobooks.savedAudiobooks', () => api.currentUser.audiobooks.savedAudiobooks(5, 0));
to('currentUser.audiobooks.hasSavedAudiobooks', () =>
  api.currentUser.audiobooks.hasSavedAudiobooks([ids.audiobook]));
to('currentUser.audiobooks.removeSavedAudiobooks', () =>
  api.currentUser.audiobooks.removeSavedAudiobooks([ids.audiobook]));
to('currentUser.episodes.saveEpisodes', () => api.currentUser.episodes.saveEpisodes([ids.episode]));
to('currentUser.episodes.savedEpisodes', () => api.currentUser.episodes.savedEpisodes('SE', 5, 0));
to('currentUser.episodes.hasSavedEpisodes', () => api.currentUser.episodes.hasSavedEpisodes([ids.episode]));
to('currentUser.episodes.removeSavedEpisodes', () =>
  api.currentUser.episodes.removeSavedEpisodes([ids.episode]));
to('currentUser.playlists.playlists', () => api.currentUser.playlists.playlists(5, 0));
to('currentUser.playlists.follow', () => api.currentUser.playlists.follow(ids.otherPlaylist));
to('currentUser.playlists.isFollowing', () =>
  api.currentUser.playlists.isFollowing(ids.otherPlaylist, [ids.user]));
to('currentUser.playlists.unfollow', () => api.currentUser.playlists.unfollow(ids.otherPlaylist));
to('currentUser.shows.saveShows', () => api.currentUser.shows.saveShows([ids.show]));
to('currentUser.shows.savedShows', () => api.currentUser.shows.savedShows(5, 0));
to('currentUser.shows.hasSavedShow', () => api.currentUser.shows.hasSavedShow([ids.show]));
to('currentUser.shows.removeSavedShows', () => api.currentUser.shows.removeSavedShows([ids.show]));
to('currentUser.tracks.saveTracks', () => api.currentUser.tracks.saveTracks([ids.track]));
to('currentUser.tracks.savedTracks', () => api.currentUser.tracks.savedTracks(5, 0, 'SE'));
to('currentUser.tracks.hasSavedTracks', () => api.currentUser.tracks.hasSavedTracks([ids.track]));
to('currentUser.tracks.removeSavedTracks', () => api.currentUser.tracks.removeSavedTracks([ids.track]));

to('makeRequest', () => api.makeRequest('GET', 'me'));
to.local('withAccessToken', async () =>
  (await SpotifyApi.withAccessToken('app', token()).getAccessToken()).access_token);
to('withClientCredentials', async () =>
  (await SpotifyApi.withClientCredentials('app', 'secret').albums.get(ids.album)));
to('authenticate', async () => {
  const { authenticated } = await SpotifyApi.withClientCredentials('app', 'secret').authenticate();
  if (!authenticated) throw new Error('not authenticated');
});
to('switchAuthenticationStrategy', async () => {
  const other = SpotifyApi.withAccessToken('app', token());
  other.switchAuthenticationStrategy(new ClientCredentialsStrategy('app', 'secret'));
  await other.authenticate();
});
to('performUserAuthorization', async () => {
  const got = await login();
  if (!got?.access_token || !got.refresh_token) throw new Error(`the token is ${JSON.stringify(got)}`);
});
to.local('withUserAuthorization', async () => {
  let address;
  const client = SpotifyApi.withUserAuthorization('app', ids.redirect, ['user-read-private'], {
    cachingStrategy: new InMemoryCachingStrategy(),
    redirectionStrategy: { async redirect(to) { address = String(to); }, async onReturnFromRedirect() {} },
  });
  await browser('', async () => {
    await client.authenticate();
    while (!address) await sleep(0.005);
  });
  if (!address.startsWith('https://accounts.spotify.com/authorize?')) throw new Error(address);
});
to.local('withImplicitGrant', async () => {
  let address;
  const client = SpotifyApi.withImplicitGrant('app', ids.redirect, [], {
    cachingStrategy: new InMemoryCachingStrategy(),
    redirectionStrategy: { async redirect(to) { address = String(to); }, async onReturnFromRedirect() {} },
  });
  await browser('', () => client.authenticate());
  if (!address.includes('response_type=token')) throw new Error(address);
});
to.local('getAccessToken', async () => {
  if ((await api.getAccessToken()).access_token !== 'any') throw new Error('not the token');
});
to.local('logOut', async () => {
  const other = SpotifyApi.withAccessToken('app', token());
  other.logOut();
  if ((await other.getAccessToken()).access_token) throw new Error('still has the token');
});

const returned = async () => (await api.albums.get(ids.album)).id === ids.album && 'returns the album';
const stories = {
  async refresh() {
    const client = SpotifyApi.withAccessToken('app', await login());
    for (let n = 0; n < 2; n++) {
      (await client.getAccessToken()).expires = 1; // long ago
      await client.currentUser.profile();
    }
    return 'stays logged in';
  },
  rateLimited: returned,
  quota: returned,
  quota403: returned,
  unauthorized: async () => (await api.player.getPlaybackState()) && 'returns the state',
  items: () => items(
    async () => (await api.playlists.getPlaylist(ids.playlist)).tracks?.items,
    async () => (await api.playlists.getPlaylistItems(ids.playlist)).items,
  ),
};

drive({ methods, calls: to.calls, stories });
