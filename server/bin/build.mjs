// Builds the web app and the server into dist/ when that is missing or older than the sources. Each build goes to a folder of
// its own and is moved into place when it is whole, so that a running server and two builds at once do not disturb each other.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = ['client', 'server', 'shared', 'translations', 'vite.config.ts', 'package.json'];

export class BuildError extends Error {
  constructor(output) {
    super(output);
    this.name = 'BuildError';
  }
}

/** Builds if needed. An installed package without sources, or KOPURO_BUILD=off, runs what is there. */
export async function buildIfStale(root) {
  if (!existsSync(path.join(root, 'vite.config.ts'))) return { built: false };
  const stamp = path.join(root, 'dist/.built');
  if (process.env.KOPURO_BUILD === 'off') return { built: false };
  if (existsSync(stamp) && newest(root) <= statSync(stamp).mtimeMs) return { built: false };
  return build(root);
}

/** Builds both halves. The stamp carries the time at which the build began: what is saved meanwhile counts as newer. */
export async function build(root) {
  const began = Date.now();
  const dist = path.join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  const mark = `${process.pid}-${began}`;
  const halves = [
    { name: 'client', args: [] },
    { name: 'server', args: ['--ssr'] },
  ];
  const outcomes = await Promise.allSettled(
    halves.map(({ name, args }) => vite(root, [...args, '--outDir', path.join(dist, `.${name}-${mark}`)])),
  );
  try {
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    for (const { name } of halves) replace(path.join(dist, name), path.join(dist, `.${name}-${mark}`), mark);
  } finally {
    for (const { name } of halves) rmSync(path.join(dist, `.${name}-${mark}`), { recursive: true, force: true });
  }
  const stamp = path.join(dist, '.built');
  writeFileSync(stamp, '');
  utimesSync(stamp, began / 1000, began / 1000);
  return { built: true, seconds: ((Date.now() - began) / 1000).toFixed(1) };
}

function replace(folder, next, mark) {
  const previous = `${folder}.old-${mark}`;
  if (existsSync(folder)) renameSync(folder, previous);
  renameSync(next, folder);
  rmSync(previous, { recursive: true, force: true });
}

function vite(root, args) {
  const bin = path.join(path.dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  return new Promise((resolve, reject) => {
    // NODE_ENV decides which React is bundled; a test or a development shell must not choose it.
    const child = spawn(process.execPath, [bin, 'build', '--logLevel', 'warn', '--emptyOutDir', ...args], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new BuildError(output))));
  });
}

function newest(root) {
  let time = 0;
  const pending = SOURCES.map((name) => path.join(root, name));
  for (let file = pending.pop(); file; file = pending.pop()) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) continue;
    if (stat.isDirectory()) for (const name of readdirSync(file)) pending.push(path.join(file, name));
    time = Math.max(time, stat.mtimeMs); // a folder's time tells of files that were taken away
  }
  return time;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
  try {
    await build(root);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
