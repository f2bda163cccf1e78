// What one client announces of where it is. Only states under client ids that are its person's own count: providers repeat
// what they heard of others. It knows the room's owners, not who hears of it.
import { MAX_STATES, type PresenceUpdate, readPresence } from './presence.ts';
import type { LiveRoom } from './room.ts';

const NONE: readonly number[] = [];

export class Announcing {
  /** Client ids that it announced before they wrote anything: few, and none for clients of ours. */
  #announced: readonly number[] = NONE;

  /** Reads an awareness message. Throws Malformed, TooLarge. */
  read(states: Uint8Array, room: LiveRoom, personId: string): PresenceUpdate[] {
    return readPresence(states, (client) => this.#owns(client, room, personId));
  }

  /** Whether this client id is the person's. One that nobody has used becomes theirs for as long as the room lives. */
  #owns(client: number, room: LiveRoom, personId: string): boolean {
    const owner = room.owners.get(client);
    if (owner !== undefined || room.outline.knows(client)) return owner === personId;
    if (this.#announced.length >= MAX_STATES) return false;
    this.#announced = [...this.#announced, client];
    room.owners.set(client, personId);
    return true;
  }
}
