// What the HTTP side is given by app.ts. It translates the outside to these and decides nothing itself.
import type { Logger } from 'pino';
import type { Commands } from '../commands/types.ts';
import type { Config } from '../config.ts';
import type { Reading } from '../formats/reading.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { Identity } from '../identity/identity.ts';
import type { People } from '../identity/people.ts';
import type { Say } from '../messages.ts';
import type { Metrics } from '../metrics.ts';
import type { Storage } from '../storage/types.ts';
import type { Rooms } from '../sync/types.ts';

export interface HttpParts {
  config: Config;
  storage: Storage;
  identity: Identity;
  people: People;
  authenticator: Authenticator;
  rooms: Rooms;
  commands: Commands;
  reading: Reading;
  metrics: Metrics;
  say: Say;
  logger: Logger;
  now(): number;
  /** The address that people reach the server at, without a slash at its end. */
  baseUrl(): string;
  /** Of what one person may do, this process’s part: 1 if it is alone. */
  share(): number;
  /** False once the server has begun to stop. */
  accepting(): boolean;
  /** An article was made or its figures changed: whoever watches the desk hears of it. */
  articleChanged(articleId: string): void;
}
