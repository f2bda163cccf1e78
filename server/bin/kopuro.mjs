#!/usr/bin/env node
// The command `kopuro`. Plain JavaScript without new syntax, so that an old Node can still say that it is too old; it
// builds what is missing and hands over to dist/server/main.js. It knows nothing of what the commands do.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

function message(key, values) {
  const locale = process.env.KOPURO_LANGUAGE || process.env.LC_ALL || process.env.LANG || '';
  const language = /^ru/.test(locale) ? 'ru' : /^ky/.test(locale) ? 'ky' : 'en';
  const texts = JSON.parse(fs.readFileSync(path.join(root, 'translations', `${language}.json`), 'utf8'));
  let text = texts.cli.start[key];
  for (const name of Object.keys(values)) text = text.split(`{{${name}}}`).join(values[name]);
  return text;
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

const parts = process.versions.node.split('.').map(Number);
const suitable = (parts[0] === 20 && parts[1] >= 20) || (parts[0] > 20 && parts[0] < 25);

if (!suitable) {
  fail(message('nodeVersion', { version: process.versions.node, range: '>=20.20 <25' }));
} else {
  import('./build.mjs')
    .then((builder) => builder.buildIfStale(root))
    .then((result) => {
      if (result.built) process.stderr.write(`${message('built', { seconds: result.seconds })}\n`);
      return import(pathToFileURL(path.join(root, 'dist/server/main.js')).href);
    })
    .then((main) => main.run(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error) => {
      fail(error.name === 'BuildError' ? message('buildFailed', { output: error.message }) : String(error.stack));
    });
}
