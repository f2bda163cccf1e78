// What runs inside the page during a benchmark: a clock for "the workspace can be typed in", one for "the key is painted" and
// one for "the other one's key is painted". Each is a function without outside references, as it is sent to the browser.

declare global {
  interface Window {
    /** `painted`: ms from key to paint. `keyed`, and `seen` by number of marks: moments since the epoch. */
    kopuroBench: {
      interactive: number | null;
      watching: boolean;
      painted: number[];
      keyed: number[];
      seen: Map<number, number>;
    };
  }
}

/** Marks the moment at which an editor first stands there, filled, and the frame after it was drawn. Runs before the page. */
export function watchInteractive(): void {
  window.kopuroBench = { interactive: null, watching: false, painted: [], keyed: [], seen: new Map() };
  const check = () => {
    const ready = document.querySelector('[contenteditable="true"] [data-block]');
    if (ready === null) {
      requestAnimationFrame(check);
      return;
    }
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        window.kopuroBench.interactive = performance.now();
      };
      channel.port2.postMessage(null);
    });
  };
  requestAnimationFrame(check);
}

/**
 * From each key's event to the end of the frame that shows it: the task of the highest priority that a page can post, posted from
 * the frame's callback, is the first after its paint.
 */
export function watchKeys(): void {
  window.kopuroBench ??= { interactive: null, watching: false, painted: [], keyed: [], seen: new Map() };
  window.kopuroBench.painted.length = 0;
  window.kopuroBench.keyed.length = 0;
  if (window.kopuroBench.watching) return;
  window.kopuroBench.watching = true;
  document.addEventListener(
    'keydown',
    (event) => {
      const from = event.timeStamp;
      window.kopuroBench.keyed.push(performance.timeOrigin + from);
      requestAnimationFrame(() => {
        void scheduler.postTask(() => window.kopuroBench.painted.push(performance.now() - from), {
          priority: 'user-blocking',
        });
      });
    },
    { capture: true },
  );
}

/** Notes, on the other side, when a block first shows so many of the typed marks; times are since the epoch. */
export function watchMarks([selector, mark]: [string, string]): void {
  const block = document.querySelector(selector);
  if (block === null) throw new Error(`no ${selector}`);
  const { seen } = window.kopuroBench;
  seen.clear();
  const note = () => {
    const count = (document.querySelector(selector)?.textContent ?? '').split(mark).length - 1;
    if (count > 0 && !seen.has(count)) {
      seen.set(count, 0);
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => seen.set(count, performance.timeOrigin + performance.now());
        channel.port2.postMessage(null);
      });
    }
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
}
