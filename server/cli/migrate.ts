// `kopuro migrate`: moves everything from the data folder to PostgreSQL, or back. Works on both itself, not through a server,
// and only while none uses either.
import { stat } from 'node:fs/promises';
import pino from 'pino';
import { databaseFile, isServed, takeDataFolder } from '../data-folder.ts';
import { StartError } from '../start-error.ts';
import { MoveError, type MoveReport, move } from '../storage/moving/move.ts';
import type { OpenPlace } from '../storage/moving/place.ts';
import { openPostgresPlace } from '../storage/postgres/place.ts';
import { isDatabaseServed } from '../storage/postgres/prepare.ts';
import { openSqlitePlace } from '../storage/sqlite/place.ts';
import { StorageStartError } from '../storage/types.ts';
import { type CliCommand, type Terminal, UsageError } from './types.ts';

/** Articles on their way at the same time. */
const AT_ONCE = 4;

export const migrate: CliCommand = {
  help: 'migrate',
  options: { to: { type: 'string' }, from: { type: 'string' } },
  positionals: { least: 0, most: 0 },
  async run(terminal, { text: { to, from }, json }) {
    const url = to ?? from;
    if (url === undefined || (to !== undefined && from !== undefined)) {
      throw new UsageError(terminal.say('migrateWhere'));
    }
    if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
      throw new UsageError(terminal.say('migrateAddress', { address: url.replace(/\/\/[^@]*@/, '//') }));
    }
    const { dataFolder: folder } = terminal.config;
    const file = databaseFile(folder);
    if (to !== undefined && !(await stat(file).catch(() => null))?.isFile()) {
      throw new UsageError(terminal.say('migrateNothing', { folder }));
    }
    if (await isServed(folder)) return whileRunning(terminal, folder);
    const release = await takeDataFolder(folder, Date.now());
    try {
      if (await isDatabaseServed(url)) return whileRunning(terminal, new URL(url).host + new URL(url).pathname);
      const logger = pino({ level: 'warn' }, pino.destination(2));
      const source = await (to === undefined
        ? openPostgresPlace(url, logger, { read: true })
        : openSqlitePlace(file, { read: true }));
      try {
        const target = await (to === undefined ? openSqlitePlace(file) : openPostgresPlace(url, logger));
        try {
          return await moveAll(terminal, source, target, json);
        } finally {
          await target.close();
        }
      } finally {
        await source.close();
      }
    } catch (error) {
      if (!(error instanceof StorageStartError)) throw error;
      throw new StartError(error.code, { folder, ...error.values });
    } finally {
      release();
    }
  },
};

async function moveAll(terminal: Terminal, source: OpenPlace, target: OpenPlace, json: boolean): Promise<number> {
  let report: MoveReport;
  try {
    report = await move({
      source,
      target,
      now: Date.now(),
      replay: true,
      atOnce: AT_ONCE,
      progress: (done, all) => terminal.progress(terminal.say('migrating', { done, all })),
    });
  } catch (error) {
    if (!(error instanceof MoveError)) throw error;
    const values = { source: source.name, target: target.name, ...error.values };
    terminal.note(terminal.say(`migrateProblems.${error.code}`, values));
    return 1;
  }
  terminal.progress('');
  if (json) terminal.print(JSON.stringify({ ...report, target: target.name }));
  else {
    const damaged = new Set(report.damaged.map(({ articleId }) => articleId)).size;
    terminal.note(terminal.say('migrated', { ...report, damaged, place: target.name }));
  }
  return 0;
}

function whileRunning(terminal: Terminal, place: string): number {
  terminal.note(terminal.say('migrateWhileRunning', { place }));
  return 1;
}
