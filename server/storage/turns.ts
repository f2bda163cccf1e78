// One piece of work after the other for each key, in the order in which they were asked for. It knows nothing of the work.

export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const outcome = before.then(work, work);
    last.set(key, outcome);
    const forget = () => {
      if (last.get(key) === outcome) last.delete(key);
    };
    outcome.then(forget, forget);
    return outcome;
  };
}
