'use strict';
// The part that the drivers of the clients share: they make the calls of a table one after
// another, and report the start and the outcome of each to the test.

require('./redirect');

const control = process.env.CLIENTS_CONTROL;
exports.ids = JSON.parse(process.env.CLIENTS_IDS);

async function report(what, body) {
  const response = await fetch(`${control}/${what}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
}

// text returns one line about a value that a client threw.
function text(thrown) {
  if (typeof thrown?.getAllResponseHeaders === 'function') return `an XMLHttpRequest, status ${thrown.status}`;
  const line = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return line.replace(/\s+/g, ' ').slice(0, 400);
}

// unhandled receives a rejection that a client handles nowhere. Without it node ends the program.
let unhandled = () => {};
process.on('unhandledRejection', (thrown) => unhandled(thrown));

async function outcome(run, seconds) {
  let timer;
  const broken = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no outcome within ${seconds} s`)), seconds * 1000);
    unhandled = (thrown) => reject(new Error(`unhandled rejection, which ends the program: ${text(thrown)}`));
  });
  try {
    const result = await Promise.race([Promise.resolve().then(run), broken]);
    return { ok: true, result: result === undefined ? null : result };
  } catch (thrown) {
    return { ok: false, error: text(thrown) };
  } finally {
    clearTimeout(timer);
  }
}

// table returns a function that adds a call to a list. A call's note tells it from others of the
// same method. A typed client returns objects of its own, not the response's JSON.
exports.table = ({ typed } = { typed: false }) => {
  const calls = [];
  const add = (local) => (method, note, run) => {
    if (typeof note === 'function') [note, run] = ['', note];
    if (typed) {
      const own = run;
      run = async () => ((await own()) == null ? null : true);
    }
    calls.push({ method, note, run, local, typed });
  };
  const to = add(false);
  to.local = add(true); // sends nothing
  to.calls = calls;
  return to;
};

// methodsOf returns the names of the methods of an object, those of its class included.
exports.methodsOf = (object) => {
  const names = new Set();
  for (let at = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const own = Object.getOwnPropertyDescriptor(at, name);
      if (name !== 'constructor' && !name.startsWith('_') && typeof own.value === 'function') names.add(name);
    }
  }
  return [...names];
};

// code logs the user in at the address of an authorization page, and returns the code of the
// redirect. The fake asks nothing (-approve).
exports.code = async (address) => {
  const response = await fetch(address, { redirect: 'manual' });
  const to = response.headers.get('location');
  if (!to) throw new Error(`log in: ${response.status} ${await response.text()}`);
  return new URL(to).searchParams.get('code');
};

// expire expires all access tokens of the fake.
exports.expire = () => report('expire');

exports.sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// items returns how many items of a playlist a client returns, with the playlist and from the list of
// its items. list and page return arrays.
exports.items = async (list, page) => {
  const counts = [];
  for (const read of [list, page]) {
    try {
      counts.push((await read())?.filter((item) => (item.item ?? item.track)?.uri).length ?? 0);
    } catch {
      counts.push('an error');
    }
  }
  return counts.join(', ');
};

// drive makes the calls, or runs the stories if CLIENTS_STORIES is set, and ends the program.
// methods are the names of all public methods of the client.
exports.drive = (client) => {
  (process.env.CLIENTS_STORIES ? runStories(client) : makeCalls(client)).then(
    () => process.exit(0), // also if the client still sends requests in the background
    (thrown) => {
      console.error(thrown);
      process.exit(1);
    },
  );
};

async function makeCalls({ methods, calls }) {
  await report('methods', methods);
  for (const { method, note, run, local, typed } of calls) {
    await report('begin', { method, note, local, typed });
    await report('end', await outcome(run, 10));
  }
}

async function runStories({ stories }) {
  const { refresh, ...others } = stories;
  const inOrder = { ...others, ...(refresh && { refresh }) }; // its late rejections belong to no other
  for (const [name, run] of Object.entries(inOrder)) {
    const suffixes = name === 'items' ? [' development', ' older-development', ' extended'] : [''];
    for (const suffix of suffixes) {
      await report('begin', { method: name + suffix });
      await report('end', await outcome(run, 20));
    }
  }
}
