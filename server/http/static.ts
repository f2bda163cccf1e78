// Serves the built web app: files under hashed names for ever, index.html for every address of the app and never from a
// cache. Files are read and compressed once per version, so a rebuilt app is served without a restart.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { KopuroError } from '../../shared/protocol/errors.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.svg', '.webmanifest', '.txt']);
const compress = promisify(gzip);

interface StoredFile {
  version: string;
  type: string;
  plain: Buffer;
  gzipped: Buffer | null;
  etag: string;
}

export function serveClient(folder: string): RequestHandler {
  const files = new Map<string, StoredFile>();

  async function find(name: string): Promise<StoredFile | null> {
    const file = path.join(folder, name);
    if (!file.startsWith(folder + path.sep)) return null;
    const info = await stat(file).catch(() => null); // whatever cannot be read is not there
    if (!info?.isFile()) return null;
    const version = `${info.mtimeMs}-${info.size}`;
    const known = files.get(name);
    if (known?.version === version) return known;
    const plain = await readFile(file);
    const extension = path.extname(name);
    const stored = {
      version,
      type: TYPES[extension] ?? 'application/octet-stream',
      plain,
      gzipped: COMPRESSIBLE.has(extension) && plain.length > 1_000 ? await compress(plain, { level: 9 }) : null,
      etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    };
    files.set(name, stored);
    return stored;
  }

  return async (request: Request, response: Response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new KopuroError('not-found');
    const name = decodeURIComponent(request.path).slice(1);
    if (name.includes('\0') || name.split('/').includes('..')) throw new KopuroError('not-found');
    const file = name === '' ? null : await find(name);
    if (file && name !== 'index.html') {
      sendFile(
        request,
        response,
        file,
        name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      return;
    }
    // An asset that is not there must not come back as a page: a script of an older build, an icon, a probe.
    if (name.startsWith('assets/') || name.startsWith('api/') || /\.\w{1,8}$/.test(name))
      throw new KopuroError('not-found');
    const page = await find('index.html');
    if (!page) throw new KopuroError('not-found');
    sendFile(request, response, page, 'no-cache');
  };
}

function sendFile(request: Request, response: Response, file: StoredFile, cacheControl: string): void {
  response.setHeader('Content-Type', file.type);
  response.setHeader('Cache-Control', cacheControl);
  response.setHeader('ETag', file.etag);
  response.setHeader('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match'] === file.etag) {
    response.status(304).end();
    return;
  }
  let body = file.plain;
  if (file.gzipped && request.acceptsEncodings('gzip')) {
    response.setHeader('Content-Encoding', 'gzip');
    body = file.gzipped;
  }
  response.setHeader('Content-Length', body.length);
  response.status(200).end(request.method === 'HEAD' ? undefined : body);
}
