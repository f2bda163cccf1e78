// One client's connection to one article, from the accepted socket to its close: reads the sync protocol, lets the guard judge
// what is written, answers only with what is committed. It knows its room and a socket; who may do what comes in as a value.

import type { Logger } from 'pino';
import * as Y from 'yjs';
import { may, type Standing } from '../../shared/access/roles.ts';
import { ANNOTATIONS_ROOT, languageOfRoot, META_ROOT, REVIEW_ROOT } from '../../shared/article/roots.ts';
import { SCHEMA_VERSION } from '../../shared/article/schema.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import {
  CLOSE,
  encodeHello,
  encodeRefused,
  encodeSaved,
  MESSAGE_AUTH,
  MESSAGE_AWARENESS,
  MESSAGE_QUERY_AWARENESS,
  MESSAGE_SYNC,
  type Refused,
  SYNC_STEP_1,
  SYNC_STEP_2,
  SYNC_UPDATE,
} from '../../shared/protocol/sync.ts';
import type { Member } from './audience.ts';
import { permissionDenied, presenceMessage, type SharedMessage, syncStep1, syncStep2, syncUpdate } from './frames.ts';
import { decodeStateVector } from './guard/decode.ts';
import { judgeUpdate, type RootAccess } from './guard/guard.ts';
import { BoundedReader, Malformed } from './guard/reader.ts';
import { Outgoing } from './outgoing.ts';
import { readPresence } from './presence.ts';
import type { Budget } from './rateLimit.ts';
import type { LiveRoom } from './room.ts';
import { SavedCount } from './savedCount.ts';
import type { Socket } from './socket.ts';
import type { SyncOptions } from './types.ts';

type Close = (typeof CLOSE)[keyof typeof CLOSE];

type State =
  /** The room loads; what comes meanwhile waits, within bounds. */
  | { kind: 'opening'; queue: Uint8Array[]; bytes: number }
  | { kind: 'open'; room: LiveRoom; standing: Standing }
  /** Something of this client was refused: it may read on, what it writes is not looked at. */
  | { kind: 'refused'; room: LiveRoom; standing: Standing }
  | { kind: 'closed' };

/** What an answer to a question about the whole document costs of the rate, in updates. */
const COST_OF_STEP_1 = 20;
/** Bytes of an update that cost as much of the rate as a keystroke. */
const BYTES_A_TOKEN = 16 * 1024;
/** What a waiting message costs besides its own bytes. */
const QUEUED_MESSAGE_BYTES = 64;
const NOTHING = new Uint8Array([0]);

export interface ConnectionParts {
  socket: Socket;
  ours: boolean;
  person: Person;
  credential: string;
  options: SyncOptions;
  /** What this connection may send. */
  budget: Budget;
  logger: Logger;
  now(): number;
  /** Told each time something of this client was refused. */
  refused: ((code: string) => void) | undefined;
  /** Called once, when it is over, by whichever side. */
  ended(connection: Connection): void;
}

export class Connection implements Member {
  readonly credential: string;
  readonly #parts: ConnectionParts;
  readonly #outgoing: Outgoing;
  readonly #saved = new SavedCount();
  #person: Person;
  #state: State = { kind: 'opening', queue: [], bytes: 0 };
  /** Hears live updates: it has been sent everything once. */
  #synced = false;
  /** Answers that hold what is not committed yet; versions rise. */
  readonly #held: { version: number; messages: Uint8Array[]; syncs: boolean }[] = [];
  #leasedClient: number | null = null;
  /** The state vector of what it had been told when it fell behind. */
  #toldUntil: Uint8Array | null = null;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#person = parts.person;
    this.credential = parts.credential;
    this.#outgoing = new Outgoing({
      socket: parts.socket,
      bounds: parts.options,
      now: parts.now,
      fellBehind: () => this.#fallBehind(),
      drained: () => this.#catchUp(),
    });
  }

  get person(): Person {
    return this.#person;
  }

  get ours(): boolean {
    return this.#parts.ours;
  }

  get isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  /** Joins its room. `leasedClient` is told to clients of ours. */
  open(room: LiveRoom, person: Person, standing: Standing, leasedClient: number | null): void {
    if (this.#state.kind !== 'opening') return;
    const { queue } = this.#state;
    this.#leasedClient = leasedClient;
    this.#state = { kind: 'open', room, standing };
    this.#person = { ...person, role: standing.role };
    room.audience.join(this);
    this.greet();
    this.#sendPresenceOfOthers();
    for (const message of queue) this.receive(message);
  }

  /** A message came. Decides and acts within this tick: no await between the guard's verdict and its application. */
  receive(message: Uint8Array): void {
    const state = this.#state;
    switch (state.kind) {
      case 'closed':
        return;
      case 'opening':
        state.bytes += message.length + QUEUED_MESSAGE_BYTES;
        if (state.bytes > this.#parts.options.maxFrameBytes) this.close(CLOSE.tooLarge);
        else state.queue.push(message);
        return;
      case 'open':
      case 'refused':
        if (message.length > this.#parts.options.maxFrameBytes) {
          this.close(CLOSE.tooLarge);
          return;
        }
        try {
          this.#read(message, state);
        } catch (error) {
          if (!(error instanceof Malformed)) throw error;
          this.#log({ code: 'malformed', root: '', message: error.message });
          this.close(CLOSE.malformed);
        }
    }
  }

  /** What the person may do in this article is something else now. */
  changeRights(person: Person, standing: Standing): void {
    const state = this.#state;
    if (state.kind !== 'open' && state.kind !== 'refused') return;
    state.standing = standing;
    this.#person = { ...person, role: standing.role };
    this.greet();
  }

  greet(): void {
    const state = this.#state;
    if (!this.#parts.ours || this.#leasedClient === null) return;
    if (state.kind !== 'open' && state.kind !== 'refused') return;
    const { id, name, role, color } = this.#person;
    this.#outgoing.send(
      encodeHello({
        epoch: state.room.epoch,
        schemaVersion: SCHEMA_VERSION,
        clientId: this.#leasedClient,
        person: { id, name, role, color },
        storing: state.room.storing,
        editableLanguages: [...state.room.languages].filter((language) => may(state.standing, 'editText', language)),
      }),
    );
  }

  /** The server has begun, or ceased, to take changes in. What came meanwhile is asked for now. */
  storingChanged(): void {
    const state = this.#state;
    if (state.kind !== 'open' && state.kind !== 'refused') return;
    this.greet();
    if (state.room.storing && this.#saved.isMissing) this.#ask(state.room);
  }

  committed(version: number, update: SharedMessage | null): void {
    // Whoever falls behind in the middle of this still gets all of it: it counts as told then.
    const { lagging } = this.#outgoing;
    while (this.#held.length > 0 && this.#held[0]!.version <= version) {
      const { messages, syncs } = this.#held.shift()!;
      for (const message of messages) this.#outgoing.send(message);
      this.#synced ||= syncs;
    }
    const saved = this.#saved.committed(version);
    const own = saved !== null && this.#parts.ours ? [encodeSaved(saved)] : [];
    if (update !== null && this.#synced && !lagging) this.#outgoing.sendShared(update, ...own);
    else for (const message of own) this.#outgoing.send(message);
  }

  hear(message: SharedMessage): void {
    // Presence is worth nothing late: whoever lags does without.
    if (!this.#outgoing.lagging) this.#outgoing.sendShared(message);
  }

  sweep(): void {
    if (this.#outgoing.hasStopped()) {
      this.abort('stopped reading');
      return;
    }
    const silence = this.#parts.now() - this.#outgoing.lastSentAt;
    // y-websocket's provider gives up a connection on which it hears nothing.
    if (silence >= this.#parts.options.keepAliveMs) this.#outgoing.send(presenceMessage([]));
  }

  reload(): void {
    this.close(CLOSE.reload);
  }

  close({ code, reason }: Close): void {
    if (this.#state.kind === 'closed') return;
    this.#end();
    this.#parts.socket.close(code, reason);
  }

  /** Ends the connection of somebody who does not read: a close frame would never arrive. */
  abort(why: string): void {
    if (this.#state.kind === 'closed') return;
    this.#parts.logger.info({ person: this.#person.id, why }, 'connection cut off');
    this.#end();
    this.#parts.socket.abort();
  }

  /** The other side has gone. */
  disconnected(): void {
    if (this.#state.kind !== 'closed') this.#end();
  }

  #end(): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    this.#held.length = 0;
    if (state.kind === 'open' || state.kind === 'refused') state.room.audience.leave(this);
    this.#parts.ended(this);
  }

  #read(message: Uint8Array, state: State & { kind: 'open' | 'refused' }): void {
    const reader = new BoundedReader(message);
    const type = reader.byte();
    switch (type) {
      case MESSAGE_SYNC: {
        const step = reader.byte();
        const payload = readPayload(reader);
        if (step === SYNC_STEP_1) this.#answer(payload, state.room);
        else if (step === SYNC_STEP_2 || step === SYNC_UPDATE) this.#write(payload, step === SYNC_STEP_2, state);
        else throw new Malformed('unknown sync message');
        return;
      }
      case MESSAGE_AWARENESS:
        if (!this.#pay(1)) return;
        this.#takePresence(readPayload(reader), state.room);
        return;
      case MESSAGE_QUERY_AWARENESS:
        if (this.#pay(COST_OF_STEP_1)) this.#sendPresenceOfOthers();
        return;
      case MESSAGE_AUTH: // the protocol has it from server to client only; harmless
        return;
      default:
        throw new Malformed('unknown message');
    }
  }

  #answer(stateVector: Uint8Array, room: LiveRoom): void {
    if (!this.#pay(COST_OF_STEP_1)) return;
    if (this.#outgoing.overfull) {
      this.abort('asks for more and does not read');
      return;
    }
    const known = decodeStateVector(stateVector);
    const difference = room.difference(known.size === 0 ? NOTHING : stateVector);
    // Our own question comes after the answer, so that the client's reply leaves out what it has just been told of.
    this.#sendCommitted(room, [syncStep2(difference), syncStep1(Y.encodeStateVector(room.doc))], true);
  }

  /** Sends what tells of the document as it is now, once that is committed. `syncs`: it tells everything. */
  #sendCommitted(room: LiveRoom, messages: Uint8Array[], syncs: boolean): void {
    if (room.version !== room.committedVersion) {
      this.#held.push({ version: room.version, messages, syncs });
      return;
    }
    for (const message of messages) this.#outgoing.send(message);
    this.#synced ||= syncs;
  }

  /** Taken off live updates. All that is kept for it is what it knows. */
  #fallBehind(): void {
    const state = this.#state;
    if (state.kind === 'open' || state.kind === 'refused') this.#toldUntil = state.room.committedStateVector();
  }

  /** It has read everything: one difference brings it up to date. */
  #catchUp(): void {
    const state = this.#state;
    const toldUntil = this.#toldUntil;
    this.#toldUntil = null;
    if (toldUntil === null || (state.kind !== 'open' && state.kind !== 'refused')) return;
    if (this.#synced) {
      this.#synced = false; // live updates follow the difference, which may have to wait for its commit
      this.#sendCommitted(state.room, [syncUpdate(state.room.difference(toldUntil))], true);
    }
    this.#sendPresenceOfOthers();
  }

  #write(update: Uint8Array, isStep2: boolean, state: State & { kind: 'open' | 'refused' }): void {
    if (state.kind === 'refused' || !this.#pay(1 + Math.floor(update.length / BYTES_A_TOKEN))) return;
    const { room, standing } = state;
    const verdict = judgeUpdate(update, {
      doc: room.doc,
      roots: room.roots,
      personId: this.#person.id,
      ownerOf: (client) => room.owners.get(client),
      access: (root) => accessTo(root, standing, room.languages),
      mayWriteSomething: mayWriteSomething(standing, room.languages),
    });
    switch (verdict.kind) {
      case 'nothing':
        this.#taken(room, isStep2);
        return;
      case 'accept':
        if (!room.storing) {
          // It stays with its author, who is asked for it when it can be stored.
          this.#saved.missing();
          return;
        }
        if (!room.applyFromClient(this, verdict.update, verdict.newClients)) {
          this.#log({ code: 'malformed', root: '', message: 'could not be applied' });
          this.close(CLOSE.malformed);
          return;
        }
        this.#taken(room, isStep2);
        return;
      case 'behind':
        this.#askForMissing(room, isStep2);
        return;
      case 'refuse':
        this.#refuse(verdict.refused, state);
        return;
    }
  }

  #taken(room: LiveRoom, isWhole: boolean): void {
    this.#saved.taken(room.version, isWhole);
    if (room.version !== room.committedVersion) return;
    const saved = this.#saved.committed(room.committedVersion);
    if (saved !== null && this.#parts.ours) this.#outgoing.send(encodeSaved(saved));
  }

  /** A client that has just reconnected may type before it has sent what it typed offline: it is asked for that. */
  #askForMissing(room: LiveRoom, isStep2: boolean): void {
    if (isStep2) {
      // This was its answer: everything it has. What is missing exists nowhere.
      const refused: Refused = { code: 'missing-dependency', root: '', message: 'it builds upon unknown content' };
      const state = this.#state;
      if (state.kind === 'open') this.#refuse(refused, state);
      return;
    }
    const asked = this.#saved.isMissing;
    this.#saved.missing();
    if (!asked && room.storing) this.#ask(room);
  }

  #ask(room: LiveRoom): void {
    this.#sendCommitted(room, [syncStep1(Y.encodeStateVector(room.doc))], false);
  }

  #refuse(refused: Refused, state: State & { kind: 'open' }): void {
    this.#log(refused);
    if (this.#parts.ours) {
      this.#state = { ...state, kind: 'refused' };
      this.#outgoing.send(encodeRefused(refused));
      return;
    }
    this.#outgoing.send(permissionDenied(`${refused.code} ${refused.root}`.trim()));
    this.close(refused.code === 'malformed' ? CLOSE.malformed : CLOSE.refused);
  }

  #takePresence(bytes: Uint8Array, room: LiveRoom): void {
    for (const update of readPresence(bytes)) {
      const owner = room.owners.get(update.client);
      if (owner === undefined && !room.doc.store.clients.has(update.client)) {
        if (!this.#pay(1)) return;
        room.owners.set(update.client, this.#person.id);
      } else if (owner !== this.#person.id) {
        continue; // y-websocket repeats what it heard of others; only their own connections count
      }
      room.audience.takePresence(this, update);
    }
  }

  #sendPresenceOfOthers(): void {
    const state = this.#state;
    if (state.kind !== 'open' && state.kind !== 'refused') return;
    const message = state.room.audience.presenceOfOthers(this);
    if (message !== null) this.#outgoing.send(message);
  }

  #pay(cost: number): boolean {
    if (this.#parts.budget.take(cost)) return true;
    this.#log({ code: 'rate-limited', root: '', message: 'too many messages' });
    this.close(CLOSE.rateLimited);
    return false;
  }

  #log({ code, root, message }: Refused): void {
    const article = this.#state.kind === 'open' || this.#state.kind === 'refused' ? this.#state.room.articleId : '';
    this.#parts.refused?.(code);
    this.#parts.logger.warn({ person: this.#person.id, article, root, code, why: message }, 'refused');
  }
}

function readPayload(reader: BoundedReader): Uint8Array {
  const length = reader.count();
  if (length !== reader.left) throw new Malformed('bytes after the end');
  return reader.bytes.subarray(reader.position);
}

const SERVER_ROOTS: readonly string[] = [ANNOTATIONS_ROOT, REVIEW_ROOT, META_ROOT];

function accessTo(root: string, standing: Standing, languages: ReadonlySet<string>): RootAccess {
  if (SERVER_ROOTS.includes(root)) return 'forbidden';
  const language = languageOfRoot(root);
  if (language === null || !languages.has(language)) return 'unknown';
  return may(standing, 'editText', language) ? 'yes' : 'forbidden';
}

function mayWriteSomething(standing: Standing, languages: ReadonlySet<string>): boolean {
  for (const language of languages) if (may(standing, 'editText', language)) return true;
  return false;
}
