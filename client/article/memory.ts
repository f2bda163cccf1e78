// What a browser remembers of an article between visits, in localStorage: which history it holds, what one may do there, how
// many changes wait, and words that could not be kept. Small and synchronous, so that leaving a page cannot lose it.
import type { Standing } from '../../shared/access/roles.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { KeptWords } from './types.ts';

/** Of what the last `hello` said, that which an offline visit needs. */
export interface RememberedRights {
  epoch: number;
  standing: Standing;
  editable: string[];
}

export interface RememberedKept {
  reason: ErrorCode;
  kept: KeptWords[];
}

export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Client ids are remembered so that one's own unsaved words can be told from others'; old ones are forgotten. */
const REMEMBERED_CLIENT_IDS = 500;

export class ArticleMemory {
  private readonly store: KeyValueStore;
  private readonly prefix: string;

  constructor(store: KeyValueStore, personId: string, articleId: string) {
    this.store = store;
    this.prefix = `kopuro/${personId}/${articleId}/`;
  }

  /** The database of y-indexeddb. Its generation rises when a refused history had to be left behind. */
  databaseName(epoch: number, generation = this.generation): string {
    return `${this.prefix}${epoch}/${generation}`;
  }

  get generation(): number {
    return this.read<number>('generation') ?? 0;
  }

  /** From now on the databases of this generation count. Other tabs may have got there first. */
  advanceTo(generation: number): void {
    this.write('generation', Math.max(this.generation, generation));
  }

  /** Whether a key of the store is the one of the kept words: another tab may change them. */
  isKept(key: string | null): boolean {
    return key === `${this.prefix}kept`;
  }

  get rights(): RememberedRights | null {
    return this.read<RememberedRights>('rights');
  }

  set rights(rights: RememberedRights) {
    this.write('rights', rights);
  }

  /** That history is over. */
  forgetRights(epoch: number): void {
    if (this.rights?.epoch === epoch) this.write('rights', null);
  }

  get kept(): RememberedKept | null {
    return this.read<RememberedKept>('kept');
  }

  set kept(kept: RememberedKept | null) {
    this.write('kept', kept);
  }

  /** Client ids that this person has written with in this browser. */
  get clientIds(): number[] {
    return this.read<number[]>('clients') ?? [];
  }

  addClientId(clientId: number): void {
    const known = this.clientIds;
    if (!known.includes(clientId)) this.write('clients', [...known, clientId].slice(-REMEMBERED_CLIENT_IDS));
  }

  /** Unsaved changes by the tab that made them. */
  get waiting(): Record<string, number> {
    return this.read<Record<string, number>>('waiting') ?? {};
  }

  setWaiting(tab: string, changes: number): void {
    const waiting = this.waiting;
    if (changes > 0) waiting[tab] = changes;
    else delete waiting[tab];
    this.write('waiting', Object.keys(waiting).length > 0 ? waiting : null);
  }

  private read<T>(name: string): T | null {
    const text = this.store.getItem(this.prefix + name);
    if (text === null) return null;
    try {
      return JSON.parse(text) as T;
    } catch {
      this.store.removeItem(this.prefix + name); // somebody else's value: as good as none
      return null;
    }
  }

  private write(name: string, value: unknown): void {
    if (value === null) this.store.removeItem(this.prefix + name);
    else this.store.setItem(this.prefix + name, JSON.stringify(value));
  }
}
