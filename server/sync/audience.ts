// Everybody who is connected to one room: who is told what, and when. Updates only after their commit, presence at most every
// few milliseconds. It knows members by a small interface, and nothing of documents.
import type { Person } from '../../shared/protocol/rest.ts';
import type { FirstState } from './firstState.ts';
import { presenceMessage, SharedMessage, syncUpdate } from './frames.ts';
import { Presence, type PresenceUpdate } from './presence.ts';
import type { SyncOptions } from './types.ts';

/** A connection as its room sees it. */
export interface Member {
  /** With the role that counts in this article. */
  readonly person: Person;
  readonly credential: string;
  /** Everything up to `version` of the document is on disk; `update` tells what is new of it, null if nothing is for this member. */
  committed(version: number, update: SharedMessage | null): void;
  /** Others' presence. */
  hear(message: SharedMessage): void;
  /** Looks at time: keeps the connection alive, or cuts it off if it has stopped reading. */
  sweep(): void;
  /** The room is gone; come back and sync. */
  reload(): void;
  /** Languages of the article or rights have changed: tell the client. */
  greet(): void;
}

/** One commit of a room, merged. */
export interface CommittedUpdate {
  bytes: Uint8Array;
  /** If everything in it came from one member, that one; else null. */
  soleSender: Member | null;
}

export class Audience {
  /** For newcomers. */
  readonly firstState: FirstState;
  readonly #members = new Set<Member>();
  readonly #presence: Presence<Member>;
  readonly #options: Pick<SyncOptions, 'presenceIntervalMs' | 'keepAliveMs'>;
  readonly #peopleChanged: (people: Person[]) => void;
  #presenceTimer: NodeJS.Timeout | null = null;

  constructor(
    firstState: FirstState,
    options: Pick<SyncOptions, 'presenceIntervalMs' | 'keepAliveMs'>,
    now: () => number,
    peopleChanged: (people: Person[]) => void,
  ) {
    this.firstState = firstState;
    this.#options = options;
    this.#presence = new Presence(now);
    this.#peopleChanged = peopleChanged;
  }

  get size(): number {
    return this.#members.size;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.values();
  }

  /** People here, each once, in the order in which they came. */
  people(): Person[] {
    const people = new Map<string, Person>();
    for (const { person } of this.#members) if (!people.has(person.id)) people.set(person.id, person);
    return [...people.values()];
  }

  join(member: Member): void {
    const isNew = !this.#has(member.person.id);
    this.#members.add(member);
    if (isNew) this.#peopleChanged(this.people());
  }

  leave(member: Member): void {
    if (!this.#members.delete(member)) return;
    if (this.#presence.leave(member)) this.#flushPresence();
    if (!this.#has(member.person.id)) this.#peopleChanged(this.people());
  }

  /** Tells everybody what was committed. Answers held back for this commit leave first, then the update, in one write each. */
  committed(version: number, update: CommittedUpdate | null): void {
    const shared = update ? new SharedMessage(syncUpdate(update.bytes)) : null;
    if (shared) this.firstState.append(shared);
    for (const member of this.#members) {
      member.committed(version, member === update?.soleSender ? null : shared);
    }
  }

  takePresence(member: Member, update: PresenceUpdate): void {
    if (this.#presence.take(member, member.person, update)) this.#schedulePresence();
  }

  /** The presence of everybody else, for somebody who asks; null if there is none. */
  presenceOfOthers(member: Member): Uint8Array | null {
    const others = this.#presence.others(member);
    return others.length > 0 ? presenceMessage(others) : null;
  }

  /** A person's name, role or colour is another one now. */
  personChanged(person: Person): void {
    if (this.#presence.restamp(person, (member) => member.person.id === person.id)) this.#schedulePresence();
    this.#peopleChanged(this.people());
  }

  sweep(): void {
    // Other clients forget a state after 30 s without news, and a browser tab in the background is too slow to renew its own.
    if (this.#presence.refresh(this.#options.keepAliveMs)) this.#schedulePresence();
    for (const member of [...this.#members]) member.sweep();
    this.firstState.sweep();
  }

  /** Sends everybody away and forgets them. */
  dismiss(): void {
    for (const member of [...this.#members]) member.reload();
    this.stop();
  }

  /** Ends its timer. */
  stop(): void {
    if (this.#presenceTimer) clearTimeout(this.#presenceTimer);
    this.#presenceTimer = null;
  }

  #has(personId: string): boolean {
    for (const { person } of this.#members) if (person.id === personId) return true;
    return false;
  }

  #schedulePresence(): void {
    this.#presenceTimer ??= setTimeout(() => this.#flushPresence(), this.#options.presenceIntervalMs);
  }

  /** One message for all who are not in it; for each who is, one without themselves: a client never hears its own state. */
  #flushPresence(): void {
    this.stop();
    const changes = this.#presence.takeChanges();
    if (changes.length === 0) return;
    const authors = new Set(changes.map((change) => change.connection));
    const forAll = new SharedMessage(presenceMessage(changes.map((change) => change.encoded)));
    for (const member of this.#members) {
      if (!authors.has(member)) {
        member.hear(forAll);
        continue;
      }
      const others = changes.filter((change) => change.connection !== member);
      if (others.length > 0) member.hear(new SharedMessage(presenceMessage(others.map((change) => change.encoded))));
    }
  }
}
