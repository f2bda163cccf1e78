// What the environment says, read once at start and handed on as a value. Nothing else in the server reads process.env.
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const flag = z.enum(['on', 'off', 'true', 'false', '1', '0']).transform((value) => ['on', 'true', '1'].includes(value));

/**
 * Every variable that is read. The table of docs/operations.md is made of it (`npm run environment`): `description` is what a
 * variable means, in Markdown; `unset` what holds without it, where the schema has no default.
 */
export const environmentSchema = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .meta({ description: 'where it listens; `0` is any port that is free' }),
  HOST: z.string().min(1).optional().meta({
    description: 'on which address; `127.0.0.1` behind a proxy on the same machine',
    unset: 'all addresses',
  }),
  KOPURO_DATA: z.string().min(1).default('./data').meta({ description: 'the data folder; made if it is missing' }),
  KOPURO_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({
      description:
        'a PostgreSQL database that holds everything instead of the file in the data folder: `postgres://user:password@host:5432/name?sslmode=verify-full`',
      unset: 'the file',
    }),
  KOPURO_REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .meta({
      description:
        'a Redis (7 or newer) that joins several processes on one PostgreSQL database into one newsroom: `redis://user:password@host:6379/0`',
      unset: 'one process',
    }),
  KOPURO_REDIS_PREFIX: z
    .string()
    .min(1)
    .default('kopuro:')
    .meta({ description: 'what the names of all channels in Redis begin with: another one for each newsroom' }),
  KOPURO_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        'the address that people use, if it is another than the one it listens on. Links are made with it, and with `https:` cookies are marked `Secure`',
      unset: '`http://HOST:PORT`',
    }),
  KOPURO_TRUST_PROXY: z
    .string()
    .refine(namesProxies, 'Expected off, on, a number, or IP addresses')
    .default('off')
    .meta({
      description:
        'whose `X-Forwarded-*` headers are believed: the number of proxies in front (`on` is `1`), or their addresses and networks, with commas between',
    }),
  KOPURO_DEMO: flag.optional().meta({
    description:
      'whether an empty folder gets the sample article and four sample people; without them the first start prints a link for the first editor',
    unset: '`on`; `off` with `NODE_ENV=production`',
  }),
  KOPURO_LANGUAGE: z.enum(['en', 'ru', 'ky']).optional().meta({
    description: 'the language of what the process itself prints',
    unset: 'that of `LC_ALL` or `LANG`, else `en`',
  }),
  KOPURO_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').meta({
    description: 'how much is logged, as JSON lines on stderr; requests at `debug`, their addresses without secrets',
  }),
  /** Read by server/bin/build.mjs, before there is any server. */
  KOPURO_BUILD: z
    .enum(['on', 'off'])
    .default('on')
    .meta({ description: '`off` runs what is in `dist/` even if the sources are newer' }),
  NODE_ENV: z.string().optional().meta({
    description: '`production` on a real server: `KOPURO_DEMO` is off then',
    unset: 'none',
  }),
});

/** How much one caller may ask for. A minute's worth each. */
export interface RateLimits {
  /** Requests to /api by one person (or one address, while nobody is signed in). */
  api: number;
  /** Imports and previews by one person. */
  imports: number;
  /** Failed attempts to use a link or an invitation, from one address. */
  signIn: number;
  /** Commands over socket.io by one person. */
  commands: number;
}

export interface Config {
  port: number;
  /** Undefined: every address of this machine, so that `localhost` works over IPv4 and IPv6. */
  host: string | undefined;
  dataFolder: string;
  /** The PostgreSQL database that holds everything; null: a SQLite file in the data folder. Holds a password. */
  databaseUrl: string | null;
  /** The Redis that joins processes; null: this one is alone. May hold a password. */
  redisUrl: string | null;
  redisPrefix: string;
  /** Make the sample article and people in an empty folder, and print links for them. */
  demo: boolean;
  /** The address under which people reach the server, if it is not the one it listens on. No slash at its end. */
  publicUrl: string | null;
  trustProxy: boolean | number | string;
  logLevel: string;
  /** Of what the process itself prints. */
  language: 'en' | 'ru' | 'ky';
  /** Where the built web app lies. */
  clientFolder: string;
  version: string;
  limits: RateLimits;
  /** Whether /metrics tells of the process (memory, event loop) too. */
  processMetrics: boolean;
}

export const DEFAULT_LIMITS: RateLimits = { api: 6_000, imports: 120, signIn: 60, commands: 3_000 };

/** The environment is not as it should be; `issues` names the variables. */
export class ConfigError extends Error {
  readonly issues: string;
  constructor(issues: string) {
    super(issues);
    this.name = 'ConfigError';
    this.issues = issues;
  }
}

/** Reads the configuration. Throws ConfigError. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`).join('; '));
  }
  const values = parsed.data;
  if (values.KOPURO_REDIS_URL !== undefined && values.KOPURO_DATABASE_URL === undefined) {
    throw new ConfigError('KOPURO_REDIS_URL (needs KOPURO_DATABASE_URL: a file cannot be shared by processes)');
  }
  const root = packageRoot();
  return {
    port: values.PORT,
    host: values.HOST,
    dataFolder: path.resolve(values.KOPURO_DATA),
    databaseUrl: values.KOPURO_DATABASE_URL ?? null,
    redisUrl: values.KOPURO_REDIS_URL ?? null,
    redisPrefix: values.KOPURO_REDIS_PREFIX,
    demo: values.KOPURO_DEMO ?? values.NODE_ENV !== 'production',
    publicUrl: values.KOPURO_URL ? values.KOPURO_URL.replace(/\/+$/, '') : null,
    trustProxy: trustProxy(values.KOPURO_TRUST_PROXY),
    logLevel: values.KOPURO_LOG_LEVEL,
    language: values.KOPURO_LANGUAGE ?? languageOfTerminal(environment),
    clientFolder: path.join(root, 'dist/client'),
    version: packageVersion(root),
    limits: DEFAULT_LIMITS,
    processMetrics: true,
  };
}

/** The language of whoever sees what the process prints. */
export function languageOfTerminal(environment: Record<string, string | undefined>): Config['language'] {
  const locale = environment.KOPURO_LANGUAGE || environment.LC_ALL || environment.LANG || '';
  if (locale.startsWith('ru')) return 'ru';
  return locale.startsWith('ky') ? 'ky' : 'en';
}

/** Whether express understands it; what it does not understand it throws at the start. */
function namesProxies(value: string): boolean {
  if (/^(on|off|true|false|\d+)$/.test(value)) return true;
  return value.split(',').every((entry) => {
    const [address = '', bits, ...rest] = entry.trim().split('/');
    if (bits === undefined && ['loopback', 'linklocal', 'uniquelocal'].includes(address)) return true;
    const version = isIP(address);
    return version > 0 && rest.length === 0 && (bits === undefined || fits(bits, version === 4 ? 32 : 128));
  });
}

function fits(bits: string, most: number): boolean {
  return /^\d+$/.test(bits) && Number(bits) > 0 && Number(bits) <= most;
}

function trustProxy(value: string): boolean | number | string {
  if (value === 'off' || value === 'false' || value === '0') return false;
  if (value === 'on' || value === 'true') return 1;
  return /^\d+$/.test(value) ? Number(value) : value;
}

/** The folder of our package.json: two levels up from the bundle, one from the sources. */
function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('package.json not found above the server');
    folder = parent;
  }
  return folder;
}

function packageVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}
