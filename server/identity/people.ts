// The people of the newsroom: adding, inviting, changing, removing. It keeps one promise of its own: there is always an editor.
import type { Role } from '../../shared/access/roles.ts';
import { randomId } from '../../shared/article/ids.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { Invitation, Person } from '../../shared/protocol/rest.ts';
import type { PeopleStore } from '../storage/types.ts';
import { pickColor } from './colors.ts';
import { hashSecret, looksLikeSecret, newSecret } from './secrets.ts';

const INVITATION_LIFETIME = 14 * 86_400_000;

export interface PersonFields {
  name: string;
  role: Role;
  languages: readonly string[];
}

export interface PeopleParts {
  people: PeopleStore;
  now(): number;
  /** This person's rights changed: they are in force on open connections when the promise resolves. */
  rightsChanged(personId: string): Promise<void>;
  /** Somebody was added, changed or removed. */
  peopleChanged(): void;
}

export class People {
  readonly #parts: PeopleParts;
  /** Changes go one after the other: two editors who demote one another at once must not both succeed. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  /** Removed people included. */
  list(): Promise<Person[]> {
    return this.#parts.people.list();
  }

  /** A person who was not removed. Throws `person-not-found`. */
  async get(id: string): Promise<Person> {
    const person = await this.#parts.people.find(id);
    if (!person || person.removedAt !== null) throw new KopuroError('person-not-found');
    return person;
  }

  /** Whether there is an editor: before that, nobody can do anything. */
  async isSetUp(): Promise<boolean> {
    return (await this.#parts.people.editors()).length > 0;
  }

  add(fields: PersonFields, id = randomId()): Promise<Person> {
    return this.#inTurn(async () => {
      const everybody = await this.list();
      const color = pickColor(everybody.filter((person) => person.removedAt === null).map((person) => person.color));
      const person = {
        id,
        name: fields.name,
        role: fields.role,
        languages: [...new Set(fields.languages)],
        color,
        createdAt: this.#parts.now(),
      };
      await this.#parts.people.create(person);
      this.#parts.peopleChanged();
      return { ...person, lastSeenAt: null, removedAt: null };
    });
  }

  /** Throws `last-editor` rather than leave the newsroom without one. */
  change(id: string, change: Partial<PersonFields>): Promise<Person> {
    return this.#inTurn(async () => {
      const person = await this.get(id);
      if (change.role !== undefined && change.role !== 'editor') await this.#keepAnEditor(person);
      const { name, role, languages } = change;
      await this.#parts.people.change(id, {
        ...(name === undefined ? {} : { name }),
        ...(role === undefined ? {} : { role }),
        ...(languages === undefined ? {} : { languages: [...new Set(languages)] }),
      });
      await this.#parts.rightsChanged(id);
      this.#parts.peopleChanged();
      return this.get(id);
    });
  }

  /** Ends all sessions, tokens and links of a person; the name stays beside what they wrote. */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const person = await this.get(id);
      await this.#keepAnEditor(person);
      await this.#parts.people.change(id, { removedAt: this.#parts.now() });
      await this.#parts.people.endSessionsOf(id);
      await this.#parts.rightsChanged(id);
      this.#parts.peopleChanged();
    });
  }

  async invite(
    createdBy: string,
    fields: { role: Role; languages: readonly string[]; note: string },
  ): Promise<{ invitation: Invitation; secret: string }> {
    const secret = newSecret();
    const now = this.#parts.now();
    const invitation: Invitation = {
      id: randomId(),
      role: fields.role,
      languages: [...new Set(fields.languages)],
      note: fields.note,
      createdAt: now,
      expiresAt: now + INVITATION_LIFETIME,
      usedAt: null,
    };
    await this.#parts.people.createInvitation({ ...invitation, hash: hashSecret(secret), createdBy });
    return { invitation, secret };
  }

  invitations(): Promise<Invitation[]> {
    return this.#parts.people.invitations();
  }

  async revokeInvitation(id: string): Promise<void> {
    if (!(await this.#parts.people.revokeInvitation(id))) throw new KopuroError('not-found');
  }

  /** What an invitation offers, without using it. Throws `sign-in-link-invalid`. */
  async readInvitation(secret: string): Promise<Invitation> {
    const invitation = looksLikeSecret(secret)
      ? await this.#parts.people.findInvitation(hashSecret(secret), this.#parts.now())
      : null;
    if (!invitation) throw new KopuroError('sign-in-link-invalid');
    return invitation;
  }

  /** Uses an invitation up and makes its person. Throws `sign-in-link-invalid`. */
  async acceptInvitation(secret: string, name: string): Promise<Person> {
    const invitation = looksLikeSecret(secret)
      ? await this.#parts.people.useInvitation(hashSecret(secret), this.#parts.now())
      : null;
    if (!invitation) throw new KopuroError('sign-in-link-invalid');
    return this.add({ name, role: invitation.role, languages: invitation.languages });
  }

  async #keepAnEditor(person: Person): Promise<void> {
    if (person.role !== 'editor') return;
    const editors = await this.#parts.people.editors();
    if (editors.every(({ id }) => id === person.id)) throw new KopuroError('last-editor');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined); // the caller hears of it through `result`
    return result;
  }
}
