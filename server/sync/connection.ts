// One client's connection to one article, from the accepted socket to its close: lets the guard judge what is written, counts
// what is saved, knows who is alive. How messages are read, what is answered and who may write what each have a file of their
// own. It knows its room and a socket; what the person may do comes in as a value.
import type { Logger } from 'pino';
import type { Standing } from '../../shared/access/roles.ts';
import { SCHEMA_VERSION } from '../../shared/article/schema.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import {
  CLOSE,
  encodeHello,
  encodeRefused,
  encodeSaved,
  type Hello,
  type Refused,
} from '../../shared/protocol/sync.ts';
import { Announcing } from './announcing.ts';
import { Answers } from './answers.ts';
import type { Member } from './audience.ts';
import { permissionDenied, presenceMessage, type SharedMessage } from './frames.ts';
import { Malformed } from './guard/reader.ts';
import { Liveness } from './liveness.ts';
import { readMessage } from './messages.ts';
import { Outgoing } from './outgoing.ts';
import { TooLarge } from './presence.ts';
import type { Budget } from './rateLimit.ts';
import type { LiveRoom } from './room.ts';
import type { Socket } from './socket.ts';
import type { SyncOptions } from './types.ts';
import { Writing } from './writing.ts';

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
/** What a waiting message costs besides its own bytes. */
const QUEUED_MESSAGE_BYTES = 64;
/** Bytes of an update or of presence that cost as much of the rate as a keystroke. */
const BYTES_A_TOKEN = 16 * 1024;

export interface ConnectionParts {
  socket: Socket;
  ours: boolean;
  inPieces: boolean;
  /** Why nothing may be written over this connection, whoever it is; null if it may. */
  readOnly: Hello['readOnly'] | null;
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
  readonly #answers: Answers;
  readonly #writing: Writing;
  readonly #liveness: Liveness;
  #person: Person;
  #state: State = { kind: 'opening', queue: [], bytes: 0 };
  readonly #announcing = new Announcing();
  #leasedClient: number | null = null;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#person = parts.person;
    this.credential = parts.credential;
    this.#outgoing = new Outgoing({
      socket: parts.socket,
      bounds: parts.options,
      now: parts.now,
      fellBehind: () => this.#answers.fallBehind(),
      drained: () => {
        this.#answers.catchUp();
        this.#sendPresenceOfOthers(); // it was spared that, too
      },
    });
    this.#answers = new Answers({
      outgoing: this.#outgoing,
      inPieces: parts.inPieces,
      now: parts.now,
      unread: (error) => parts.logger.error({ err: error }, 'the stored state could not be read for a newcomer'),
    });
    this.#writing = new Writing(this, parts.readOnly);
    this.#liveness = new Liveness(parts.options.silentMs, parts.now);
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

  /** Whether its reader is too slow to be sent every change. */
  get isLagging(): boolean {
    return this.#outgoing.lagging;
  }

  /** Joins its room. `leasedClient` is told to clients of ours. */
  open(room: LiveRoom, person: Person, standing: Standing, leasedClient: number | null): void {
    if (this.#state.kind !== 'opening') return;
    const { queue } = this.#state;
    this.heard(); // nobody asked it while the room was loading
    this.#leasedClient = leasedClient;
    this.#state = { kind: 'open', room, standing };
    this.#person = { ...person, role: standing.role };
    this.#answers.begin(room);
    room.audience.join(this);
    this.greet();
    if (this.#parts.readOnly && !this.ours) this.#outgoing.send(permissionDenied(this.#parts.readOnly));
    this.#sendPresenceOfOthers();
    for (const message of queue) this.receive(message);
  }

  /** A message came. Decides and acts within this tick: no await between the guard's verdict and its application. */
  receive(message: Uint8Array): void {
    this.heard();
    const state = this.#state;
    switch (state.kind) {
      case 'closed':
        return;
      case 'opening':
        state.bytes += message.length + QUEUED_MESSAGE_BYTES;
        if (state.bytes > this.#parts.options.maxQueuedBytes) this.close(CLOSE.rateLimited);
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
          this.#closeFor(error);
        }
    }
  }

  /** What could not be read closes the connection; anything else is a bug. */
  #closeFor(error: unknown): void {
    if (error instanceof TooLarge) {
      this.close(CLOSE.tooLarge);
      return;
    }
    if (!(error instanceof Malformed)) throw error;
    this.#log({ code: 'malformed', root: '', message: error.message });
    this.close(CLOSE.malformed);
  }

  /** The client lives: something came of it, if only the answer to a ping. */
  heard(): void {
    this.#liveness.heard();
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
    if (!this.ours || this.#leasedClient === null) return;
    if (state.kind !== 'open' && state.kind !== 'refused') return;
    const { id, name, role, color } = this.#person;
    const hello: Hello = {
      epoch: state.room.epoch,
      schemaVersion: SCHEMA_VERSION,
      clientId: this.#leasedClient,
      person: { id, name, role, color },
      storing: state.room.storing,
      editableLanguages: this.#writing.editable(state.room, state.standing),
    };
    if (this.#parts.readOnly) hello.readOnly = this.#parts.readOnly;
    this.#outgoing.send(encodeHello(hello));
  }

  /** The server has begun, or ceased, to take changes in. What came meanwhile is asked for now. */
  storingChanged(): void {
    const state = this.#state;
    if (state.kind !== 'open' && state.kind !== 'refused') return;
    this.greet();
    if (state.room.storing && this.#writing.isMissing) this.#answers.ask();
  }

  committed(version: number, update: SharedMessage | null): void {
    const saved = this.#writing.committed(version);
    this.#answers.committed(version, update, saved !== null && this.ours ? [encodeSaved(saved)] : []);
  }

  hear(message: SharedMessage): void {
    // Presence is worth nothing late: whoever lags does without.
    if (!this.#outgoing.lagging) this.#outgoing.sendShared(message);
  }

  sweep(): void {
    const { keepAliveMs, stoppedReaderMs } = this.#parts.options;
    const life = this.#liveness.look();
    const why = this.#outgoing.hasStopped() ? 'stopped reading' : this.#answers.hasStopped(stoppedReaderMs);
    if (why !== null || life === 'gone') {
      this.abort(why ?? 'silent');
      return;
    }
    if (life === 'ask') this.#parts.socket.ping();
    const silence = this.#parts.now() - this.#outgoing.lastSentAt;
    // y-websocket's provider gives up a connection on which it hears nothing.
    if (silence >= keepAliveMs) this.#outgoing.send(presenceMessage([]));
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
    this.#answers.end();
    if (state.kind === 'open' || state.kind === 'refused') state.room.audience.leave(this);
    this.#parts.ended(this);
  }

  #read(bytes: Uint8Array, state: State & { kind: 'open' | 'refused' }): void {
    const message = readMessage(bytes);
    switch (message.kind) {
      case 'question':
        this.#answer(message.stateVector);
        return;
      case 'update':
        this.#write(message.update, message.isWhole, state);
        return;
      case 'presence':
        this.#takePresence(message.states, state.room);
        return;
      case 'presenceQuestion':
        if (this.#pay(COST_OF_STEP_1)) this.#sendPresenceOfOthers();
        return;
      case 'denial':
        return;
    }
  }

  #answer(stateVector: Uint8Array): void {
    if (!this.#pay(COST_OF_STEP_1)) return;
    if (this.#outgoing.overfull) this.abort('asks for more and does not read');
    else this.#answers.answer(stateVector);
  }

  #write(update: Uint8Array, isWhole: boolean, state: State & { kind: 'open' | 'refused' }): void {
    if (state.kind === 'refused' || !this.#pay(costOf(update))) return;
    const { room } = state;
    const outcome = this.#writing.take(update, isWhole, room, state.standing);
    switch (outcome.kind) {
      case 'taken':
        if (room.version === room.committedVersion) this.#tellSaved(room.version);
        return;
      case 'behind':
        if (outcome.ask) this.#answers.ask();
        return;
      case 'refused':
        this.#refuse(outcome.refused, state);
        return;
      case 'broken':
        this.#log({ code: 'malformed', root: '', message: 'could not be applied' });
        this.close(CLOSE.malformed);
        return;
    }
  }

  #tellSaved(version: number): void {
    const saved = this.#writing.committed(version);
    if (saved !== null && this.ours) this.#outgoing.send(encodeSaved(saved));
  }

  #refuse(refused: Refused, state: State & { kind: 'open' }): void {
    this.#log(refused);
    if (this.ours) {
      this.#state = { ...state, kind: 'refused' };
      this.#outgoing.send(encodeRefused(refused));
      return;
    }
    this.#outgoing.send(permissionDenied(`${refused.code} ${refused.root}`.trim()));
    this.close(refused.code === 'malformed' ? CLOSE.malformed : CLOSE.refused);
  }

  #takePresence(states: Uint8Array, room: LiveRoom): void {
    if (!this.#pay(costOf(states))) return;
    for (const update of this.#announcing.read(states, room, this.#person.id)) {
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

function costOf(bytes: Uint8Array): number {
  return 1 + Math.floor(bytes.length / BYTES_A_TOKEN);
}
