// How often one caller may ask. Counted per person once one is known, else per address.
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, MemoryStore, rateLimit } from 'express-rate-limit';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { RateLimits } from '../config.ts';

export interface Limiters {
  api: RequestHandler;
  imports: RequestHandler;
  /** Counts failed answers only, so that whoever guesses links is slowed down and nobody else is. */
  signIn: RequestHandler;
  /** Ends the counters' timers. */
  close(): void;
}

/** `share`: the part of the limits that counts in this process now. */
export function createLimiters(
  limits: RateLimits,
  callerOf: (request: Request) => string | null,
  share: () => number,
): Limiters {
  const stores: MemoryStore[] = [];
  const newStore = () => {
    const store = new MemoryStore();
    stores.push(store);
    return store;
  };
  const limiter = (limit: number, failuresOnly: boolean, key: (request: Request) => string) =>
    rateLimit({
      windowMs: 60_000,
      store: newStore(),
      limit: () => Math.max(1, Math.floor(limit * share())),
      standardHeaders: 'draft-7',
      legacyHeaders: false,
      skipSuccessfulRequests: failuresOnly,
      requestWasSuccessful: (_request, response) => response.statusCode < 400,
      validate: false, // `trust proxy` is ours to set (KOPURO_TRUST_PROXY), and the key below handles IPv6
      keyGenerator: (request) => key(request),
      handler: (_request, response) => {
        const seconds = Number(response.getHeader('Retry-After') ?? 60);
        throw new KopuroError('rate-limited', { seconds });
      },
    });
  const address = (request: Request) => ipKeyGenerator(request.ip ?? request.socket.remoteAddress ?? 'local');
  const caller = (request: Request) => callerOf(request) ?? address(request);
  return {
    api: limiter(limits.api, false, caller),
    imports: limiter(limits.imports, false, caller),
    signIn: limiter(limits.signIn, true, address),
    close: () => {
      for (const store of stores) store.shutdown();
    },
  };
}
