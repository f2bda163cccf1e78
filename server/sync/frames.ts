// The messages of the sync protocol as bytes, and a message for many as one object, so that it is encoded and framed once
// however many read it.
import * as encoding from 'lib0/encoding';
import {
  MESSAGE_AUTH,
  MESSAGE_AWARENESS,
  MESSAGE_SYNC,
  SYNC_STEP_1,
  SYNC_STEP_2,
  SYNC_UPDATE,
} from '../../shared/protocol/sync.ts';

/** A payload may be a whole article: it is copied once. */
function syncMessage(type: number, payload: Uint8Array): Uint8Array {
  const header = encoding.createEncoder();
  encoding.writeVarUint(header, MESSAGE_SYNC);
  encoding.writeVarUint(header, type);
  encoding.writeVarUint(header, payload.length);
  const start = encoding.length(header);
  const message = new Uint8Array(start + payload.length);
  message.set(encoding.toUint8Array(header));
  message.set(payload, start);
  return message;
}

export const syncStep1 = (stateVector: Uint8Array) => syncMessage(SYNC_STEP_1, stateVector);
export const syncStep2 = (difference: Uint8Array) => syncMessage(SYNC_STEP_2, difference);
/** Ends an answer whose content came before it. */
export const EMPTY_STEP_2 = syncStep2(new Uint8Array([0, 0]));
export const syncUpdate = (update: Uint8Array) => syncMessage(SYNC_UPDATE, update);

/** The protocol's own way to say no (y-protocols/auth: 0 is "permission denied"). */
export function permissionDenied(reason: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_AUTH);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarString(encoder, reason);
  return encoding.toUint8Array(encoder);
}

/** A presence message of entries that are encoded already. */
export function presenceMessage(entries: readonly Uint8Array[]): Uint8Array {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, entries.length);
  for (const entry of entries) encoding.writeUint8Array(body, entry);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_AWARENESS);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}

/** The update in a message that `syncUpdate` made. */
export function payloadOf(message: Uint8Array): Uint8Array {
  let at = 2;
  while (message[at]! >= 0x80) at += 1;
  return message.subarray(at + 1);
}

/** A message for many, framed by the first socket that sends it and then used by all. Its bytes are held once. */
export class SharedMessage {
  readonly length: number;
  #message: Uint8Array;
  #framed: Uint8Array | null = null;

  constructor(message: Uint8Array) {
    this.length = message.length;
    this.#message = message;
  }

  get message(): Uint8Array {
    return this.#message;
  }

  /** `frame` puts a header before the message and changes nothing of it. */
  framed(frame: (message: Uint8Array) => Uint8Array): Uint8Array {
    if (this.#framed === null) {
      this.#framed = frame(this.#message);
      this.#message = this.#framed.subarray(this.#framed.length - this.length);
    }
    return this.#framed;
  }
}
