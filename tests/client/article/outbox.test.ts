// The outbox: order, retries under the same id, what survives a reload.
import { describe, expect, it } from 'vitest';
import { type CommandLine, createOutbox, type OutboxStore, retryDelay } from '../../../client/article/outbox.ts';
import type { PendingCommand } from '../../../client/article/types.ts';
import type { CommandEnvelope } from '../../../shared/protocol/commands.ts';
import type { ErrorCode } from '../../../shared/protocol/errors.ts';
import type { CommandAnswer } from '../../../shared/protocol/events.ts';

/** A server in memory that answers when it is told to. */
function stage(kept: PendingCommand[] = []) {
  const sent: CommandEnvelope[] = [];
  const listeners = new Set<() => void>();
  const timers: (() => void)[] = [];
  let online = true;
  let answer: (envelope: CommandEnvelope) => Promise<CommandAnswer> = async () => ({ result: { ok: true } });
  let ids = 0;
  const store: OutboxStore = {
    load: async () => [...kept],
    put: async (command) => void kept.push(command),
    remove: async (id) => void kept.splice(0, kept.length, ...kept.filter((command) => command.id !== id)),
  };
  const line: CommandLine = {
    connected: () => online,
    onConnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send(envelope) {
      sent.push(envelope);
      return answer(envelope);
    },
  };
  const open = () =>
    createOutbox({
      articleId: 'article',
      store,
      line,
      stateVector: () => 'AA==',
      newId: () => `id${++ids}`,
      now: () => ids,
      later: (work) => {
        timers.push(work);
        return () => void timers.splice(timers.indexOf(work), 1);
      },
    });
  return {
    kept,
    sent,
    open,
    timers,
    listeners,
    answerWith(next: typeof answer) {
      answer = next;
    },
    setOnline(next: boolean) {
      online = next;
      if (next) for (const listener of listeners) listener();
    },
  };
}

const refusal = (code: ErrorCode): CommandAnswer => ({ error: { code, message: code } });
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('outbox', () => {
  it('OFFLINE-3 sends commands in their order, the next one after the answer to the one before', async () => {
    const { open, sent, answerWith } = stage();
    const answers: ((answer: CommandAnswer) => void)[] = [];
    answerWith(() => new Promise((resolve) => answers.push(resolve)));
    const outbox = open();
    const first = outbox.send('annotation.resolve', { annotationId: 'a' });
    const second = outbox.send('annotation.reopen', { annotationId: 'a' });
    await settle();
    expect(sent.map(({ type }) => type)).toEqual(['annotation.resolve']);
    expect(outbox.pending.get().map(({ type }) => type)).toEqual(['annotation.resolve', 'annotation.reopen']);
    answers[0]!({ result: 1 });
    expect(await first).toBe(1);
    await settle();
    expect(sent.map(({ type }) => type)).toEqual(['annotation.resolve', 'annotation.reopen']);
    answers[1]!({ result: 2 });
    expect(await second).toBe(2);
    expect(outbox.pending.get()).toEqual([]);
    outbox.destroy();
  });

  it('OFFLINE-3 keeps a command without an answer and sends it again under the same id', async () => {
    const { open, sent, answerWith, setOnline, kept } = stage();
    answerWith(() => Promise.reject(new Error('cut off')));
    const outbox = open();
    const answered = outbox.send('annotation.resolve', { annotationId: 'a' });
    await settle();
    expect(kept).toHaveLength(1);
    answerWith(async () => ({ result: 'done' }));
    setOnline(true);
    expect(await answered).toBe('done');
    expect(sent).toHaveLength(2);
    expect(sent[0]!.id).toBe(sent[1]!.id);
    expect(kept).toEqual([]);
    outbox.destroy();
  });

  it('OFFLINE-3 waits and tries again when the server cannot yet, e.g. while it has not seen the words', async () => {
    const { open, answerWith, timers, sent } = stage();
    answerWith(async () => refusal('behind-client'));
    const outbox = open();
    const answered = outbox.send('annotation.resolve', { annotationId: 'a' });
    await settle();
    expect(timers).toHaveLength(1);
    answerWith(async () => ({ result: 'done' }));
    timers[0]!();
    expect(await answered).toBe('done');
    expect(sent).toHaveLength(2);
    outbox.destroy();
  });

  it('OFFLINE-4 rejects and forgets a command that the server refuses, and goes on with the next one', async () => {
    const { open, answerWith, kept } = stage();
    answerWith(async ({ type }) => (type === 'annotation.resolve' ? refusal('not-allowed') : { result: 'done' }));
    const outbox = open();
    const refused = outbox.send('annotation.resolve', { annotationId: 'a' });
    const accepted = outbox.send('annotation.reopen', { annotationId: 'a' });
    await expect(refused).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await accepted).toBe('done');
    expect(kept).toEqual([]);
    outbox.destroy();
  });

  it('OFFLINE-3 keeps commands over a reload and sends those of before first', async () => {
    const { open, setOnline, sent, kept } = stage();
    setOnline(false);
    const before = open();
    void before.send('annotation.resolve', { annotationId: 'a' });
    await settle();
    before.destroy();
    expect(kept).toHaveLength(1);
    const after = open();
    const answered = after.send('annotation.reopen', { annotationId: 'a' });
    await settle();
    expect(sent).toEqual([]);
    expect(after.pending.get().map(({ type }) => type)).toEqual(['annotation.resolve', 'annotation.reopen']);
    setOnline(true);
    await answered;
    expect(sent.map(({ type }) => type)).toEqual(['annotation.resolve', 'annotation.reopen']);
    after.destroy();
  });

  it('leaves no listener behind', async () => {
    const { open, listeners } = stage();
    const outbox = open();
    await settle();
    outbox.destroy();
    expect(listeners.size).toBe(0);
  });

  it('waits longer after each failure, up to a bound', () => {
    expect([1, 2, 3, 20].map(retryDelay)).toEqual([500, 1_000, 2_000, 10_000]);
  });
});
