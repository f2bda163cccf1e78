// Everybody who is connected to one room: who is told what, and when. Updates only after their commit, presence at most every
// few milliseconds. It knows members by a small interface, and nothing of documents.
import type { Person } from '../../shared/protocol/rest.ts';
import type { FirstState } from './firstState.ts';
import { presenceMessage, SharedMessage, syncUpdate } from './frames.ts';
import type { PeerPresence } from './peers.ts';
import { Presence, type PresenceUpdate, stateIn } from './presence.ts';
import type { SyncOptions } from './types.ts';

/** Other processes hear all of a room's presence this often, besides its changes. */
const WHOLE_PRESENCE_MS = 5_000;

/** A connection as its room sees it. */
export interface Member {
  /** With the role that counts in this article. */
  readonly person: Person;
  readonly credential: string;
  /** Everything up to `version` of the document is on disk; `update` tells what is new of it, null if nothing is for this member. */
  committed(version: number, update: SharedMessage | null): void;
  /** Another process has committed this: like `committed`, without a version of ours. */
  committedElsewhere(update: SharedMessage): void;
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

export interface AudienceParts {
  /** For newcomers. */
  firstState: FirstState;
  options: Pick<SyncOptions, 'presenceIntervalMs' | 'keepAliveMs'>;
  now(): number;
  /** People came or went, here or in another process. */
  peopleChanged(people: Person[]): void;
  /** Tells the other processes; null if there are none. */
  tell: ((presence: PeerPresence) => void) | null;
}

/** Another process, where people of this room are. */
class Elsewhere {
  heardAt = 0;
  people: readonly Person[] = [];
}

export class Audience {
  readonly firstState: FirstState;
  readonly #members = new Set<Member>();
  readonly #elsewhere = new Map<string, Elsewhere>();
  readonly #presence: Presence<Member | Elsewhere>;
  readonly #parts: AudienceParts;
  #presenceTimer: NodeJS.Timeout | null = null;
  #wholeToldAt = 0;
  #wholeDue = false;

  constructor(parts: AudienceParts) {
    this.firstState = parts.firstState;
    this.#parts = parts;
    this.#presence = new Presence(parts.now);
  }

  get size(): number {
    return this.#members.size;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.values();
  }

  /** People here and in other processes, each once: first those here, in the order in which they came. */
  people(): Person[] {
    const people = new Map<string, Person>();
    for (const { person } of this.#members) if (!people.has(person.id)) people.set(person.id, person);
    for (const elsewhere of this.#elsewhere.values()) {
      for (const person of elsewhere.people) if (!people.has(person.id)) people.set(person.id, person);
    }
    return [...people.values()];
  }

  join(member: Member): void {
    const isNew = !this.#has(member.person.id);
    this.#members.add(member);
    if (isNew) this.#peopleHereChanged();
  }

  leave(member: Member): void {
    if (!this.#members.delete(member)) return;
    if (this.#presence.leave(member)) this.#flushPresence();
    if (!this.#has(member.person.id)) this.#peopleHereChanged();
  }

  /** Tells everybody what was committed. Answers held back for this commit leave first, then the update, in one write each. */
  committed(version: number, update: CommittedUpdate | null): void {
    const shared = update ? new SharedMessage(syncUpdate(update.bytes)) : null;
    if (shared) this.firstState.append(shared);
    for (const member of this.#members) {
      member.committed(version, member === update?.soleSender ? null : shared);
    }
  }

  /** Tells everybody what another process has committed. */
  heard(update: Uint8Array): void {
    const shared = new SharedMessage(syncUpdate(update));
    this.firstState.append(shared);
    for (const member of this.#members) member.committedElsewhere(shared);
  }

  /** What another process says of the people in its room of this article. */
  hearOf(process: string, { clock, people, states }: PeerPresence): void {
    const known = this.#elsewhere.get(process);
    const elsewhere = known ?? new Elsewhere();
    this.#elsewhere.set(process, elsewhere);
    elsewhere.heardAt = this.#parts.now();
    this.#presence.advance(clock);
    let changed = false;
    for (const [client, state] of states) changed = this.#presence.takeStamped(elsewhere, client, state) || changed;
    if (people !== null) {
      const named = new Set(states.map(([client]) => client));
      for (const [client] of this.#presence.statesOf((connection) => connection === elsewhere)) {
        if (!named.has(client)) changed = this.#presence.takeStamped(elsewhere, client, null) || changed;
      }
    }
    if (changed) this.#schedulePresence();
    if (people === null) return;
    this.#peopleElsewhere(elsewhere, people);
    if (people.length === 0) this.#elsewhere.delete(process);
  }

  /** Another process is no longer there. */
  forget(process: string): void {
    const elsewhere = this.#elsewhere.get(process);
    if (!elsewhere) return;
    this.#elsewhere.delete(process);
    if (this.#presence.leave(elsewhere)) this.#flushPresence();
    this.#peopleElsewhere(elsewhere, []);
  }

  /** All that other processes should know; null if nobody is here. */
  wholePresence(): PeerPresence | null {
    return this.#members.size === 0 ? null : this.#presenceHere();
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
    if (this.#presence.restamp(person, (member) => !(member instanceof Elsewhere) && member.person.id === person.id))
      this.#schedulePresence();
    this.#peopleHereChanged();
  }

  sweep(): void {
    // Other clients forget a state after 30 s without news, and a browser tab in the background is too slow to renew its own.
    if (this.#presence.refresh(this.#parts.options.keepAliveMs)) this.#schedulePresence();
    for (const member of [...this.#members]) member.sweep();
    const now = this.#parts.now();
    if (now - this.#wholeToldAt >= WHOLE_PRESENCE_MS) this.#tellWhole();
    for (const [process, { heardAt }] of this.#elsewhere) {
      if (now - heardAt >= 3 * WHOLE_PRESENCE_MS) this.forget(process);
    }
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

  #peopleHereChanged(): void {
    if (this.#parts.tell !== null) {
      this.#wholeDue = true; // one message for a crowd that comes at once
      this.#schedulePresence();
    }
    this.#parts.peopleChanged(this.people());
  }

  #peopleElsewhere(elsewhere: Elsewhere, people: readonly Person[]): void {
    const before = elsewhere.people;
    elsewhere.people = people;
    const same = before.length === people.length && people.every(({ id }, index) => before[index]?.id === id);
    if (!same) this.#parts.peopleChanged(this.people());
  }

  #presenceHere(): PeerPresence {
    const people = new Map([...this.#members].map(({ person }) => [person.id, person]));
    const states = this.#presence.statesOf((connection) => !(connection instanceof Elsewhere));
    return { clock: this.#presence.clock, people: [...people.values()], states };
  }

  /** Says all of it: whatever was lost on the way is mended by that. */
  #tellWhole(): void {
    if (this.#parts.tell === null) return;
    this.#wholeToldAt = this.#parts.now();
    this.#wholeDue = false;
    this.#parts.tell(this.#presenceHere());
  }

  #has(personId: string): boolean {
    for (const { person } of this.#members) if (person.id === personId) return true;
    return false;
  }

  #schedulePresence(): void {
    this.#presenceTimer ??= setTimeout(() => this.#flushPresence(), this.#parts.options.presenceIntervalMs);
  }

  /** One message for all who are not in it; for each who is, one without themselves: a client never hears its own state. */
  #flushPresence(): void {
    this.stop();
    const changes = this.#presence.takeChanges();
    if (this.#wholeDue) this.#tellWhole();
    else this.#tellOthers(changes);
    if (changes.length === 0) return;
    const authors = new Set(changes.filter(({ gone }) => !gone).map(({ connection }) => connection));
    const forAll = new SharedMessage(presenceMessage(changes.map((change) => change.encoded)));
    for (const member of this.#members) {
      if (!authors.has(member)) {
        member.hear(forAll);
        continue;
      }
      const others = changes.filter(({ connection, gone }) => connection !== member || gone);
      if (others.length > 0) member.hear(new SharedMessage(presenceMessage(others.map((change) => change.encoded))));
    }
  }

  #tellOthers(changes: ReturnType<Presence<Member | Elsewhere>['takeChanges']>): void {
    if (this.#parts.tell === null) return;
    const ours = changes.filter(({ connection }) => !(connection instanceof Elsewhere));
    if (ours.length === 0) return;
    const { clock } = this.#presence;
    this.#parts.tell({ clock, people: null, states: ours.map(({ client, encoded }) => [client, stateIn(encoded)]) });
  }
}
