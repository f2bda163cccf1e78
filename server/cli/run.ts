// The command line: finds the command, reads its arguments, tells what went wrong in one paragraph. Exit codes: 0 done,
// 1 failed, 2 wrong arguments.
import type { WriteStream } from 'node:tty';
import { parseArgs } from 'node:util';
import { type Config, ConfigError, languageOfTerminal, readConfig } from '../config.ts';
import { createMessages, type Language } from '../messages.ts';
import { StartError } from '../start-error.ts';
import { backup } from './backup.ts';
import { exportText } from './export.ts';
import { importFile } from './import.ts';
import { RefusedError } from './local-client.ts';
import { mend } from './mend.ts';
import { migrate } from './migrate.ts';
import { personAdd, personLink, personList, personRemove } from './person.ts';
import { restore } from './restore.ts';
import { serve } from './serve.ts';
import { snapshot } from './snapshot.ts';
import { tokenCreate, tokenList, tokenRevoke } from './token.ts';
import { type CliCommand, type Streams, type Terminal, UsageError } from './types.ts';
import { verify } from './verify.ts';

const COMMANDS: Record<string, CliCommand> = {
  serve,
  import: importFile,
  export: exportText,
  'person add': personAdd,
  'person list': personList,
  'person remove': personRemove,
  'person link': personLink,
  'token create': tokenCreate,
  'token list': tokenList,
  'token revoke': tokenRevoke,
  snapshot,
  backup,
  restore,
  verify,
  mend,
  migrate,
};

export async function runCli(args: readonly string[], streams: Streams): Promise<number> {
  const messages = createMessages();
  let config: Config;
  try {
    config = readConfig(streams.environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const issues = { issues: error.issues };
    streams.stderr.write(`${messages(languageOfTerminal(streams.environment), 'cli.start.configuration', issues)}\n`);
    return 2;
  }
  const language: Language = config.language;
  const terminal: Terminal = {
    ...streams,
    config,
    language,
    messages,
    say: (key, values) => messages(language, `cli.${key}`, values),
    print: (text) => void streams.stdout.write(`${text}\n`),
    progress(text) {
      if ((streams.stderr as Partial<WriteStream>).isTTY) streams.stderr.write(`\r\u001b[2K${text}`);
    },
    note: (text) => void streams.stderr.write(`${text}\n`),
  };

  const [first, second] = args;
  if (first === '--version' || first === '-V') {
    terminal.print(config.version);
    return 0;
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    terminal.print(terminal.say('help.overview'));
    return first === undefined ? 2 : 0;
  }
  const name = [`${first} ${second}`, first].find((candidate) => Object.hasOwn(COMMANDS, candidate));
  const command = name === undefined ? undefined : COMMANDS[name];
  if (name === undefined || command === undefined) {
    const family = Object.keys(COMMANDS).filter((candidate) => candidate.startsWith(`${first} `));
    if (family.length > 0 && (second === '--help' || second === '-h')) {
      terminal.print(family.map((member) => terminal.say(`help.${COMMANDS[member]?.help}`)).join('\n\n'));
      return 0;
    }
    terminal.note(terminal.say('unknownCommand', { command: args.slice(0, family.length > 0 ? 2 : 1).join(' ') }));
    return 2;
  }
  return runCommand(terminal, command, args.slice(name.split(' ').length));
}

async function runCommand(terminal: Terminal, command: CliCommand, args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = read(command, args);
    if (values.help === true) {
      terminal.print(terminal.say(`help.${command.help}`));
      return 0;
    }
    if (positionals.length < command.positionals.least) throw new UsageError(terminal.say('tooFewArguments'));
    if (positionals.length > command.positionals.most) throw new UsageError(terminal.say('tooManyArguments'));
    const text: Record<string, string | undefined> = {};
    const flags: Record<string, boolean | undefined> = {};
    for (const [key, value] of Object.entries(values)) {
      if (typeof value === 'string') text[key] = value;
      else if (typeof value === 'boolean') flags[key] = value;
    }
    return await command.run(terminal, { text, flags, positionals, json: values.json === true });
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.note(error.message);
      terminal.note(terminal.say(`help.${command.help}`));
      return 2;
    }
    if (error instanceof StartError) terminal.note(terminal.say(`start.${error.code}`, error.values));
    else if (error instanceof RefusedError) terminal.note(error.message);
    else
      terminal.note(
        terminal.say('failed', { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
    return 1;
  }
}

function read(command: CliCommand, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...command.options, help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
