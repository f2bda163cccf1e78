// A value that somebody is still changing, once they pause.
import { useEffect, useState } from 'react';

/** The last `value` that stood for `ms`; a value that reads the same as JSON is the same. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as T), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}
