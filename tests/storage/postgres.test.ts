// PostgreSQL: the contract that every engine keeps.
import pino from 'pino';
import { afterAll } from 'vitest';
import { openPostgresStorage } from '../../server/storage/postgres/open.ts';
import { createTestDatabase, describePostgres, type TestDatabase } from '../support/postgres.ts';
import { archiveContract } from './archive.ts';
import { storageContract } from './contract.ts';

const logger = pino({ level: 'silent' });

describePostgres('PostgreSQL', () => {
  const databases: TestDatabase[] = [];
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });
  async function open() {
    const database = await createTestDatabase();
    databases.push(database);
    return openPostgresStorage({ url: database.url, logger });
  }

  storageContract('postgres', open);
  archiveContract('postgres', open);
});
