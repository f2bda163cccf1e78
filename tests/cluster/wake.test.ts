// What a process does that stood still, or was cut off from everything: seen from the clock that says so, without waiting.
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { afterEach, expect, inject, it } from 'vitest';
import { type Cluster, joinCluster } from '../../server/cluster/cluster.ts';
import { ALONE } from '../../server/sync/peers.ts';
import { CLOSE } from '../../shared/protocol/sync.ts';
import { describeCluster } from '../support/redis.ts';
import { until } from '../support/typist.ts';
import { EDITOR, engine, firstText, MemoryClient } from '../sync/harness.ts';

const logger = pino({ level: 'silent' });

describeCluster('a process that stood still or was cut off', () => {
  const open: Cluster[] = [];
  afterEach(() => {
    for (const cluster of open.splice(0)) cluster.close();
  });

  /** A member of a cluster of its own, whose clock only moves when it is told to. */
  function member(url = inject('redis')!) {
    const did = { startedOver: 0, looked: 0, heard: 0 };
    const state = { now: 0, storage: 'works' as 'works' | 'fails' };
    const prefix = `kopuro-test-${randomBytes(6).toString('hex')}:`;
    const cluster = joinCluster({ url, prefix, logger, monotonic: () => state.now });
    open.push(cluster);
    cluster.start({
      rightsChanged() {},
      dropped() {},
      event() {},
      presenceChanged() {},
      async lookAgain() {
        did.looked += 1;
        if (state.storage === 'fails') throw new Error('storage is away');
      },
      heardAgain() {
        did.heard += 1;
      },
      startOver() {
        did.startedOver += 1;
      },
    });
    return { cluster, did, state };
  }

  it('CLUSTER-11 starts over as soon as anything comes in after it has slept, once, and not for a short nap', () => {
    const { cluster, did, state } = member();
    cluster.wake();
    state.now += 4_999;
    cluster.wake();
    expect(did.startedOver).toBe(0);
    state.now += 2; // since its last beat: only timers note that it lives
    cluster.wake();
    cluster.wake();
    expect(did.startedOver).toBe(1);
    state.now += 5_001;
    cluster.wake();
    expect(did.startedOver).toBe(2);
  });

  it('CLUSTER-11 acts upon nothing that waited in its sockets while it slept', async () => {
    let sleeps = false;
    const desk = engine({
      peers: {
        ...ALONE,
        wake() {
          if (sleeps) desk.rooms.startOver();
          sleeps = false;
        },
      },
    });
    const client = new MemoryClient(desk, EDITOR);
    await until(() => firstTextOf(client) !== '', 'it has the article');
    sleeps = true;
    firstText(client.doc, 'en').insert(0, 'Of yesterday. ');
    await desk.rooms.close();
    expect(client.closed).toEqual(CLOSE.reload);
    expect(desk.log.rows).toHaveLength(1);
  });

  it('CLUSTER-18 sends everybody away when neither storage nor the others can be reached for ten seconds, and once', async () => {
    const { did, state } = member('redis://127.0.0.1:1');
    state.storage = 'fails';
    const beats = async () => {
      const { looked } = did;
      await until(() => did.looked > looked + 1, 'it has looked again');
    };
    state.now = 4_000;
    await beats();
    state.now = 8_000;
    await beats();
    expect(did.startedOver).toBe(0);
    state.now = 12_000;
    await until(() => did.startedOver > 0, 'it sends everybody away');
    state.now = 16_000;
    await beats();
    expect(did.startedOver).toBe(1);
    state.storage = 'works';
    await beats();
    for (const now of [20_000, 24_000, 28_000]) {
      state.now = now;
      await beats();
    }
    expect(did.startedOver).toBe(1);
    state.storage = 'fails';
    for (const now of [32_000, 36_000, 40_000]) {
      state.now = now;
      await beats();
    }
    await until(() => did.startedOver === 2, 'and again when it is cut off again');
  });

  function firstTextOf({ doc }: MemoryClient): string {
    return doc.share.has('text/en') && doc.getXmlFragment('text/en').length > 0 ? firstText(doc, 'en').toString() : '';
  }
});
