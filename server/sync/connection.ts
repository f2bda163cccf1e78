// One client's connection to one article, from the accepted socket to its close: keeps what arrives while the room is loading,
// within bounds, then hands it to the participant that it has become; and ends once, by whichever side.
import type { Standing } from '../../shared/access/roles.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import { CLOSE, type Close } from '../../shared/protocol/sync.ts';
import { Malformed } from '../updates/reader.ts';
import { type ClientParts, type CommonClientParts, type Ending, Participant } from './participant.ts';
import { TooLarge } from './presence.ts';
import type { LiveRoom } from './room.ts';
import type { Hearer } from './socket.ts';

/** Messages to be read later. */
interface Waiting {
  readonly queue: Uint8Array[];
  bytes: number;
}

type State =
  /** The room loads; what comes meanwhile waits. */
  | { kind: 'opening'; waiting: Waiting }
  /** What takes the article's document waits while that is built (null: nothing does), and so does what comes after it. */
  | { kind: 'open'; participant: Participant; waiting: Waiting | null }
  | { kind: 'closed' };

/** What a waiting message costs besides its own bytes. */
const QUEUED_MESSAGE_BYTES = 64;

export interface CommonParts extends CommonClientParts {
  /** Called once for each connection, when it is over. */
  ended(connection: Connection): void;
}

export interface ConnectionParts extends ClientParts {
  readonly common: CommonParts;
}

export class Connection implements Ending, Hearer {
  readonly #parts: ConnectionParts;
  #person: Person;
  #state: State = { kind: 'opening', waiting: { queue: [], bytes: 0 } };

  /** `person`: who has knocked; once it is open, its participant knows. */
  constructor(parts: ConnectionParts, person: Person) {
    this.#parts = parts;
    this.#person = person;
  }

  get person(): Person {
    return this.#participant?.person ?? this.#person;
  }

  get isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  /** Whether its reader is too slow to be sent every change. */
  get isLagging(): boolean {
    return this.#participant?.isLagging ?? false;
  }

  /** Joins its room. `leasedClient` is told to clients of ours. */
  open(room: LiveRoom, person: Person, standing: Standing, leasedClient: number | null): void {
    if (this.#state.kind !== 'opening') return;
    const { queue } = this.#state.waiting;
    const participant = new Participant(this.#parts, this, room, person, standing, leasedClient);
    this.#state = { kind: 'open', participant, waiting: null };
    this.#person = participant.person;
    const { socket } = this.#parts;
    socket.cork(); // the greeting, and the answers to what was asked meanwhile
    try {
      participant.join();
      for (const message of queue) this.receive(message);
    } finally {
      socket.uncork();
    }
  }

  /** A message came. */
  receive(message: Uint8Array): void {
    this.#parts.common.wake();
    const state = this.#state;
    switch (state.kind) {
      case 'closed':
        return;
      case 'opening':
        this.#wait(message, state.waiting);
        return;
      case 'open':
        if (message.length > this.#parts.common.options.maxFrameBytes) this.close(CLOSE.tooLarge);
        else if (state.waiting) this.#wait(message, state.waiting);
        else this.#hand(message, state);
        return;
    }
  }

  /** Something came that is no message: the answer to a ping. */
  heard(): void {
    this.#participant?.heard();
  }

  troubled(error: Error): void {
    this.#parts.common.logger.debug({ err: error, person: this.person.id }, 'socket error');
  }

  /** Whether it goes by other rights than these. One that is not open yet goes by none. */
  hasOtherRights(person: Person, standing: Standing): boolean {
    return this.#participant?.hasOtherRights(person, standing) ?? false;
  }

  changeRights(person: Person, standing: Standing): void {
    this.#participant?.changeRights(person, standing);
  }

  storingChanged(): void {
    this.#participant?.storingChanged();
  }

  close({ code, reason }: Close): void {
    if (this.#end()) this.#parts.socket.close(code, reason);
  }

  /** Ends the connection of somebody who does not read: a close frame would never arrive. */
  abort(why: string): void {
    const {
      common: { logger },
      socket,
    } = this.#parts;
    const { person } = this;
    if (!this.#end()) return;
    logger.info({ person: person.id, why }, 'connection cut off');
    socket.abort();
  }

  /** The other side has gone. */
  disconnected(): void {
    this.#end();
  }

  get #participant(): Participant | null {
    return this.#state.kind === 'open' ? this.#state.participant : null;
  }

  #wait(message: Uint8Array, waiting: Waiting): void {
    this.#participant?.heard();
    waiting.bytes += message.length + QUEUED_MESSAGE_BYTES;
    if (waiting.bytes > this.#parts.common.options.maxQueuedBytes) this.close(CLOSE.rateLimited);
    else waiting.queue.push(message);
  }

  /** What cannot be read closes the connection; anything else is a bug. */
  #hand(message: Uint8Array, state: State & { kind: 'open' }): void {
    const { participant } = state;
    participant.heard();
    this.#parts.socket.cork();
    try {
      if (!participant.receive(message)) this.#waitForDocument(message, state);
    } catch (error) {
      if (error instanceof TooLarge) {
        this.close(CLOSE.tooLarge);
      } else if (error instanceof Malformed) {
        participant.log({ code: 'malformed', root: '', message: error.message });
        this.close(CLOSE.malformed);
      } else {
        throw error;
      }
    } finally {
      this.#parts.socket.uncork();
    }
  }

  /** `first` is not counted: what somebody wrote offline comes as one message, however long. */
  #waitForDocument(first: Uint8Array, state: State & { kind: 'open' }): void {
    const waiting: Waiting = { queue: [first], bytes: 0 };
    state.waiting = waiting;
    state.participant.opened().then(
      () => {
        state.waiting = null;
        for (const message of waiting.queue) if (this.#state === state) this.#hand(message, state);
      },
      (error: unknown) => {
        this.#parts.common.logger.debug({ err: error, person: this.person.id }, 'the document was waited for in vain');
        this.close(CLOSE.reload);
      },
    );
  }

  /** False if it was over already. */
  #end(): boolean {
    if (this.#state.kind === 'closed') return false;
    const participant = this.#participant;
    this.#state = { kind: 'closed' };
    participant?.leave();
    this.#parts.common.ended(this);
    return true;
  }
}
