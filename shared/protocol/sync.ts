// The wire of /sync: message numbers, our own messages, close codes. Types 0 to 3 are y-protocols' own
// (sync, awareness, auth, query awareness); ours start at 100 and go only to clients that connect with `?v=1`
// (103 only to those that also ask for `?pieces=1`).
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Role } from '../access/roles.ts';
import type { ErrorCode } from './errors.ts';

export const MESSAGE_SYNC = 0;
export const MESSAGE_AWARENESS = 1;
export const MESSAGE_AUTH = 2;
export const MESSAGE_QUERY_AWARENESS = 3;
export const MESSAGE_HELLO = 100;
export const MESSAGE_SAVED = 101;
export const MESSAGE_REFUSED = 102;
export const MESSAGE_COMING = 103;

export const SYNC_STEP_1 = 0;
export const SYNC_STEP_2 = 1;
export const SYNC_UPDATE = 2;

/** Version of our own messages, sent as `?v=`. */
export const PROTOCOL_VERSION = 1;

/** First message to a `?v=1` client, and again whenever something of it changes. */
export interface Hello {
  /** The history that this connection belongs to; rises when a backup is restored. */
  epoch: number;
  schemaVersion: number;
  /** A client id that is this person's alone. A client sets it on a Y.Doc that has not written yet. */
  clientId: number;
  person: { id: string; name: string; role: Role; color: string };
  /** Languages whose text this person may edit in this article, over this connection. */
  editableLanguages: string[];
  /**
   * False: changes cannot be stored now (a full disk, say). They are not taken in; the server asks for them, with step 1, when
   * they can. Missing: true.
   */
  storing?: boolean;
  /** Why nothing may be written over this connection, whatever the person may: it declared another schema. */
  readOnly?: 'schema-mismatch';
}

export type RefusalCode =
  | 'root-forbidden'
  | 'root-unknown'
  | 'schema-mismatch'
  | 'client-id-foreign'
  | 'missing-dependency'
  | 'malformed'
  | 'too-large'
  | 'rate-limited'
  | 'not-saved';

/** Why an update was not taken. The client id that it was written with is burnt: the client starts a new Y.Doc. */
export interface Refused {
  code: RefusalCode;
  /** The root concerned, e.g. `text/ru`; '' if none. */
  root: string;
  /** English, for programs and logs. */
  message: string;
}

/** 4400 to 4499: do not come back with the same request; 4500 to 4599: try again. Reasons are the codes of errors.ts. */
export const CLOSE = {
  malformed: { code: 4400, reason: 'malformed' },
  notSignedIn: { code: 4401, reason: 'not-signed-in' },
  notAllowed: { code: 4403, reason: 'not-allowed' },
  articleNotFound: { code: 4404, reason: 'article-not-found' },
  epochChanged: { code: 4409, reason: 'epoch-changed' },
  tooLarge: { code: 4413, reason: 'too-large' },
  refused: { code: 4422, reason: 'refused' },
  rateLimited: { code: 4529, reason: 'rate-limited' },
  tooManyConnections: { code: 4530, reason: 'too-many-connections' },
  reload: { code: 4500, reason: 'reload' },
  shuttingDown: { code: 4503, reason: 'shutting-down' },
  tooSlow: { code: 4508, reason: 'too-slow' },
  articleUnreadable: { code: 4510, reason: 'article-unreadable' },
} as const satisfies Record<string, { code: number; reason: string }>;

export type Close = (typeof CLOSE)[keyof typeof CLOSE];

export function encodeHello(hello: Hello): Uint8Array {
  return encodeJson(MESSAGE_HELLO, hello);
}

export function encodeRefused(refused: Refused): Uint8Array {
  return encodeJson(MESSAGE_REFUSED, refused);
}

/** `count`: the first `count` sync messages that carried an update on this connection are committed and flushed. */
export function encodeSaved(count: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SAVED);
  encoding.writeVarUint(encoder, count);
  return encoding.toUint8Array(encoder);
}

/** `bytes`: what the updates of the first state that follows have, about; it ends with a step 2. */
export function encodeComing(bytes: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_COMING);
  encoding.writeVarUint(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

/** Reads the body of a 103 message, its type already read. */
export function readComing(decoder: decoding.Decoder): number {
  return decoding.readVarUint(decoder);
}

/** Reads the body of a 101 message, its type already read. */
export function readSaved(decoder: decoding.Decoder): number {
  return decoding.readVarUint(decoder);
}

/** Reads the body of a 100 message, its type already read. */
export function readHello(decoder: decoding.Decoder): Hello {
  return JSON.parse(decoding.readVarString(decoder)) as Hello;
}

/** Reads the body of a 102 message, its type already read. */
export function readRefused(decoder: decoding.Decoder): Refused {
  return JSON.parse(decoding.readVarString(decoder)) as Refused;
}

function encodeJson(type: number, value: unknown): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarString(encoder, JSON.stringify(value));
  return encoding.toUint8Array(encoder);
}

/** Which role a refusal maps to for people; see translations/ `errors`. */
export const REFUSAL_ERROR: Record<RefusalCode, ErrorCode> = {
  'root-forbidden': 'not-allowed',
  'root-unknown': 'not-allowed',
  'schema-mismatch': 'not-allowed',
  'client-id-foreign': 'not-allowed',
  'missing-dependency': 'behind-client',
  malformed: 'invalid-input',
  'too-large': 'body-too-large',
  'rate-limited': 'rate-limited',
  'not-saved': 'not-saved',
};
