// News that come in quick succession, told at most once in a while: the first at once, then the last of what came meanwhile.

export interface Coalescer<Value> {
  push(key: string, value: Value): void;
  /** What waits under this key is not told any more. */
  forget(key: string): void;
  close(): void;
}

/** Each key by itself. Remembers a key for `everyMs` after its last telling. */
export function createCoalescer<Value>(everyMs: number, tell: (key: string, value: Value) => void): Coalescer<Value> {
  const open = new Map<string, { timer: NodeJS.Timeout; waiting: { value: Value } | null }>();

  function tellAndWait(key: string, value: Value): void {
    const timer = setTimeout(() => {
      const waiting = open.get(key)?.waiting ?? null;
      open.delete(key);
      if (waiting) tellAndWait(key, waiting.value);
    }, everyMs).unref();
    open.set(key, { timer, waiting: null });
    tell(key, value);
  }

  return {
    push(key, value) {
      const entry = open.get(key);
      if (entry) entry.waiting = { value };
      else tellAndWait(key, value);
    },
    forget(key) {
      const entry = open.get(key);
      if (entry) entry.waiting = null;
    },
    close() {
      for (const { timer } of open.values()) clearTimeout(timer);
      open.clear();
    },
  };
}
