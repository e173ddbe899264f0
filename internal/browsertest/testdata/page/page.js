// A program in a browser without a server of its own: it logs in with PKCE and calls the Web API by
// fetch. The query parameter spotify of its first URL names the Spotify that it uses.
const at = new URL(location);
const spotify = at.searchParams.get("spotify") ?? sessionStorage.spotify;
const redirect = at.origin + at.pathname;
const client = "playlists-page";
const $ = (selector) => document.querySelector(selector);

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function login() {
  Object.assign(sessionStorage, { spotify, verifier: random(), state: random() });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(sessionStorage.verifier));
  location = `${spotify}/authorize?` + new URLSearchParams({
    client_id: client, response_type: "code", redirect_uri: redirect, state: sessionStorage.state,
    code_challenge_method: "S256", code_challenge: base64url(new Uint8Array(digest)),
    scope: "playlist-read-private playlist-read-collaborative playlist-modify-public playlist-modify-private",
  });
}

async function exchange(code) {
  const response = await fetch(`${spotify}/api/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code", code, redirect_uri: redirect, client_id: client,
      code_verifier: sessionStorage.verifier,
    }),
  });
  const token = await response.json();
  if (!response.ok) throw new Error(`login: ${token.error}: ${token.error_description}`);
  return token.access_token;
}

let token;

async function call(method, path, body) {
  const response = await fetch(`${spotify}/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  if (response.status === 429) throw new Error(`rate limited: retry in ${response.headers.get("Retry-After")} s`);
  const text = await response.text();
  const data = text && JSON.parse(text);
  if (!response.ok) throw new Error(`${method} ${path}: ${data.error.status} ${data.error.message}`);
  return data;
}

let first; // the playlist that can be renamed: the first one of the user's own

async function list() {
  const page = await call("GET", "/me/playlists?limit=50");
  first = page.items.find((p) => p.owner.id === $("#user").dataset.id);
  $("#playlists").replaceChildren(...page.items.map((p) => {
    const item = document.createElement("li");
    const size = document.createElement("span");
    const contents = p.items ?? p.tracks; // development mode and extended quota
    size.textContent = contents ? ` ${contents.total} items` : "";
    item.append(p.name, size);
    return item;
  }));
  $("#playlists").dataset.total = page.total;
}

async function main() {
  const state = sessionStorage.state;
  if (!at.searchParams.has("code") || !state || at.searchParams.get("state") !== state) {
    $("#login").hidden = false;
    if (at.searchParams.has("error")) throw new Error(`login: ${at.searchParams.get("error")}`);
    return;
  }
  delete sessionStorage.state; // a callback is valid once
  history.replaceState(null, "", redirect); // keeps the code out of the history
  token = await exchange(at.searchParams.get("code"));
  const me = await call("GET", "/me");
  Object.assign($("#user"), { textContent: me.display_name }).dataset.id = me.id;
  await list();
  $("main").hidden = false;
}

const run = (work) => (event) => {
  event?.preventDefault();
  $("#problem").textContent = "";
  return work().catch((e) => { $("#problem").textContent = e.message; });
};
$("#login").onclick = run(login);
$("#reload").onclick = run(list);
$("form").onsubmit = run(async () => {
  await call("PUT", `/playlists/${first.id}`, { name: new FormData($("form")).get("name") });
  await list();
});
run(main)();
