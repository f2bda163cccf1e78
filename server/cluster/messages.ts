// What processes tell each other, as bytes. About an article: who says it, then rows of its log, or who is in it. About
// everything else: JSON, with its sender's count, so that whoever listens notices what was lost.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Person } from '../../shared/protocol/rest.ts';
import type { PeerPresence, PeerRows } from '../sync/peers.ts';

/** Who is in articles: by article, everybody once. */
export type People = Record<string, readonly Person[]>;

/** What all processes hear. */
export type Notice =
  /** Here I am. Said again and again, with the count of what I have said. */
  | { kind: 'beat' }
  /** I am new, or have missed something: tell me who is where. */
  | { kind: 'asks' }
  | { kind: 'leaves' }
  /** Who is in articles over me; `isWhole`: and in no others. */
  | { kind: 'people'; isWhole: boolean; people: People }
  /** Rights of this person changed, or a session or token of theirs ended. */
  | { kind: 'rights'; personId: string }
  | { kind: 'dropped'; articleId: string }
  /** News for the windows of people: everybody's, or those of `to`. */
  | { kind: 'event'; to: string | null; name: string; values: unknown[] };

export interface Said {
  from: string;
  /** How many notices other than beats `from` has said, with this one. */
  count: number;
  notice: Notice;
}

export function encodeSaid(said: Said): Uint8Array {
  return Buffer.from(JSON.stringify(said));
}

/** What it reads comes from our own processes. */
export function decodeSaid(bytes: Uint8Array): Said {
  return JSON.parse(Buffer.from(bytes).toString()) as Said;
}

export type AboutArticle =
  | { kind: 'rows'; rows: PeerRows }
  | { kind: 'presence'; presence: PeerPresence }
  /** Who is there? */
  | { kind: 'question' };

const KINDS = { rows: 0, presence: 1, question: 2 } as const;

type Provenance = Pick<PeerRows, 'personId' | 'server'>;

export function encodeAboutArticle(from: string, about: AboutArticle): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, from);
  encoding.writeVarUint(encoder, KINDS[about.kind]);
  if (about.kind === 'presence') encoding.writeVarString(encoder, JSON.stringify(about.presence));
  if (about.kind === 'rows') {
    const { epoch, from: first, to, update, owners, personId, server } = about.rows;
    encoding.writeVarUint(encoder, epoch);
    encoding.writeVarUint(encoder, first);
    encoding.writeVarUint(encoder, to);
    encoding.writeVarString(encoder, JSON.stringify(owners));
    encoding.writeVarUint8Array(encoder, update);
    encoding.writeVarString(encoder, JSON.stringify({ personId, server } satisfies Provenance));
  }
  return encoding.toUint8Array(encoder);
}

export function decodeAboutArticle(bytes: Uint8Array): { from: string; about: AboutArticle } {
  const decoder = decoding.createDecoder(bytes);
  const from = decoding.readVarString(decoder);
  switch (decoding.readVarUint(decoder)) {
    case KINDS.rows: {
      const epoch = decoding.readVarUint(decoder);
      const first = decoding.readVarUint(decoder);
      const to = decoding.readVarUint(decoder);
      const owners = JSON.parse(decoding.readVarString(decoder)) as PeerRows['owners'];
      const update = readBytes(decoder);
      const provenance = JSON.parse(decoding.readVarString(decoder)) as Provenance;
      return { from, about: { kind: 'rows', rows: { epoch, from: first, to, owners, update, ...provenance } } };
    }
    case KINDS.presence: {
      const presence = JSON.parse(decoding.readVarString(decoder)) as PeerPresence;
      return { from, about: { kind: 'presence', presence } };
    }
    default:
      return { from, about: { kind: 'question' } };
  }
}

/** Into memory of its own: what Redis sent may lie in a buffer that is used again. */
function readBytes(decoder: decoding.Decoder): Uint8Array {
  return Uint8Array.from(decoding.readVarUint8Array(decoder));
}
