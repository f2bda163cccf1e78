// One time for all processes: that of storage, asked for now and then and kept by this machine's own steady clock in between.
// Whose machine is a minute ahead must not end sessions a minute early, nor date what it writes after what others write later.
import type { Logger } from 'pino';

const ASK_EVERY_MS = 10_000;

export interface SharedClock {
  now(): number;
  close(): void;
}

export interface SharedClockParts {
  /** Epoch ms, as all processes are told. */
  time(): Promise<number>;
  logger: Logger;
}

/** Resolves when the time is known. Rejects with what asking for it rejects with. */
export async function startSharedClock({ time, logger }: SharedClockParts): Promise<SharedClock> {
  let offset = await ask();
  const timer = setInterval(() => {
    ask().then(
      (fresh) => {
        offset = fresh;
      },
      (error: unknown) => logger.debug({ err: error }, 'the time could not be asked for'),
    );
  }, ASK_EVERY_MS).unref();

  /** Between this machine's steady clock and the time. */
  async function ask(): Promise<number> {
    const before = performance.now();
    const told = await time();
    return told - (before + performance.now()) / 2;
  }

  return { now: () => Math.round(performance.now() + offset), close: () => clearInterval(timer) };
}
