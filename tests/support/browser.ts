// Finds and starts a real Chromium for tests, screenshots and benchmarks: CHROME_PATH, the system's, Playwright's, or the one
// bundled in @sparticuz/chromium, which runs on a bare Linux x64. It knows nothing of the product.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** Set to `bundled` to use the bundled Chromium even where another is installed. */
const CHOICE = 'KOPURO_TEST_BROWSER';

/** Quiet and local: no calls home, no QUIC, no GPU. Not the bundled package's `args`, which switch web security off. */
const ARGUMENTS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  // Windows behind others must go on painting and typing: several people share one machine here.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

export interface Executable {
  path: string;
  /** Only for the browser: its own libraries must not reach this process or its other children. */
  env: Record<string, string>;
}

/** Starts headless Chromium. The caller closes it. */
export async function launchBrowser(executable?: Executable): Promise<Browser> {
  const { path, env } = executable ?? (await findChromium());
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: path,
    headless: true,
    args: asRoot || path.includes(CACHE_NAME) ? [...ARGUMENTS, '--no-sandbox'] : ARGUMENTS,
    env: { ...definedEnvironment(), ...env },
  });
}

/** The Chromium that `launchBrowser` would start. */
export async function findChromium(): Promise<Executable> {
  if (process.env[CHOICE] === 'bundled') return bundledChromium();
  const given = process.env.CHROME_PATH;
  if (given) {
    if (await isExecutable(given)) return { path: given, env: {} };
    throw new Error(`CHROME_PATH names ${given}, which cannot be run`);
  }
  for (const folder of (process.env.PATH ?? '').split(':').filter(Boolean)) {
    for (const name of SYSTEM_NAMES) {
      const path = join(folder, name);
      if (await isExecutable(path)) return { path, env: {} };
    }
  }
  return (await playwrightChromium()) ?? bundledChromium();
}

/** A Chromium that `playwright install` left in its cache, the newest first. */
async function playwrightChromium(): Promise<Executable | null> {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  const builds = (await readdir(cache).catch(() => [])).filter((name) => name.startsWith('chromium')).sort();
  for (const build of builds.reverse()) {
    for (const file of [
      'chrome-linux64/chrome',
      'chrome-linux/chrome',
      'chrome-headless-shell-linux64/chrome-headless-shell',
      'chrome-linux/headless_shell',
    ]) {
      const path = join(cache, build, file);
      if (await isExecutable(path)) return { path, env: {} };
    }
  }
  return null;
}

const CACHE_NAME = 'kopuro-test-chromium';

/**
 * Unpacks the bundled Chromium once a machine and version. Its libraries are unpacked only for a process that looks like AWS
 * Lambda, so the unpacking happens in a child of its own; into a private folder that is renamed when whole, so that neither a
 * killed run nor two runs at once leave half a browser behind.
 */
export async function bundledChromium(): Promise<Executable> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('no Chromium found: install one, or name it in CHROME_PATH (the bundled one is for Linux on x64)');
  }
  const require = createRequire(import.meta.url);
  const version = await packageVersion(require.resolve('@sparticuz/chromium'));
  const owner = process.getuid?.() ?? 'user';
  const folder = join(tmpdir(), `${CACHE_NAME}-${version}-${owner}`);
  if (!(await isExecutable(join(folder, 'chromium')))) {
    const unpacking = await mkdtemp(`${folder}-`);
    try {
      await promisify(execFile)(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `const { default: chromium } = await import(${JSON.stringify(import.meta.resolve('@sparticuz/chromium'))}); await chromium.executablePath();`,
        ],
        { env: { ...process.env, TMPDIR: unpacking, AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${nodeMajor()}.x` } },
      );
      await writeFontConfiguration(unpacking, folder);
      await rename(unpacking, folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // somebody else was quicker
      });
    } finally {
      await rm(unpacking, { recursive: true, force: true });
    }
  }
  return {
    path: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  };
}

/** Without a configuration that finds a font, the bundled browser draws no text at all. */
async function writeFontConfiguration(into: string, folder: string): Promise<void> {
  await mkdir(join(into, 'fonts'), { recursive: true });
  const directories = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  await writeFile(
    join(into, 'fonts.conf'),
    `<?xml version="1.0"?>\n<fontconfig>\n${directories.map((path) => `  <dir>${path}</dir>\n`).join('')}  <cachedir>${join(folder, 'font-cache')}</cachedir>\n</fontconfig>\n`,
  );
}

async function packageVersion(entry: string): Promise<string> {
  const match = /^(.*@sparticuz[/\\]chromium)[/\\]/.exec(entry);
  if (!match) throw new Error(`unexpected place of @sparticuz/chromium: ${entry}`);
  const { default: description } = (await import(`${match[1]}/package.json`, { with: { type: 'json' } })) as {
    default: { version: string };
  };
  return description.version;
}

function nodeMajor(): string {
  // The package knows the Lambda runtimes 20, 22 and 24; which of them does not matter for what it unpacks.
  const major = Number(process.versions.node.split('.')[0]);
  return String(major >= 24 ? 24 : major >= 22 ? 22 : 20);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
