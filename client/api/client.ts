// The way to /api: JSON there and back, and every failure as a KopuroError. It knows nothing of React.
import {
  ERROR_STATUS,
  type ErrorBody,
  type ErrorCode,
  type ErrorDetails,
  KopuroError,
} from '../../shared/protocol/errors.ts';

/** The request never reached the server, or its answer never came: nothing is known about its effect. */
export class ConnectionError extends Error {
  constructor(cause: unknown) {
    super('no connection to the server', { cause });
    this.name = 'ConnectionError';
  }
}

export interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Asks the server; resolves with the JSON of its answer (undefined for 204). Rejects with KopuroError or ConnectionError. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const hasBody = options.body !== undefined;
  const response = await reach(path, {
    method,
    headers: { Accept: 'application/json', ...(hasBody ? { 'Content-Type': 'application/json' } : {}) },
    body: hasBody ? JSON.stringify(options.body) : undefined,
    signal: options.signal,
  });
  return (await readAnswer(response)) as T;
}

/** As `request`, for an answer that is text. */
export async function requestText(path: string, options: Pick<RequestOptions, 'signal'> = {}): Promise<string> {
  const response = await reach(path, { signal: options.signal });
  if (!response.ok) throw errorOf(response.status, await readJson(response));
  return response.text();
}

/**
 * Sends a file, telling how much of it is there (0 to 1). XMLHttpRequest because fetch cannot tell.
 * Aborting rejects with the signal's reason.
 */
export function upload<T>(
  path: string,
  file: File,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (share: number) => void } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const call = new XMLHttpRequest();
    const abort = () => call.abort();
    signal?.addEventListener('abort', abort, { once: true });
    call.open('POST', path);
    call.setRequestHeader('Accept', 'application/json');
    call.responseType = 'json';
    call.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total);
    call.onloadend = () => signal?.removeEventListener('abort', abort);
    call.onabort = () => reject(signal?.reason ?? new DOMException('aborted', 'AbortError'));
    call.onerror = () => reject(new ConnectionError('upload'));
    call.onload = () => {
      if (call.status >= 200 && call.status < 300) resolve(call.response as T);
      else reject(errorOf(call.status, call.response));
    };
    const form = new FormData();
    form.append('file', file);
    call.send(form);
  });
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'same-origin' });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ConnectionError(error);
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  const body = response.status === 204 ? undefined : await readJson(response);
  if (!response.ok) throw errorOf(response.status, body);
  return body;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (response.ok) throw new ConnectionError(error); // cut off half-way
    return undefined; // an error page of something between us and the server
  }
}

function errorOf(status: number, body: unknown): KopuroError | ConnectionError {
  const error = (body as Partial<ErrorBody> | null | undefined)?.error;
  if (error && Object.hasOwn(ERROR_STATUS, error.code))
    return new KopuroError(error.code, error.details as ErrorDetails);
  if (status === 502 || status === 504) return new ConnectionError(`status ${status}`);
  return new KopuroError(codeOfStatus(status));
}

function codeOfStatus(status: number): ErrorCode {
  for (const [code, itsStatus] of Object.entries(ERROR_STATUS)) if (itsStatus === status) return code as ErrorCode;
  return 'internal';
}
