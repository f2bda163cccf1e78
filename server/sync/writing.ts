// What one client writes: judged by the guard, applied in the same tick, and counted until it is on disk. It decides and says
// what came of it; what the client is told is the connection's business.
import type { Standing } from '../../shared/access/roles.ts';
import type { Hello, Refused } from '../../shared/protocol/sync.ts';
import type { Member } from './audience.ts';
import { judgeUpdate } from './guard/guard.ts';
import { accessTo, editableLanguages, mayWriteSomething } from './rights.ts';
import type { LiveRoom } from './room.ts';
import type { RoomDocument } from './roomDocument.ts';
import { SavedCount } from './savedCount.ts';

export type WriteOutcome =
  /** In the document, or nothing that would have to be. */
  | { kind: 'taken' }
  /** The server lacks what it builds upon, or cannot keep it now; `ask`: to be asked for at once. */
  | { kind: 'behind'; ask: boolean }
  | { kind: 'refused'; refused: Refused }
  /** Yjs threw, which is our bug: the room is gone. */
  | { kind: 'broken' };

/** Somebody who reads only, whoever they are. */
const READER: Standing = { role: 'reader', languages: [] };

export class Writing {
  readonly #member: Member;
  readonly #readOnly: Hello['readOnly'] | null;
  readonly #saved = new SavedCount();
  /** The log was read to its end, and this client asked again, because of what it builds upon. */
  #hasLookedFurther = false;

  /** `readOnly`: why nothing may be written over this connection, whatever the person may. */
  constructor(member: Member, readOnly: Hello['readOnly'] | null) {
    this.#member = member;
    this.#readOnly = readOnly;
  }

  /** Languages whose text the client may edit. */
  editable(room: LiveRoom, standing: Standing): string[] {
    return editableLanguages(this.#effective(standing), room.languages);
  }

  /** Takes an update in. `isWhole`: it is the answer to our question, with all that the client has and we lack. */
  take(update: Uint8Array, isWhole: boolean, room: RoomDocument, standing: Standing): WriteOutcome {
    const effective = this.#effective(standing);
    const verdict = judgeUpdate(update, {
      doc: room.doc,
      roots: room.roots,
      personId: this.#member.person.id,
      ownerOf: (client) => room.owners.get(client),
      access: (root) => accessTo(root, effective, room.languages),
      mayWriteSomething: mayWriteSomething(effective, room.languages),
    });
    switch (verdict.kind) {
      case 'nothing':
        return this.takeKnown(isWhole, room.version);
      case 'accept':
        if (!room.storing) {
          // It stays with its author, who is asked for it when it can be stored.
          this.#saved.missing();
          return { kind: 'behind', ask: false };
        }
        if (!room.applyFromClient(this.#member, verdict.update, verdict.newClients)) return { kind: 'broken' };
        this.#hasLookedFurther = false;
        this.#saved.taken(room.version, isWhole);
        return { kind: 'taken' };
      case 'behind':
        return this.#behind(isWhole, room);
      case 'refuse':
        return {
          kind: 'refused',
          refused: this.#readOnly ? { ...verdict.refused, code: this.#readOnly } : verdict.refused,
        };
    }
  }

  /** An update came that says nothing but what is here at `version`. */
  takeKnown(isWhole: boolean, version: number): WriteOutcome {
    this.#hasLookedFurther = false;
    this.#saved.taken(version, isWhole);
    return { kind: 'taken' };
  }

  /** Whether the client may write anything, as far as is known; in doubt it may: the article may have got its language just now. */
  mayWrite(room: LiveRoom, standing: Standing): boolean {
    const effective = this.#effective(standing);
    return mayWriteSomething(effective, new Set([...room.languages, ...effective.languages]));
  }

  /** Whether updates of this client are still to be asked for. */
  get isMissing(): boolean {
    return this.#saved.isMissing;
  }

  /** Everything up to `version` is on disk. How many updates of this client that covers, or null if no more than before. */
  committed(version: number): number | null {
    return this.#saved.committed(version);
  }

  /** A client that has just reconnected may type before it has sent what it typed offline: it is asked for that. */
  #behind(isWhole: boolean, room: RoomDocument): WriteOutcome {
    if (isWhole && room.shared && !this.#hasLookedFurther) {
      this.#hasLookedFurther = true;
      this.#saved.missing();
      return { kind: 'behind', ask: true };
    }
    if (isWhole) {
      // This was its answer: everything it has. What is missing exists nowhere.
      const refused: Refused = { code: 'missing-dependency', root: '', message: 'it builds upon unknown content' };
      return { kind: 'refused', refused };
    }
    const ask = !this.#saved.isMissing && room.storing;
    this.#saved.missing();
    return { kind: 'behind', ask };
  }

  #effective(standing: Standing): Standing {
    return this.#readOnly ? READER : standing;
  }
}
