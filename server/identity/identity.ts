// Who somebody is: sessions, one-time links and bearer tokens. It knows storage and time; nothing of HTTP and cookies.
import type { Standing } from '../../shared/access/roles.ts';
import { randomId } from '../../shared/article/ids.ts';
import type { Person, TokenInfo } from '../../shared/protocol/rest.ts';
import type { PeopleStore } from '../storage/types.ts';
import { hashSecret, looksLikeSecret, newSecret } from './secrets.ts';

const DAY = 86_400_000;
export const SESSION_LIFETIME = 30 * DAY;
/** A session is prolonged when it was used and this much of it has gone: not on every request. */
const SESSION_SLIDE = DAY;
export const LINK_LIFETIME = 7 * DAY;
const TOUCH_INTERVAL = 60_000;

/** Somebody whose identity is proved, and by what. `credential` names the session or token (never its secret). */
export interface Principal {
  person: Person;
  credential: string;
  via: 'session' | 'token' | 'local';
}

/** The author of what is asked for through the local socket: whoever may read the data folder may do everything. */
export const LOCAL_PERSON: Person = {
  id: 'server',
  name: 'Köpürö',
  role: 'editor',
  languages: [],
  color: '#6b6b6b',
  createdAt: 0,
  lastSeenAt: null,
  removedAt: null,
};
export const LOCAL_PRINCIPAL: Principal = { person: LOCAL_PERSON, credential: 'local', via: 'local' };

export interface IdentityParts {
  people: PeopleStore;
  now(): number;
  /** A session or token of this person ended: its open connections must close now. */
  credentialsEnded(personId: string): Promise<void>;
}

export class Identity {
  readonly #people: PeopleStore;
  readonly #now: () => number;
  readonly #credentialsEnded: (personId: string) => Promise<void>;
  readonly #seen = new Map<string, number>();

  constructor(parts: IdentityParts) {
    this.#people = parts.people;
    this.#now = parts.now;
    this.#credentialsEnded = parts.credentialsEnded;
  }

  /** Starts a session. The secret goes into the cookie and nowhere else. */
  async startSession(personId: string): Promise<{ secret: string; expiresAt: number }> {
    const secret = newSecret();
    const now = this.#now();
    const expiresAt = now + SESSION_LIFETIME;
    await this.#people.createSession({ hash: hashSecret(secret), personId, createdAt: now, expiresAt });
    await this.#see(personId, now);
    return { secret, expiresAt };
  }

  /** Whose session this is, or null. `prolonged` holds the new end if the session was prolonged just now. */
  async bySession(secret: string): Promise<{ principal: Principal; prolonged: number | null } | null> {
    if (!looksLikeSecret(secret)) return null;
    const hash = hashSecret(secret);
    const now = this.#now();
    const session = await this.#people.findSession(hash, now);
    if (!session || session.person.removedAt !== null) return null;
    let prolonged: number | null = null;
    if (now + SESSION_LIFETIME - session.expiresAt > SESSION_SLIDE) {
      prolonged = now + SESSION_LIFETIME;
      await this.#people.extendSession(hash, prolonged);
    }
    await this.#see(session.person.id, now);
    return { principal: { person: session.person, credential: `session:${hash}`, via: 'session' }, prolonged };
  }

  /** Whose bearer token this is, or null. */
  async byToken(secret: string): Promise<Principal | null> {
    if (!looksLikeSecret(secret)) return null;
    const found = await this.#people.findToken(hashSecret(secret));
    if (!found || found.person.removedAt !== null) return null;
    const now = this.#now();
    if (now - (found.token.lastUsedAt ?? 0) > TOUCH_INTERVAL) await this.#people.touchToken(found.token.id, now);
    await this.#see(found.person.id, now);
    return { person: found.person, credential: `token:${hashSecret(secret)}`, via: 'token' };
  }

  /** Whether a credential is still good, and the person as they are now. */
  async recheck(credential: string): Promise<Person | null> {
    const [kind, hash = ''] = credential.split(':', 2);
    const person =
      kind === 'session'
        ? (await this.#people.findSession(hash, this.#now()))?.person
        : kind === 'token'
          ? (await this.#people.findToken(hash))?.person
          : undefined;
    return person && person.removedAt === null ? person : null;
  }

  /** As `recheck`; and what the person may do in this article. Both are asked at one moment. */
  async rights(credential: string, articleId: string): Promise<{ person: Person; standing: Standing } | null> {
    const [kind, hash = ''] = credential.split(':', 2);
    if (kind !== 'session' && kind !== 'token') return null;
    const found = await this.#people.findRights({ kind, hash }, articleId, this.#now());
    if (!found) return null;
    const { person, standing } = found;
    return { person, standing: standing ?? { role: person.role, languages: person.languages } };
  }

  /** Signs out: the session ends, and with it its open connections. */
  async endSession(principal: Principal): Promise<void> {
    const [kind, hash = ''] = principal.credential.split(':', 2);
    if (kind !== 'session') return;
    await this.#people.endSession(hash);
    await this.#credentialsEnded(principal.person.id);
  }

  /** A link that signs its person in, once. */
  async createLink(personId: string): Promise<{ secret: string; expiresAt: number }> {
    const secret = newSecret();
    const now = this.#now();
    const expiresAt = now + LINK_LIFETIME;
    await this.#people.createLink({ hash: hashSecret(secret), personId, createdAt: now, expiresAt });
    return { secret, expiresAt };
  }

  /** Uses a link up. Null if it is unknown, used, expired, or its person was removed. */
  async useLink(secret: string): Promise<Person | null> {
    if (!looksLikeSecret(secret)) return null;
    const person = await this.#people.useLink(hashSecret(secret), this.#now());
    return person && person.removedAt === null ? person : null;
  }

  async createToken(personId: string, name: string): Promise<{ token: string; info: TokenInfo }> {
    const token = newSecret();
    const info: TokenInfo = { id: randomId(), name, createdAt: this.#now(), lastUsedAt: null };
    await this.#people.createToken({
      id: info.id,
      hash: hashSecret(token),
      personId,
      name,
      createdAt: info.createdAt,
    });
    return { token, info };
  }

  async tokens(personId: string): Promise<TokenInfo[]> {
    return this.#people.tokensOf(personId);
  }

  /** False if this person has no such token. */
  async revokeToken(personId: string, tokenId: string): Promise<boolean> {
    const revoked = await this.#people.revokeToken(personId, tokenId);
    if (revoked) await this.#credentialsEnded(personId);
    return revoked;
  }

  async #see(personId: string, now: number): Promise<void> {
    if (now - (this.#seen.get(personId) ?? 0) < TOUCH_INTERVAL) return;
    this.#seen.set(personId, now);
    await this.#people.change(personId, { lastSeenAt: now });
  }
}
