// What one client is told of the document when it asks: the difference, held back until it is committed; or, to somebody who
// has nothing, the first state at the pace at which they read. It knows the room's document and what leaves, no rights.
import type { Logger } from 'pino';
import * as Y from 'yjs';
import { encodeComing } from '../../shared/protocol/sync.ts';
import { decodeStateVector } from '../updates/decode.ts';
import { cutHere, PIECE_BYTES } from '../updates/pieces.ts';
import type { FirstStateReader } from './firstState.ts';
import { EMPTY_STEP_2, payloadOf, SharedMessage, syncUpdate } from './frames.ts';
import type { Outgoing } from './outgoing.ts';
import type { LiveRoom } from './room.ts';
import type { RoomDocument } from './roomDocument.ts';

/** Sent without waiting until it has left: one piece, or many small updates. */
const BYTES_AT_ONCE = PIECE_BYTES / 2;

export interface AnswersParts {
  now(): number;
  readonly logger: Logger;
}

/** Whose questions these are. */
export interface Asking {
  /** Everything that is in the article has been said once. */
  told(): void;
}

/** A first state on its way. */
interface Telling {
  readonly reader: FirstStateReader;
  /** When a piece last left. */
  movedAt: number;
}

export class Answers {
  readonly #outgoing: Outgoing;
  readonly #asking: Asking;
  readonly #room: LiveRoom;
  readonly #inPieces: boolean;
  readonly #parts: AnswersParts;
  /** Answers that hold what is not committed yet; versions rise. */
  #held: { version: number; messages: SharedMessage[]; syncs: boolean }[] = [];
  #telling: Telling | 'opening' | null = null;
  /** The client hears live updates: it has been sent everything once. */
  #synced = false;
  /** The state vector of what the client had been told when it fell behind: all that is kept for it meanwhile. */
  #toldUntil: Uint8Array | null = null;
  #ended = false;

  /** `inPieces`: the client takes a first state in pieces (`?pieces=1`). `parts` are shared by all connections. */
  constructor(outgoing: Outgoing, asking: Asking, room: LiveRoom, inPieces: boolean, parts: AnswersParts) {
    this.#outgoing = outgoing;
    this.#asking = asking;
    this.#room = room;
    this.#inPieces = inPieces;
    this.#parts = parts;
  }

  /** Whether the answer to this question takes the article's document, which is not there. Throws Malformed. */
  takesDocument(stateVector: Uint8Array): boolean {
    const { stored } = this.#room;
    return stored !== null && knowsSomethingOf(stored, stateVector) && stored.answer(stateVector) === null;
  }

  /** Answers "what do I lack?". Throws Malformed. */
  answer(stateVector: Uint8Array): void {
    if (knowsSomethingOf(this.#room.outline, stateVector)) this.#answerDifference(stateVector);
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
    if (this.#held.length > 0) this.#sendHeld(version);
    if (update !== null && this.#synced && !lagging) this.#outgoing.sendShared(update, ...own);
    else for (const message of own) this.#outgoing.send(message);
  }

  #sendHeld(version: number): void {
    const open = this.#held.findIndex((one) => one.version > version);
    const due = open === -1 ? this.#held : this.#held.slice(0, open);
    // A new one when nothing is left: an array from which all was taken keeps its room, and thousands are idle.
    this.#held = open === -1 ? [] : this.#held.slice(open);
    for (const { messages, syncs } of due) {
      for (const message of messages) this.#outgoing.sendShared(message);
      this.#synced ||= syncs;
    }
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
    const { document } = this.#room;
    if (document) this.#sendDifference(document.doc, toldUntil);
    else this.#withDocument(({ doc }) => this.#sendDifference(doc, toldUntil));
  }

  end(): void {
    this.#ended = true;
    this.#held = [];
    this.#endTelling();
  }

  #sendDifference(doc: Y.Doc, stateVector: Uint8Array): void {
    this.#sendCommitted([new SharedMessage(syncUpdate(Y.encodeStateAsUpdate(doc, stateVector)))], true);
  }

  #answerDifference(stateVector: Uint8Array): void {
    const { outline } = this.#room;
    const answer = outline.answer(stateVector);
    if (answer === null) throw new Error('an answer that takes the document was asked of what is stored');
    const isLong = this.#inPieces && answer.length > PIECE_BYTES;
    const messages = isLong ? inPieces(payloadOf(answer.message), stateVector) : [answer];
    // Our own question comes after the answer, so that the client's reply leaves out what it has just been told of.
    this.#sendCommitted([...messages, outline.question()], true);
    this.#asking.told();
  }

  /** Does it once the article's document is there; if it cannot be, the room ends and the client comes back. */
  #withDocument(work: (document: RoomDocument) => void): void {
    this.#room.opened().then(
      (document) => {
        if (!this.#ended && !this.#room.failed) work(document);
      },
      (error: unknown) => this.#parts.logger.debug({ err: error }, 'a client waited for a document in vain'),
    );
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
      this.#withDocument(() => this.#answerDifference(new Uint8Array([0])));
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
        this.#asking.told();
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
function knowsSomethingOf(outline: { knows(client: number): boolean }, stateVector: Uint8Array): boolean {
  for (const [client, clock] of decodeStateVector(stateVector)) if (clock > 0 && outline.knows(client)) return true;
  return false;
}

/** A difference to what the state vector says, as a first state is sent: announced, in pieces, and ended by a small step 2. */
function inPieces(difference: Uint8Array, stateVector: Uint8Array): SharedMessage[] {
  const pieces = cutHere(difference, PIECE_BYTES, decodeStateVector(stateVector)).map(
    (piece) => new SharedMessage(syncUpdate(piece)),
  );
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return [new SharedMessage(encodeComing(bytes)), ...pieces, new SharedMessage(EMPTY_STEP_2)];
}
