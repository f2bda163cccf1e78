// People and what proves who they are. It sees hashes of secrets only.
import type { Invitation, Person, TokenInfo } from '../../../shared/protocol/rest.ts';
import { ask, prepare } from '../prepared.ts';
import type { Engine, Tables } from '../schema.ts';
import type { PeopleStore } from '../types.ts';

export function createPeopleStore({ database, atomically }: Engine): PeopleStore {
  const find = async (id: string): Promise<Person | null> => {
    const row = await database.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? readPerson(row) : null;
  };

  // What every request and every client that comes back asks.
  const sessionOf = prepare(({ hash, now }: { hash: string; now: number }) =>
    database
      .selectFrom('sessions')
      .innerJoin('people', 'people.id', 'sessions.person_id')
      .selectAll('people')
      .select('sessions.expires_at')
      .where('sessions.hash', '=', hash)
      .where('sessions.expires_at', '>', now)
      .where('people.removed_at', 'is', null),
  );
  const peopleIn = (articleId: string) =>
    database
      .selectFrom('people')
      .leftJoin('standings', (join) =>
        join.onRef('standings.person_id', '=', 'people.id').on('standings.article_id', '=', articleId),
      )
      .selectAll('people')
      .select(['standings.role as given_role', 'standings.languages as given_languages'])
      .where('people.removed_at', 'is', null);
  const rightsOfSession = prepare(({ hash, articleId, now }: { hash: string; articleId: string; now: number }) =>
    peopleIn(articleId)
      .innerJoin('sessions', 'sessions.person_id', 'people.id')
      .where('sessions.hash', '=', hash)
      .where('sessions.expires_at', '>', now),
  );
  const rightsOfToken = prepare(({ hash, articleId }: { hash: string; articleId: string }) =>
    peopleIn(articleId).innerJoin('tokens', 'tokens.person_id', 'people.id').where('tokens.hash', '=', hash),
  );

  return {
    find,

    async create(person) {
      await database
        .insertInto('people')
        .values({
          id: person.id,
          name: person.name,
          role: person.role,
          languages: JSON.stringify(person.languages),
          color: person.color,
          created_at: person.createdAt,
          last_seen_at: null,
          removed_at: null,
        })
        .execute();
    },

    async list() {
      const rows = await database.selectFrom('people').selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map(readPerson);
    },

    async editors() {
      const rows = await database
        .selectFrom('people')
        .selectAll()
        .where('role', '=', 'editor')
        .where('removed_at', 'is', null)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(readPerson);
    },

    async names(ids) {
      if (ids.length === 0) return new Map();
      const rows = await database
        .selectFrom('people')
        .select(['id', 'name'])
        .where('id', 'in', [...ids])
        .execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },

    async change(id, change) {
      const set: Partial<Tables['people']> = {
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.role === undefined ? {} : { role: change.role }),
        ...(change.languages === undefined ? {} : { languages: JSON.stringify(change.languages) }),
        ...(change.removedAt === undefined ? {} : { removed_at: change.removedAt }),
        ...(change.lastSeenAt === undefined ? {} : { last_seen_at: change.lastSeenAt }),
      };
      if (Object.keys(set).length === 0) return;
      await database.updateTable('people').set(set).where('id', '=', id).execute();
    },

    async createSession(session) {
      await database
        .insertInto('sessions')
        .values({
          hash: session.hash,
          person_id: session.personId,
          created_at: session.createdAt,
          expires_at: session.expiresAt,
        })
        .execute();
    },

    async findSession(hash, now) {
      const [row] = await ask(database, sessionOf({ hash, now }));
      return row ? { person: readPerson(row), expiresAt: row.expires_at } : null;
    },

    async findRights({ kind, hash }, articleId, now) {
      const query = kind === 'session' ? rightsOfSession({ hash, articleId, now }) : rightsOfToken({ hash, articleId });
      const [row] = await ask(database, query);
      if (!row) return null;
      const { given_role: role, given_languages: languages } = row;
      return {
        person: readPerson(row),
        standing: role === null || languages === null ? null : { role, languages: JSON.parse(languages) as string[] },
      };
    },

    async extendSession(hash, expiresAt) {
      await database.updateTable('sessions').set({ expires_at: expiresAt }).where('hash', '=', hash).execute();
    },

    async endSession(hash) {
      await database.deleteFrom('sessions').where('hash', '=', hash).execute();
    },

    async endSessionsOf(personId) {
      await database.deleteFrom('sessions').where('person_id', '=', personId).execute();
    },

    async createToken(token) {
      await database
        .insertInto('tokens')
        .values({
          id: token.id,
          hash: token.hash,
          person_id: token.personId,
          name: token.name,
          created_at: token.createdAt,
          last_used_at: null,
        })
        .execute();
    },

    async findToken(hash) {
      const [tokens, people] = await atomically([
        database.selectFrom('tokens').selectAll().where('hash', '=', hash),
        database
          .selectFrom('people')
          .selectAll()
          .where('id', '=', (eb) => eb.selectFrom('tokens').select('person_id').where('hash', '=', hash))
          .where('removed_at', 'is', null),
      ]);
      const token = tokens?.[0] as Tables['tokens'] | undefined;
      const person = people?.[0] as Tables['people'] | undefined;
      return token && person ? { token: readToken(token), person: readPerson(person) } : null;
    },

    async touchToken(id, at) {
      await database.updateTable('tokens').set({ last_used_at: at }).where('id', '=', id).execute();
    },

    async tokensOf(personId) {
      const rows = await database
        .selectFrom('tokens')
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(readToken);
    },

    async revokeToken(personId, tokenId) {
      const rows = await database
        .deleteFrom('tokens')
        .where('id', '=', tokenId)
        .where('person_id', '=', personId)
        .returning('id')
        .execute();
      return rows.length > 0;
    },

    async createLink(link) {
      await database
        .insertInto('links')
        .values({
          hash: link.hash,
          person_id: link.personId,
          created_at: link.createdAt,
          expires_at: link.expiresAt,
          used_at: null,
        })
        .execute();
    },

    async useLink(hash, now) {
      const row = await database
        .updateTable('links')
        .set({ used_at: now })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returning('person_id')
        .executeTakeFirst();
      return row ? find(row.person_id) : null;
    },

    async createInvitation(invitation) {
      await database
        .insertInto('invitations')
        .values({
          id: invitation.id,
          hash: invitation.hash,
          role: invitation.role,
          languages: JSON.stringify(invitation.languages),
          note: invitation.note,
          created_by: invitation.createdBy,
          created_at: invitation.createdAt,
          expires_at: invitation.expiresAt,
          used_at: invitation.usedAt,
        })
        .execute();
    },

    async findInvitation(hash, now) {
      const row = await database
        .selectFrom('invitations')
        .selectAll()
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row ? readInvitation(row) : null;
    },

    async useInvitation(hash, now) {
      const row = await database
        .updateTable('invitations')
        .set({ used_at: now })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst();
      return row ? readInvitation(row) : null;
    },

    async invitations() {
      const rows = await database
        .selectFrom('invitations')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(readInvitation);
    },

    async revokeInvitation(id) {
      const rows = await database
        .deleteFrom('invitations')
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .returning('id')
        .execute();
      return rows.length > 0;
    },

    async purge(now) {
      const [ended, , , next] = await atomically([
        database.deleteFrom('sessions').where('expires_at', '<=', now).returning('person_id'),
        database.deleteFrom('links').where('expires_at', '<=', now),
        database.deleteFrom('invitations').where('expires_at', '<=', now),
        database.selectFrom('sessions').select((eb) => eb.fn.min('expires_at').as('next')),
      ]);
      const sessionsOf = new Set(ended?.map((row) => String(row.person_id)));
      const nextExpiry = next?.[0]?.next ?? null;
      return { sessionsOf: [...sessionsOf], nextExpiry: nextExpiry === null ? null : Number(nextExpiry) };
    },
  };
}

function readPerson(row: Tables['people']): Person {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    languages: JSON.parse(row.languages) as string[],
    color: row.color,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    removedAt: row.removed_at,
  };
}

function readToken(row: Tables['tokens']): TokenInfo {
  return { id: row.id, name: row.name, createdAt: row.created_at, lastUsedAt: row.last_used_at };
}

function readInvitation(row: Tables['invitations']): Invitation {
  return {
    id: row.id,
    role: row.role,
    languages: JSON.parse(row.languages) as string[],
    note: row.note,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}
