// `kopuro serve`: the server in the foreground. Prints where it listens and, as long as nobody could sign in otherwise, links;
// ends in order on SIGTERM and SIGINT.
import pino from 'pino';
import { startApp } from '../app.ts';
import { signInLinks } from '../first-people.ts';
import { banner } from './banner.ts';
import type { CliCommand } from './types.ts';

/** Whatever hangs at the end must not keep the process from ending; everything seen is committed long before. */
const LAST_RESORT_MS = 15_000;

export const serve: CliCommand = {
  help: 'serve',
  options: {},
  positionals: { least: 0, most: 0 },
  async run(terminal, { json }) {
    const { config } = terminal;
    const asked = askedToEnd(() => terminal.note(terminal.say('stopping')));
    const logger = pino({ level: config.logLevel, base: null }, pino.destination({ fd: 2, sync: true }));
    const app = await startApp({
      config,
      logger,
      beforeReady: async (starting) => {
        const links = await signInLinks(starting);
        if (json) {
          terminal.print(JSON.stringify({ url: starting.url, dataFolder: config.dataFolder, links }));
        } else terminal.print(banner(terminal, { url: starting.url, links }));
      },
    });
    await asked;
    await app.close();
    return 0;
  },
};

/**
 * Resolves when the process is asked to end. It listens before the start: a start may bring data up to date, and the
 * first process of a container is not ended by a signal that nobody handles, so that one which comes meanwhile would be lost.
 */
function askedToEnd(asked: () => void): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      process.off('SIGTERM', end);
      process.off('SIGINT', end);
      asked();
      setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
      resolve();
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
  });
}
