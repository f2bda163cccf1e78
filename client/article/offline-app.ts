// Has the browser keep the app itself, so that a page with an open article can be reloaded without a connection. The work is
// done by client/public/service-worker.js; this asks for it and tells which files the page is made of.

/** How long after the last of the page's files the list is sent: lazily loaded parts belong to it. */
const SETTLE_MS = 1_500;

/** Asks once the page is at rest. Where service workers are not to be had (plain http, private windows) nothing happens. */
export function keepAppOffline(): () => void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return () => {};
  const timer = setTimeout(() => {
    navigator.serviceWorker
      .register('/service-worker.js')
      .then(() => navigator.serviceWorker.ready)
      .then(({ active }) => active?.postMessage({ type: 'keep', paths: loadedFiles() }))
      .catch((error: unknown) => console.warn('The app cannot be kept for a reload without a connection', error));
  }, SETTLE_MS);
  return () => clearTimeout(timer);
}

function loadedFiles(): string[] {
  const own = performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin }) => origin === location.origin)
    .map(({ pathname }) => pathname);
  return [...new Set(own)];
}
