// What a command of the command line is. Each is one file of this folder and one line in run.ts.
import type { Readable, Writable } from 'node:stream';
import type { ParseArgsConfig } from 'node:util';
import type { Config } from '../config.ts';
import type { Language, Say } from '../messages.ts';

export interface Streams {
  environment: Record<string, string | undefined>;
  stdout: Writable;
  stderr: Writable;
  stdin: Readable;
}

export interface Terminal extends Streams {
  config: Config;
  language: Language;
  say(key: string, values?: Record<string, unknown>): string;
  messages: Say;
  /** One line (or JSON) on stdout: the command's own output. */
  print(text: string): void;
  /** Says how far a long piece of work is, in the last line of a terminal; empty: it is over. Silent where nobody watches. */
  progress(text: string): void;
  /** A line on stderr, for people. */
  note(text: string): void;
}

export interface Values {
  /** `--name value` */
  text: Record<string, string | undefined>;
  /** `--flag` */
  flags: Record<string, boolean | undefined>;
  positionals: readonly string[];
  json: boolean;
}

export interface CliCommand {
  /** Key below `cli.help`. */
  help: string;
  options: NonNullable<ParseArgsConfig['options']>;
  /** How many positional arguments it takes. */
  positionals: { least: number; most: number };
  /** Resolves with the exit code. */
  run(terminal: Terminal, values: Values): Promise<number>;
}

/** The arguments are wrong: exit code 2, with the help of the command. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
