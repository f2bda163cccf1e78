// A raw client of each server that is measured: it speaks just enough of the wire to sync, send and count, and holds no Y.Doc.
import { performance } from 'node:perf_hooks';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { SCHEMA_VERSION } from '../../../shared/article/schema.ts';
import {
  MESSAGE_AWARENESS,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  SYNC_STEP_1,
  SYNC_STEP_2,
  SYNC_UPDATE,
} from '../../../shared/protocol/sync.ts';

export type Dialect =
  /** y-websocket's protocol with our own messages, as the web client speaks it. */
  | 'kopuro'
  /** y-websocket's protocol. */
  | 'yjs'
  /** The same with the document's name before each message, and an authentication first. */
  | 'hocuspocus'
  /** No protocol: what is sent comes to the others. */
  | 'relay';

export interface Address {
  dialect: Dialect;
  port: number;
  document: string;
  /** The session's; only Köpürö asks who it is. */
  cookie: string;
}

const HOCUSPOCUS_AUTH = 2;
const HOCUSPOCUS_SYNC_STATUS = 8;
const NOTHING = new Uint8Array([0, 0]);
export const NO_STATE = new Uint8Array([0]);

export class RawClient {
  readonly socket: WebSocket;
  /** Sync updates that the server has acknowledged, counted from the first sent. */
  acknowledged = 0;
  /** Sync messages with an update that were sent. */
  sent = 0;
  closed: { code: number; reason: string } | null = null;
  onUpdate: (update: Uint8Array, at: number) => void = () => {};
  onPresence: (body: Uint8Array) => void = () => {};
  onAnswer: (update: Uint8Array, at: number) => void = () => {};
  readonly #dialect: Dialect;
  readonly #prefix: Uint8Array;

  constructor({ dialect, port, document, cookie }: Address) {
    this.#dialect = dialect;
    this.#prefix = dialect === 'hocuspocus' ? prefixOf(document) : new Uint8Array(0);
    const path = {
      kopuro: `sync/${document}?v=1&schema=${SCHEMA_VERSION}`,
      yjs: document,
      hocuspocus: '',
      relay: document,
    }[dialect];
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/${path}`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      ...(dialect === 'kopuro' ? { headers: { cookie } } : {}),
    });
    this.socket.on('message', (data: Buffer) => this.#read(data));
    this.socket.on('error', (error) => {
      this.closed ??= { code: 0, reason: error.message };
    });
    this.socket.on('close', (code, reason) => {
      this.closed ??= { code, reason: reason.toString() };
    });
  }

  /** Resolves when messages may be sent. */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
    if (this.#dialect === 'hocuspocus') this.send(authentication());
  }

  /** Asks for what a holder of `stateVector` lacks; resolves with the answer. A relay has none. */
  async sync(stateVector: Uint8Array = NO_STATE): Promise<Uint8Array> {
    if (this.#dialect === 'relay') return NOTHING;
    return new Promise((resolve, reject) => {
      const failed = () => reject(new Error(`closed while syncing: ${this.closed?.code} ${this.closed?.reason}`));
      this.socket.once('close', failed);
      this.onAnswer = (update) => {
        this.socket.off('close', failed);
        this.onAnswer = () => {};
        resolve(update);
      };
      this.send(syncMessage(SYNC_STEP_1, stateVector));
    });
  }

  update(update: Uint8Array): void {
    this.sent += 1;
    this.send(syncMessage(SYNC_UPDATE, update));
  }

  presence(client: number, clock: number, state: object): void {
    const body = encoding.createEncoder();
    encoding.writeVarUint(body, 1);
    encoding.writeVarUint(body, client);
    encoding.writeVarUint(body, clock);
    encoding.writeVarString(body, JSON.stringify(state));
    const message = encoding.createEncoder();
    encoding.writeVarUint(message, MESSAGE_AWARENESS);
    encoding.writeVarUint8Array(message, encoding.toUint8Array(body));
    this.send(encoding.toUint8Array(message));
  }

  send(message: Uint8Array): void {
    this.socket.send(this.#prefix.length === 0 ? message : Buffer.concat([this.#prefix, message]));
  }

  terminate(): void {
    this.socket.terminate();
  }

  #read(data: Buffer): void {
    const at = performance.now();
    const start = this.#prefix.length;
    switch (data[start]) {
      case MESSAGE_SYNC: {
        const kind = data[start + 1];
        if (kind === SYNC_UPDATE) this.onUpdate(payload(data, start + 2), at);
        else if (kind === SYNC_STEP_2) this.onAnswer(payload(data, start + 2), at);
        else {
          this.sent += 1;
          this.send(syncMessage(SYNC_STEP_2, NOTHING));
        }
        return;
      }
      case MESSAGE_AWARENESS:
        this.onPresence(payload(data, start + 1));
        return;
      case MESSAGE_SAVED:
        if (this.#dialect === 'kopuro') this.acknowledged = varUint(data, 1).value;
        return;
      case MESSAGE_REFUSED:
        throw new Error(`refused: ${data.toString()}`);
      case HOCUSPOCUS_SYNC_STATUS:
        if (this.#dialect === 'hocuspocus') this.acknowledged += 1;
    }
  }
}

function syncMessage(kind: number, bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SYNC);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

function prefixOf(document: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, document);
  return encoding.toUint8Array(encoder);
}

function authentication(): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, HOCUSPOCUS_AUTH);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarString(encoder, '');
  return encoding.toUint8Array(encoder);
}

export function varUint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  let next = start;
  for (;;) {
    const byte = bytes[next++]!;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next };
    factor *= 128;
  }
}

function payload(bytes: Buffer, start: number): Uint8Array {
  const { value, next } = varUint(bytes, start);
  return bytes.subarray(next, next + value);
}
