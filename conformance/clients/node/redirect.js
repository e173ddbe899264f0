'use strict';
// Requests of this process for the real Spotify go to the fake that SPOTIFY_BASE_URL and
// SPOTIFY_ACCOUNTS_URL name, the variables that fakespotify prints:
//
//	node --require ./redirect.js program.js
//
// It covers fetch and everything that is built on node's https module, such as axios and superagent.

const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const targets = [
  ['https://api.spotify.com/v1', process.env.SPOTIFY_BASE_URL],
  ['https://accounts.spotify.com', process.env.SPOTIFY_ACCOUNTS_URL],
];

// redirected returns the fake's address for an address of Spotify, undefined for all others.
function redirected(address) {
  for (const [real, fake] of targets) {
    if (fake && (address === real || address.startsWith(real + '/') || address.startsWith(real + '?'))) {
      return fake + address.slice(real.length);
    }
  }
  return undefined;
}

const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const fake = redirected(input instanceof Request ? input.url : String(input));
  if (!fake) return realFetch(input, init);
  return input instanceof Request ? realFetch(new Request(fake, input), init) : realFetch(fake, init);
};

const realRequest = https.request;
https.request = (...args) => {
  const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
  const isURL = typeof args[0] === 'string' || args[0] instanceof URL;
  const options = { ...(isURL ? args[1] : args[0]) };
  const address = isURL ? String(args[0]) : `https://${options.hostname ?? options.host}${options.path ?? '/'}`;
  const fake = redirected(address);
  if (!fake) return realRequest.call(https, ...args, ...(callback ? [callback] : []));
  const to = new URL(fake);
  const headers = { ...options.headers };
  for (const name of Object.keys(headers)) {
    if (name.toLowerCase() === 'host') delete headers[name];
  }
  return http.request({
    method: options.method,
    headers,
    auth: options.auth,
    signal: options.signal,
    timeout: options.timeout,
    hostname: to.hostname,
    port: to.port,
    path: to.pathname + to.search,
  }, callback);
};
https.get = (...args) => {
  const request = https.request(...args);
  request.end();
  return request;
};
syncBuiltinESMExports();
