// Keeps the web app at hand for a reload without a connection: its page, the files of its build that were used, and who is
// signed in. It never answers with any of that while the server can be reached, and it keeps no texts: those are in IndexedDB.
const CACHE = 'kopuro-app-1';
const PAGE = '/';
const SESSION = '/api/session';
/** Files of older builds are let go once so many are kept. */
const MOST_FILES = 160;

self.addEventListener('install', (event) => {
  event.waitUntil(self.skipWaiting());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page tells what it was made of: its first files came before there was anybody to keep them.
self.addEventListener('message', (event) => {
  if (event.data?.type === 'keep') event.waitUntil(keep(event.data.paths));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (address.pathname === SESSION) event.respondWith(session(request));
  else if (request.method !== 'GET') return;
  else if (request.mode === 'navigate') event.respondWith(page(request, address));
  else if (isFile(address.pathname)) event.respondWith(file(request));
});

function isFile(path) {
  return path.startsWith('/assets/') || path === '/first-paint.js' || path === '/icon.svg';
}

/** The server's page if it can be reached. Addresses that are not the app's own (downloads, sign-in links) are not answered for. */
async function page(request, address) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = /^\/(api|sign-in)\//.test(address.pathname) ? undefined : await caches.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

/** Files with hashed names never change; the others are asked for first. */
async function file(request) {
  const hashed = new URL(request.url).pathname.startsWith('/assets/');
  const kept = await caches.match(request.url);
  if (kept && hashed) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(CACHE)).put(request.url, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** Who is signed in, as the server said last; forgotten with the sign-out. */
async function session(request) {
  const cache = await caches.open(CACHE);
  if (request.method !== 'GET') {
    await cache.delete(SESSION);
    return fetch(request);
  }
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(SESSION, answer.clone());
    else if (answer.status === 401) await cache.delete(SESSION);
    return answer;
  } catch (error) {
    const kept = await cache.match(SESSION);
    if (kept) return kept;
    throw error;
  }
}

async function keep(paths) {
  const cache = await caches.open(CACHE);
  for (const path of [PAGE, SESSION, ...paths]) {
    if (path !== PAGE && path !== SESSION && (!isFile(path) || (await cache.match(path)))) continue;
    try {
      const answer = await fetch(path);
      if (answer.ok) await cache.put(path, answer);
    } catch {
      return; // the connection went: the next visit keeps the rest
    }
  }
  const kept = await cache.keys();
  const files = kept.filter(({ url }) => new URL(url).pathname.startsWith('/assets/'));
  for (const old of files.slice(0, Math.max(0, files.length - MOST_FILES))) await cache.delete(old);
}
