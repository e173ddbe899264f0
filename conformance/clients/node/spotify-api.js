'use strict';
const { drive, table, methodsOf, code, expire, sleep, items, ids } = require('./drive');
const { Client, AuthManager, UserClient } = require('spotify-api.js');

const app = { clientID: 'app', clientSecret: 'secret' };
const login = async () => {
  const query = new URLSearchParams({
    client_id: 'app',
    response_type: 'code',
    redirect_uri: ids.redirect,
    scope: 'user-read-private',
  });
  return { ...app, redirectURL: ids.redirect, code: await code(`https://accounts.spotify.com/authorize?${query}`) };
};

const to = table({ typed: true });
const track = `spotify:track:${ids.track}`;
const api = new Client({ token: 'any' });
api.user = new UserClient(api);
api.user.id = ids.user;

to('create', () => Client.create({ token: 'any', userAuthorizedToken: true }));
to('fetch', () => api.fetch('/me'));
to('search', () =>
  api.search('Low Tide', { types: ['album', 'track', 'artist', 'show', 'episode'], limit: 5, market: 'SE' }));
to('albums.get', () => api.albums.get(ids.album));
to('albums.getMultiple', () => api.albums.getMultiple([ids.album]));
to('albums.getTracks', () => api.albums.getTracks(ids.album));
to('albums.search', () => api.albums.search('Low Tide', { limit: 5 }));
to('artists.get', () => api.artists.get(ids.artist));
to('artists.getMultiple', () => api.artists.getMultiple([ids.artist]));
to('artists.getTopTracks', () => api.artists.getTopTracks(ids.artist, 'SE'));
to('artists.getRelatedArtists', () => api.artists.getRelatedArtists(ids.artist));
to('artists.getAlbums', () => api.artists.getAlbums(ids.artist, { limit: 5 }));
to('artists.search', () => api.artists.search('Lanterns', { limit: 5 }));
to('artists.follow', () => api.artists.follow(ids.artist));
to('artists.unfollow', () => api.artists.unfollow(ids.artist));
to('browse.getNewReleases', () => api.browse.getNewReleases({ limit: 5 }));
to('browse.getFeaturedPlaylists', () => api.browse.getFeaturedPlaylists({ limit: 5 }));
to('browse.getCategories', () => api.browse.getCategories({ limit: 5 }));
to('browse.getCategory', () => api.browse.getCategory(ids.category));
to('browse.getCategoryPlaylists', () => api.browse.getCategoryPlaylists(ids.category, { limit: 5 }));
to('browse.getRecommendations', () => api.browse.getRecommendations({ seed_artists: ids.artist }));
to('browse.getRecommendationGenreSeeds', () => api.browse.getRecommendationGenreSeeds());
to('browse.getAvailableMarkets', () => api.browse.getAvailableMarkets());
to('episodes.get', () => api.episodes.get(ids.episode, 'SE'));
to('episodes.getMultiple', () => api.episodes.getMultiple([ids.episode], 'SE'));
to('episodes.search', () => api.episodes.search('the', { limit: 5, market: 'SE' }));
to('shows.get', () => api.shows.get(ids.show, 'SE'));
to('shows.getMultiple', () => api.shows.getMultiple([ids.show], 'SE'));
to('shows.getEpisodes', () => api.shows.getEpisodes(ids.show, { limit: 5, market: 'SE' }));
to('shows.search', () => api.shows.search('the', { limit: 5, market: 'SE' }));
to('tracks.get', () => api.tracks.get(ids.track, 'SE'));
to('tracks.getMultiple', () => api.tracks.getMultiple([ids.track], 'SE'));
to('tracks.getAudioFeatures', () => api.tracks.getAudioFeatures(ids.track));
to('tracks.getMultipleAudioFeatures', () => api.tracks.getMultipleAudioFeatures(ids.track));
to('tracks.getAudioAnalysis', () => api.tracks.getAudioAnalysis(ids.track));
to('tracks.search', () => api.tracks.search('Low Tide', { limit: 5 }));
to('users.get', () => api.users.get(ids.otherUser));
to('users.getPlaylists', () => api.users.getPlaylists(ids.otherUser, { limit: 5 }));
to('users.followsPlaylist', () => api.users.followsPlaylist(ids.otherPlaylist, ids.user));
to('users.follow', () => api.users.follow(ids.otherUser));
to('users.unfollow', () => api.users.unfollow(ids.otherUser));

to('playlists.get', () => api.playlists.get(ids.playlist, 'SE'));
to('playlists.getTracks', () => api.playlists.getTracks(ids.playlist, { limit: 5 }));
to('playlists.getImages', () => api.playlists.getImages(ids.playlist));
to('playlists.create', () => api.playlists.create(ids.user, { name: 'New' }));
to('playlists.edit', () => api.playlists.edit(ids.playlist, { name: 'Tides' }));
to('playlists.addItems', () => api.playlists.addItems(ids.playlist, [track], 0));
to('playlists.reorderItems', () =>
  api.playlists.reorderItems(ids.playlist, { rangeStart: 0, insertBefore: 2 }));
to('playlists.removeItems', () => api.playlists.removeItems(ids.playlist, [track]));
to('playlists.uploadImage', () => api.playlists.uploadImage(ids.playlist, ids.jpeg));
to('playlists.follow', () => api.playlists.follow(ids.otherPlaylist));
to('playlists.unfollow', () => api.playlists.unfollow(ids.otherPlaylist));

to('user.patchInfo', () => api.user.patchInfo());
to('user.getPlaylists', () => api.user.getPlaylists({ limit: 5 }));
to('user.createPlaylist', () => api.user.createPlaylist({ name: 'New' }));
to('user.followsPlaylist', () => api.user.followsPlaylist(ids.otherPlaylist));
to('user.followsArtists', () => api.user.followsArtists(ids.artist));
to('user.followsUsers', () => api.user.followsUsers(ids.otherUser));
to('user.getFollowingArtists', () => api.user.getFollowingArtists({ limit: 5 }));
to('user.getTopTracks', () => api.user.getTopTracks({ limit: 5 }));
to('user.getTopArtists', () => api.user.getTopArtists({ limit: 5 }));
const kinds = { Albums: ids.album, Tracks: ids.track, Episodes: ids.episode, Shows: ids.show };
for (const [kind, id] of Object.entries(kinds)) {
  to(`user.save${kind}`, () => api.user[`save${kind}`](id));
  to(`user.getSaved${kind}`, () => api.user[`getSaved${kind}`]({ limit: 5, market: 'SE' }));
  to(`user.has${kind}`, () => api.user[`has${kind}`](id));
  to(`user.remove${kind}`, () => api.user[`remove${kind}`](id));
}
to('user.player.transferPlayback', () => api.user.player.transferPlayback(ids.device, true));
to('user.player.play', () => api.user.player.play({ contextURI: `spotify:album:${ids.album}` }));
to('user.player.getCurrentPlayback', () => api.user.player.getCurrentPlayback());
to('user.player.getCurrentlyPlaying', () => api.user.player.getCurrentlyPlaying());
to('user.player.getRecentlyPlayed', () => api.user.player.getRecentlyPlayed({ limit: 5 }));
to('user.player.getDevices', () => api.user.player.getDevices());
to('user.player.addItem', () => api.user.player.addItem(track));
to('user.player.skip', () => api.user.player.skip());
to('user.player.previous', () => api.user.player.previous());
to('user.player.seek', () => api.user.player.seek(1000));
to('user.player.setRepeatState', () => api.user.player.setRepeatState('context'));
to('user.player.setShuffleState', () => api.user.player.setShuffleState(false));
to('user.player.setVolume', () => api.user.player.setVolume(40));
to('user.player.pause', () => api.user.player.pause());

to('auth.getApiToken', () => new AuthManager().getApiToken('app', 'secret'));
to('auth.getUserToken', async () => new AuthManager().getUserToken(await login()));
to('refreshFromMeta', async () => {
  const client = await Client.create({ token: app });
  const before = client.token;
  await client.refreshFromMeta();
  // It does not wait for the response.
  for (let n = 0; client.token === before && n < 100; n++) await sleep(0.01);
  if (client.token === before) throw new Error('the same token');
  return true;
});

// The public methods of the client and of everything that it holds.
function methods() {
  const inner = { '': api, 'user.player.': api.user.player };
  const managers = 'albums artists auth browse episodes playlists shows tracks user users';
  for (const name of managers.split(' ')) {
    inner[`${name}.`] = api[name];
  }
  const names = Object.entries(inner)
    .flatMap(([prefix, object]) => methodsOf(object).map((name) => prefix + name));
  return [...names.filter((name) => name !== 'onRefresh'), 'create']; // onRefresh is a callback of the program
}

const album = async () => {
  const client = await Client.create({ token: 'any' });
  return (await client.albums.get(ids.album)).id === ids.album && 'returns the album';
};
const stories = {
  async refresh() {
    const client = await Client.create({ token: await login() });
    for (let n = 0; n < 2; n++) {
      await expire();
      await client.fetch('/me');
    }
    return 'stays logged in';
  },
  rateLimited: album,
  quota: album,
  quota403: album,
  async unauthorized() {
    return (await api.user.player.getCurrentPlayback()) && 'returns the state';
  },
  items: async () => {
    const client = await Client.create({ token: 'any' });
    return items(
      async () => (await client.playlists.get(ids.playlist)).tracks,
      () => client.playlists.getTracks(ids.playlist),
    );
  },
};

drive({ methods: methods(), calls: to.calls, stories });
