// What a client says, read to its last byte: one message in, one value out, or Malformed. It decides nothing.
import {
  MESSAGE_AUTH,
  MESSAGE_AWARENESS,
  MESSAGE_QUERY_AWARENESS,
  MESSAGE_SYNC,
  SYNC_STEP_1,
  SYNC_STEP_2,
  SYNC_UPDATE,
} from '../../shared/protocol/sync.ts';
import { BoundedReader, Malformed } from '../updates/reader.ts';

export type ClientMessage =
  /** "What do I lack?" */
  | { kind: 'question'; stateVector: Uint8Array }
  /** `isWhole`: the answer to our question, with everything that the client has and we lack. */
  | { kind: 'update'; update: Uint8Array; isWhole: boolean }
  | { kind: 'presence'; states: Uint8Array }
  | { kind: 'presenceQuestion' }
  /** The protocol has it from server to client only; harmless. */
  | { kind: 'denial' };

/** Throws Malformed. */
export function readMessage(message: Uint8Array): ClientMessage {
  const reader = new BoundedReader(message);
  switch (reader.byte()) {
    case MESSAGE_SYNC:
      return readSync(reader);
    case MESSAGE_AWARENESS:
      return { kind: 'presence', states: readPayload(reader) };
    case MESSAGE_QUERY_AWARENESS:
      return { kind: 'presenceQuestion' };
    case MESSAGE_AUTH:
      return { kind: 'denial' };
    default:
      throw new Malformed('unknown message');
  }
}

function readSync(reader: BoundedReader): ClientMessage {
  const step = reader.byte();
  const payload = readPayload(reader);
  switch (step) {
    case SYNC_STEP_1:
      return { kind: 'question', stateVector: payload };
    case SYNC_STEP_2:
      return { kind: 'update', update: payload, isWhole: true };
    case SYNC_UPDATE:
      return { kind: 'update', update: payload, isWhole: false };
    default:
      throw new Malformed('unknown sync message');
  }
}

function readPayload(reader: BoundedReader): Uint8Array {
  const length = reader.count();
  if (length !== reader.left) throw new Malformed('bytes after the end');
  return reader.bytes.subarray(reader.position);
}
