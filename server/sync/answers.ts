// What one client is told of the document when it asks: the difference, held back until it is committed; or, to somebody who
// has nothing, the first state at the pace at which they read. It knows the room's document and what leaves, no rights.
import type { Logger } from 'pino';
import * as Y from 'yjs';
import { encodeComing } from '../../shared/protocol/sync.ts';
import { decodeStateVector } from '../updates/decode.ts';
import { PIECE_BYTES } from '../updates/pieces.ts';
import type { FirstStateReader } from './firstState.ts';
import { EMPTY_STEP_2, SharedMessage, syncUpdate } from './frames.ts';
import type { Outgoing } from './outgoing.ts';
import type { LiveRoom } from './room.ts';

/** Sent without waiting until it has left: one piece, or many small updates. */
const BYTES_AT_ONCE = PIECE_BYTES / 2;

export interface AnswersParts {
  now(): number;
  readonly logger: Logger;
}

/** A first state on its way. */
interface Telling {
  readonly reader: FirstStateReader;
  /** When a piece last left. */
  movedAt: number;
}

export class Answers {
  readonly #outgoing: Outgoing;
  readonly #room: LiveRoom;
  readonly #inPieces: boolean;
  readonly #parts: AnswersParts;
  /** Answers that hold what is not committed yet; versions rise. */
  readonly #held: { version: number; messages: SharedMessage[]; syncs: boolean }[] = [];
  #telling: Telling | 'opening' | null = null;
  /** The client hears live updates: it has been sent everything once. */
  #synced = false;
  /** The state vector of what the client had been told when it fell behind: all that is kept for it meanwhile. */
  #toldUntil: Uint8Array | null = null;
  #ended = false;

  /** `inPieces`: the client takes a first state in pieces (`?pieces=1`). `parts` are shared by all connections. */
  constructor(outgoing: Outgoing, room: LiveRoom, inPieces: boolean, parts: AnswersParts) {
    this.#outgoing = outgoing;
    this.#room = room;
    this.#inPieces = inPieces;
    this.#parts = parts;
  }

  /** Answers "what do I lack?". Throws Malformed. */
  answer(stateVector: Uint8Array): void {
    if (knowsSomethingOf(this.#room.doc, stateVector)) this.#answerFromDocument(stateVector);
    else if (this.#telling === null) void this.#tellFirstState();
  }

  /** Asks what the server lacks. The question tells what is here, so it waits for the commit as well. */
  ask(): void {
    if (this.#ended) return;
    this.#sendCommitted([this.#room.outline.question()], false);
  }

  /** Everything up to `version` is on disk; `update` tells what is new of it, `own` is for this client alone. */
  committed(version: number, update: SharedMessage | null, own: readonly Uint8Array[]): void {
    // Whoever falls behind in the middle of this still gets all of it: it counts as told then.
    const { lagging } = this.#outgoing;
    while (this.#held.length > 0 && this.#held[0]!.version <= version) {
      const { messages, syncs } = this.#held.shift()!;
      for (const message of messages) this.#outgoing.sendShared(message);
      this.#synced ||= syncs;
    }
    if (update !== null && this.#synced && !lagging) this.#outgoing.sendShared(update, ...own);
    else for (const message of own) this.#outgoing.send(message);
  }

  /** Another process has committed this. */
  heard(update: SharedMessage): void {
    const last = this.#held.at(-1);
    // An answer that waits for a commit was made before this came.
    if (last !== undefined && !this.#synced) last.messages.push(update);
    else if (this.#synced && !this.#outgoing.lagging) this.#outgoing.sendShared(update);
  }

  /** Why the client should be cut off: it has stopped reading its first state, or will never reach its end. Null if not. */
  hasStopped(afterMs: number): string | null {
    if (this.#telling === null || this.#telling === 'opening') return null;
    if (this.#telling.reader.outrun) return 'reads more slowly than others write';
    return this.#parts.now() - this.#telling.movedAt > afterMs ? 'stopped reading' : null;
  }

  /** The client is taken off live updates. */
  fallBehind(): void {
    this.#toldUntil = this.#room.committedStateVector();
  }

  /** It has read everything that was sent: one difference brings it up to date. */
  catchUp(): void {
    const toldUntil = this.#toldUntil;
    this.#toldUntil = null;
    if (this.#ended || toldUntil === null || !this.#synced) return;
    this.#synced = false; // live updates follow the difference, which may have to wait for its commit
    this.#sendCommitted([new SharedMessage(syncUpdate(Y.encodeStateAsUpdate(this.#room.doc, toldUntil)))], true);
  }

  end(): void {
    this.#ended = true;
    this.#held.length = 0;
    this.#endTelling();
  }

  #answerFromDocument(stateVector: Uint8Array): void {
    const { outline } = this.#room;
    // Our own question comes after the answer, so that the client's reply leaves out what it has just been told of.
    this.#sendCommitted([outline.answer(stateVector), outline.question()], true);
  }

  async #tellFirstState(): Promise<void> {
    this.#telling = 'opening';
    const room = this.#room;
    const { now, logger } = this.#parts;
    let reader: FirstStateReader;
    try {
      reader = await room.audience.firstState.open(!this.#inPieces);
    } catch (error) {
      this.#telling = null;
      if (this.#ended || room.failed) return;
      logger.error({ err: error, article: room.articleId }, 'the stored state could not be read');
      this.#answerFromDocument(new Uint8Array([0]));
      return;
    }
    if (this.#ended) {
      reader.release();
      return;
    }
    this.#telling = { reader, movedAt: now() };
    if (this.#inPieces) this.#outgoing.send(encodeComing(reader.bytes));
    this.#tellOn(this.#telling);
  }

  /** Sends what the network takes at once, and goes on when it has left. Between pieces everybody else has their turn. */
  #tellOn(telling: Telling): void {
    if (this.#telling !== telling) return;
    telling.movedAt = this.#parts.now();
    for (let sent = 0; sent < BYTES_AT_ONCE; ) {
      const message = telling.reader.next();
      if (message === null) {
        this.#endTelling();
        this.#synced = true;
        this.#outgoing.send(EMPTY_STEP_2);
        this.ask();
        return;
      }
      this.#outgoing.sendShared(message);
      sent += message.length;
    }
    this.#outgoing.whenDrained(() => this.#tellOn(telling));
  }

  #endTelling(): void {
    if (this.#telling !== null && this.#telling !== 'opening') this.#telling.reader.release();
    this.#telling = null;
  }

  /** Sends what tells of the document as it is now, once that is committed. `syncs`: it tells everything. */
  #sendCommitted(messages: SharedMessage[], syncs: boolean): void {
    const room = this.#room;
    if (room.version !== room.committedVersion) {
      this.#held.push({ version: room.version, messages, syncs });
      return;
    }
    for (const message of messages) this.#outgoing.sendShared(message);
    this.#synced ||= syncs;
  }
}

/** Throws Malformed. Client ids that the document does not know say nothing about what its holder lacks. */
function knowsSomethingOf(doc: Y.Doc, stateVector: Uint8Array): boolean {
  for (const [client, clock] of decodeStateVector(stateVector)) {
    if (clock > 0 && doc.store.clients.has(client)) return true;
  }
  return false;
}
