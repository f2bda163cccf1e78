// Messages between processes over Redis: published to whoever listens now, and gone. It promises nothing: Redis may be away,
// slow or restarted, and nobody waits for it. It knows channels and bytes, and nothing of what they say.
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

/** Bytes on their way to a Redis that does not answer; what comes then is dropped, which its listeners find out. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;
const LONGEST_PAUSE_MS = 500;

export interface Bus {
  publish(channel: string, message: Uint8Array): void;
  /** Resolves when everything said on the channel from then on is heard. */
  listen(channel: string): Promise<void>;
  leave(channel: string): void;
  close(): void;
}

export interface BusParts {
  url: string;
  /** Before the name of every channel: several newsrooms may share a Redis. */
  prefix: string;
  logger: Logger;
  heard(channel: string, message: Uint8Array): void;
}

export function openBus({ url, prefix, logger, heard }: BusParts): Bus {
  const options: RedisOptions = {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(25 * 2 ** times, LONGEST_PAUSE_MS),
    connectTimeout: 5_000,
  };
  // What cannot be said now need not be said later.
  const speaker = new Redis(url, { ...options, enableOfflineQueue: false, autoResendUnfulfilledCommands: false });
  const listener = new Redis(url, options);
  let waitingBytes = 0;
  let isAway = false;
  for (const connection of [speaker, listener]) {
    connection.on('error', (error) => {
      if (!isAway) logger.warn({ err: error }, 'Redis cannot be reached; what other processes do comes more slowly');
      isAway = true;
    });
  }
  listener.on('ready', () => {
    if (isAway) logger.info('Redis is there again');
    isAway = false;
  });
  listener.on('messageBuffer', (channel: Buffer, message: Buffer) => {
    heard(channel.toString().slice(prefix.length), message);
  });

  return {
    publish(channel, message) {
      if (speaker.status !== 'ready' || waitingBytes > MOST_WAITING_BYTES) return;
      waitingBytes += message.length;
      const done = () => {
        waitingBytes -= message.length;
      };
      speaker
        .publish(prefix + channel, Buffer.from(message.buffer, message.byteOffset, message.length))
        .then(done, done);
    },
    async listen(channel) {
      await listener.subscribe(prefix + channel);
    },
    leave(channel) {
      listener.unsubscribe(prefix + channel).catch(() => {}); // a connection that broke listens to nothing
    },
    close() {
      speaker.disconnect();
      listener.disconnect();
    },
  };
}
