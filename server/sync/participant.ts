// One client in a room: greets it, reads what it says, lets the guard judge what it writes, tells it what is committed and what
// is saved, and knows whether it is still there. How messages are read, what is answered, what is written and what is announced
// each have a file of their own. It knows its room and a socket; what the person may do comes in as a value.
import type { Logger } from 'pino';
import type { Standing } from '../../shared/access/roles.ts';
import { SCHEMA_VERSION } from '../../shared/article/schema.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import {
  CLOSE,
  type Close,
  encodeHello,
  encodeRefused,
  encodeSaved,
  type Hello,
  type Refused,
} from '../../shared/protocol/sync.ts';
import { Announcing } from './announcing.ts';
import { Answers, type Asking } from './answers.ts';
import type { Member } from './audience.ts';
import { permissionDenied, presenceMessage, type SharedMessage } from './frames.ts';
import { Liveness } from './liveness.ts';
import { type ClientMessage, readMessage } from './messages.ts';
import { Outgoing, type Sending } from './outgoing.ts';
import type { Budget } from './rateLimit.ts';
import type { LiveRoom } from './room.ts';
import type { Socket } from './socket.ts';
import type { SyncOptions } from './types.ts';
import { Writing } from './writing.ts';

/** What an answer to a question about the whole document costs of the rate, in updates. */
const COST_OF_STEP_1 = 20;
/** Bytes of an update or of presence that cost as much of the rate as a keystroke. */
const BYTES_A_TOKEN = 16 * 1024;

/** What is known of a client whatever room it is in. */
export interface ClientParts {
  socket: Socket;
  /** It understands our own messages. */
  ours: boolean;
  inPieces: boolean;
  /** Why nothing may be written over this connection, whoever it is; null if it may. */
  readOnly: Hello['readOnly'] | null;
  credential: string;
  /** What this connection may send. */
  budget: Budget;
  readonly common: CommonClientParts;
}

/** What is the same for all clients. */
export interface CommonClientParts {
  readonly options: SyncOptions;
  readonly logger: Logger;
  now(): number;
  /** See Peers. */
  wake(): void;
  /** Told each time something of this client was refused. */
  refused: ((code: string) => void) | undefined;
}

/** The ways in which it may end. */
export interface Ending {
  close(why: Close): void;
  /** Without a word: to those who would not hear it. */
  abort(why: string): void;
}

export class Participant implements Member, Sending, Asking {
  readonly credential: string;
  readonly #parts: ClientParts;
  readonly #ending: Ending;
  readonly #room: LiveRoom;
  readonly #leasedClient: number | null;
  readonly #outgoing: Outgoing;
  readonly #answers: Answers;
  readonly #writing: Writing;
  readonly #announcing = new Announcing();
  readonly #liveness: Liveness;
  #person: Person;
  #standing: Standing;
  /** Something of this client was refused: it may read on, what it writes is not looked at. */
  #isRefused = false;

  /** `leasedClient` is told to clients of ours. */
  constructor(
    parts: ClientParts,
    ending: Ending,
    room: LiveRoom,
    person: Person,
    standing: Standing,
    leasedClient: number | null,
  ) {
    this.credential = parts.credential;
    this.#parts = parts;
    this.#ending = ending;
    this.#room = room;
    this.#leasedClient = leasedClient;
    this.#person = withRole(person, standing);
    this.#standing = standing;
    const { socket, inPieces, readOnly, common } = parts;
    this.#outgoing = new Outgoing(socket, this, common);
    this.#answers = new Answers(this.#outgoing, this, room, inPieces, common);
    this.#writing = new Writing(this, readOnly);
    this.#liveness = new Liveness(common.options.silentMs, common.now);
  }

  fellBehind(): void {
    this.#answers.fallBehind();
  }

  drained(): void {
    this.#answers.catchUp();
    this.#sendPresenceOfOthers(); // it was spared that, too
  }

  /** It has been told everything. Who may write will: the first key should not wait for the document. */
  told(): void {
    if (this.#writing.mayWrite(this.#room, this.#standing)) this.#room.prepare();
  }

  get person(): Person {
    return this.#person;
  }

  /** Whether its reader is too slow to be sent every change. */
  get isLagging(): boolean {
    return this.#outgoing.lagging;
  }

  join(): void {
    this.#room.audience.join(this);
    this.greet();
    if (this.#parts.readOnly && !this.#parts.ours) this.#outgoing.send(permissionDenied(this.#parts.readOnly));
    this.#sendPresenceOfOthers();
  }

  /** Has gone, or is sent away. */
  leave(): void {
    this.#answers.end();
    this.#room.audience.leave(this);
  }

  /**
   * A message came. Decides and acts within this tick: no await between the guard's verdict and its application. False: nothing
   * was done, it takes the article's document (`opened`) and has to be given again. Throws Malformed, TooLarge.
   */
  receive(bytes: Uint8Array): boolean {
    const message = readMessage(bytes);
    if (this.#takesDocument(message)) return false;
    this.#act(message);
    return true;
  }

  /** Resolves when the article's document is there. */
  async opened(): Promise<void> {
    await this.#room.opened();
  }

  #act(message: ClientMessage): void {
    switch (message.kind) {
      case 'question':
        this.#answer(message.stateVector);
        return;
      case 'update':
        this.#write(message.update, message.isWhole);
        return;
      case 'presence':
        this.#takePresence(message.states);
        return;
      case 'presenceQuestion':
        if (this.#pay(COST_OF_STEP_1)) this.#sendPresenceOfOthers();
        return;
      case 'denial':
        return;
    }
  }

  /** Something came of it, if only the answer to a ping. */
  heard(): void {
    this.#liveness.heard();
  }

  hasOtherRights(person: Person, standing: Standing): boolean {
    const { id, name, color } = this.#person;
    return (
      id !== person.id ||
      name !== person.name ||
      color !== person.color ||
      standing.role !== this.#standing.role ||
      standing.languages.join() !== this.#standing.languages.join()
    );
  }

  /** What the person may do in this article is something else now. */
  changeRights(person: Person, standing: Standing): void {
    this.#standing = standing;
    this.#person = withRole(person, standing);
    this.greet();
  }

  greet(): void {
    if (!this.#parts.ours || this.#leasedClient === null) return;
    const { id, name, role, color } = this.#person;
    const hello: Hello = {
      epoch: this.#room.epoch,
      schemaVersion: SCHEMA_VERSION,
      clientId: this.#leasedClient,
      person: { id, name, role, color },
      storing: this.#room.storing,
      editableLanguages: this.#writing.editable(this.#room, this.#standing),
    };
    if (this.#parts.readOnly) hello.readOnly = this.#parts.readOnly;
    this.#outgoing.send(encodeHello(hello));
  }

  /** The server has begun, or ceased, to take changes in. What came meanwhile is asked for now. */
  storingChanged(): void {
    this.greet();
    if (this.#room.storing && this.#writing.isMissing) this.#answers.ask();
  }

  committed(version: number, update: SharedMessage | null): void {
    const saved = this.#writing.committed(version);
    this.#answers.committed(version, update, saved !== null && this.#parts.ours ? [encodeSaved(saved)] : []);
  }

  committedElsewhere(update: SharedMessage): void {
    this.#answers.heard(update);
  }

  hear(message: SharedMessage): void {
    // Presence is worth nothing late: whoever lags does without.
    if (!this.#outgoing.lagging) this.#outgoing.sendShared(message);
  }

  sweep(): void {
    const { keepAliveMs, stoppedReaderMs } = this.#parts.common.options;
    const life = this.#liveness.look();
    const why = this.#outgoing.hasStopped() ? 'stopped reading' : this.#answers.hasStopped(stoppedReaderMs);
    if (why !== null || life === 'gone') {
      this.#ending.abort(why ?? 'silent');
      return;
    }
    if (life === 'ask') this.#parts.socket.ping();
    const silence = this.#parts.common.now() - this.#outgoing.lastSentAt;
    // y-websocket's provider gives up a connection on which it hears nothing.
    if (silence >= keepAliveMs) this.#outgoing.send(presenceMessage([]));
  }

  reload(): void {
    this.#ending.close(CLOSE.reload);
  }

  /** Something of it was refused, as the log and the figures tell. */
  log({ code, root, message }: Refused): void {
    const { refused, logger } = this.#parts.common;
    refused?.(code);
    logger.warn({ person: this.#person.id, article: this.#room.articleId, root, code, why: message }, 'refused');
  }

  #answer(stateVector: Uint8Array): void {
    if (!this.#pay(COST_OF_STEP_1)) return;
    if (this.#outgoing.overfull) this.#ending.abort('asks for more and does not read');
    else this.#answers.answer(stateVector);
  }

  #takesDocument(message: ClientMessage): boolean {
    const { stored } = this.#room;
    if (stored === null) return false;
    if (message.kind === 'question') return this.#answers.takesDocument(message.stateVector);
    return message.kind === 'update' && !this.#isRefused && !stored.holds(message.update);
  }

  #write(update: Uint8Array, isWhole: boolean): void {
    if (this.#isRefused || !this.#pay(costOf(update))) return;
    const { document } = this.#room;
    const outcome =
      document === null
        ? this.#writing.takeKnown(isWhole, this.#room.version)
        : this.#writing.take(update, isWhole, document, this.#standing);
    switch (outcome.kind) {
      case 'taken':
        if (this.#room.version === this.#room.committedVersion) this.#tellSaved();
        return;
      case 'behind':
        if (outcome.ask) this.#askOnceUpToDate();
        return;
      case 'refused':
        this.#refuse(outcome.refused);
        return;
      case 'broken':
        this.log({ code: 'malformed', root: '', message: 'could not be applied' });
        this.#ending.close(CLOSE.malformed);
        return;
    }
  }

  /** What is missing here may be in the log: another process may have taken it in. */
  #askOnceUpToDate(): void {
    if (!this.#room.shared) {
      this.#answers.ask();
      return;
    }
    this.#room.catchUp().then(
      () => this.#answers.ask(),
      () => this.#ending.close(CLOSE.reload),
    );
  }

  #tellSaved(): void {
    const saved = this.#writing.committed(this.#room.committedVersion);
    if (saved !== null && this.#parts.ours) this.#outgoing.send(encodeSaved(saved));
  }

  #refuse(refused: Refused): void {
    this.log(refused);
    if (this.#parts.ours) {
      this.#isRefused = true;
      this.#outgoing.send(encodeRefused(refused));
      return;
    }
    this.#outgoing.send(permissionDenied(`${refused.code} ${refused.root}`.trim()));
    this.#ending.close(refused.code === 'malformed' ? CLOSE.malformed : CLOSE.refused);
  }

  #takePresence(states: Uint8Array): void {
    if (!this.#pay(costOf(states))) return;
    for (const update of this.#announcing.read(states, this.#room, this.#person.id)) {
      this.#room.audience.takePresence(this, update);
    }
  }

  #sendPresenceOfOthers(): void {
    const message = this.#room.audience.presenceOfOthers(this);
    if (message !== null) this.#outgoing.send(message);
  }

  #pay(cost: number): boolean {
    if (this.#parts.budget.take(cost)) return true;
    this.log({ code: 'rate-limited', root: '', message: 'too many messages' });
    this.#ending.close(CLOSE.rateLimited);
    return false;
  }
}

/** The same person with the role that counts in this article. No second copy where it is their own. */
function withRole(person: Person, { role }: Standing): Person {
  return person.role === role ? person : { ...person, role };
}

function costOf(bytes: Uint8Array): number {
  return 1 + Math.floor(bytes.length / BYTES_A_TOKEN);
}
