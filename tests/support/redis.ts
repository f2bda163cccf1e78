// Tests of several processes: they need PostgreSQL and Redis, and are left out where one is missing, except in CI.
import { describe, inject, it } from 'vitest';

/** Like `describe`, for what needs both. */
export function describeCluster(name: string, define: () => void): void {
  const missing = [inject('postgres') === null ? 'PostgreSQL' : null, inject('redis') === null ? 'Redis' : null].filter(
    (one) => one !== null,
  );
  if (missing.length > 0 && process.env.CI === 'true') {
    it(`${name}: nothing may be left out here`, () => {
      throw new Error(`${missing.join(' and ')} not found`);
    });
  } else describe.skipIf(missing.length > 0)(name, define);
}
