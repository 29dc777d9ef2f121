// Keeps the pages of one release at hand, so that they open without a network. Data stays out:
// the outbox and what was read last are the pages' own. (RELEASE is put above this by the server.)

const CACHE = `gexun-${RELEASE.mark}`;

self.addEventListener('install', (event) => {
  event.waitUntil(fetchAll().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (RELEASE.files.includes(pathname)) event.respondWith(atHand(request));
  else if (request.mode === 'navigate') event.respondWith(fresh(request));
});

async function fetchAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll([RELEASE.page, ...RELEASE.files]);
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('gexun-') && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function atHand(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

/** The page as it is now; without an answer in time, as it was. */
async function fresh(request) {
  const kept = async () => (await caches.open(CACHE)).match(RELEASE.page);
  const late = new Promise((resolve) => setTimeout(resolve, 4000)).then(kept);
  const asked = fetch(request).then((answer) => (answer.ok ? answer : kept()));
  const first = await Promise.race([asked.catch(kept), late]);
  return first ?? asked;
}
