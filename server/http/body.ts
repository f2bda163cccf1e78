// Reads request bodies within their limits: JSON, or one file of a multipart form. It knows nothing of what they mean.
import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { MAX_IMPORT_BYTES } from '../../shared/protocol/rest.ts';

/** A file that somebody sent, with the fields beside it. */
export class Upload {
  readonly fileName: string;
  readonly bytes: Buffer;
  readonly fields: Readonly<Record<string, string>>;

  constructor(fileName: string, bytes: Buffer, fields: Readonly<Record<string, string>>) {
    this.fileName = fileName;
    this.bytes = bytes;
    this.fields = fields;
  }
}

/** Reads a JSON body; undefined if there is none. Throws `body-too-large`, `invalid-input`. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) return undefined;
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new KopuroError('invalid-input', { field: 'content-type', reason: 'application/json expected' });
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new KopuroError('invalid-input', { field: 'body', reason: 'not valid JSON in UTF-8' });
  }
}

export function isMultipart(request: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '');
}

/** Reads the one file of a form. Throws `file-too-large`, `invalid-input`. */
export function readUpload(request: IncomingMessage, fileLimit: number): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const malformed = (reason: string) => reject(new KopuroError('invalid-input', { field: 'body', reason }));
    let parser: busboy.Busboy;
    try {
      parser = busboy({
        headers: request.headers,
        defParamCharset: 'utf8',
        limits: { files: 1, fields: 10, fieldSize: 10_000, fileSize: fileLimit, parts: 20 },
      });
    } catch {
      malformed('not a multipart form');
      return;
    }
    const fields: Record<string, string> = {};
    const chunks: Buffer[] = [];
    let fileName: string | null = null;
    parser.on('field', (name, value) => {
      if (Object.hasOwn(Object.prototype, name)) return;
      fields[name] = value;
    });
    parser.on('file', (_name, stream, info) => {
      fileName = info.filename ?? '';
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => {
        request.unpipe(parser);
        reject(new KopuroError('file-too-large', { limitMegabytes: MAX_IMPORT_BYTES / 1024 / 1024 }));
      });
      stream.on('error', () => malformed('the form ends too early'));
    });
    parser.on('error', () => malformed('not a multipart form'));
    parser.on('close', () => {
      if (fileName === null) malformed('no file in the form');
      else resolve(new Upload(fileName, Buffer.concat(chunks), fields));
    });
    request.on('aborted', () => malformed('the request ended too early'));
    request.pipe(parser);
  });
}

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new KopuroError('body-too-large', { limit }));
    if (Number(request.headers['content-length'] ?? 0) > limit) {
      tooLarge(); // Node discards what comes after the answer
      return;
    }
    if (request.headers['content-encoding'] !== undefined && request.headers['content-encoding'] !== 'identity') {
      reject(
        new KopuroError('invalid-input', { field: 'content-encoding', reason: 'compressed bodies are not taken' }),
      );
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.off('data', onData);
        tooLarge();
      } else chunks.push(chunk);
    };
    request.on('data', onData);
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new KopuroError('invalid-input', { field: 'body', reason: 'ended too early' })));
    request.on('aborted', () => reject(new KopuroError('invalid-input', { field: 'body', reason: 'ended too early' })));
  });
}
