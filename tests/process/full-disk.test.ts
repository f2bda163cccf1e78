// The built server on a disk that has no byte left: not a limit that SQLite is told of, but what the kernel answers.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ErrorBody } from '../../shared/protocol/errors.ts';
import { type Caller, signIn } from '../support/caller.ts';
import { type Disk, describeDisk, mountDisk } from '../support/disks.ts';
import { type RunningServer, runCommand, startServer } from '../support/server.ts';
import { Typist, until } from '../support/typist.ts';

const DISK_BYTES = 24 * 1024 * 1024;
const LEFT_BYTES = 100 * 1024;

describeDisk('a disk without room', () => {
  let disk: Disk;
  let server: RunningServer;
  let people: Caller[];
  const typists: Typist[] = [];

  beforeEach(async () => {
    disk = await mountDisk(DISK_BYTES);
    server = await startServer({ dataFolder: disk.folder });
    people = await Promise.all(server.links.map((link) => signIn(link.url)));
  });
  afterEach(async () => {
    for (const typist of typists.splice(0)) typist.destroy();
    await server?.dispose();
    await disk.unmount();
  });

  const status = async (path: string) => (await fetch(server.url + path)).status;

  it('FAULT-23 refuses with a reason, loses nothing that was acknowledged, and takes in everything when there is room', async () => {
    const { id } = await people[0]!.post<{ id: string }>('/api/articles', {
      title: 'On a full disk',
      sourceLanguage: 'en',
      targetLanguages: ['ru', 'ky'],
      format: 'txt',
      content: 'One paragraph to type in.',
    });
    async function join(who: number, language: string): Promise<Typist> {
      const typist = new Typist({ url: server.url, articleId: id, language, Socket: people[who]!.Socket });
      typists.push(typist);
      await typist.connect();
      return typist;
    }
    const writers = [await join(0, 'en'), await join(1, 'ru'), await join(2, 'ky')];
    const author = writers[1]!;
    /** Has everybody type until the server says that it has no room. Answers with what is acknowledged by then. */
    async function writeUntilFull(): Promise<Set<string>[]> {
      await Promise.all(writers.map((writer) => writer.allAcknowledged()));
      await disk.fill(LEFT_BYTES);
      const most = author.typed.length + 60;
      await until(() => {
        if (author.typed.length < most) author.type('я'.repeat(2_000));
        return author.hello?.storing === false;
      }, 'its author is told');
      for (const writer of writers) writer.type();
      expect(author.acknowledged.size).toBeLessThan(author.typed.length);
      return writers.map(({ acknowledged }) => new Set(acknowledged));
    }
    function expectAllThere(reader: Typist, acknowledged: readonly Set<string>[]): void {
      for (const [index, { language }] of writers.entries()) {
        const there = reader.words(language);
        expect([...acknowledged[index]!].filter((word) => !there.has(word))).toEqual([]);
      }
    }
    for (const writer of writers) writer.type();

    const acknowledged = await writeUntilFull();
    expect(await status('/readyz')).toBe(503);
    expect(await status('/healthz')).toBe(200);
    expect(server.output()).toContain('no changes are taken in');
    const command = { id: 'on-a-full-disk', type: 'article.change', payload: { title: 'Never stored' } };
    const refused = await people[0]!.ask('POST', `/api/articles/${id}/commands`, command);
    expect([refused.status, (refused.body as ErrorBody).error.code]).toEqual([503, 'not-saved']);
    expectAllThere(await join(3, 'en'), acknowledged);

    await disk.free(); // and nothing else
    await Promise.all(writers.map((writer) => writer.allAcknowledged()));
    await until(async () => (await status('/readyz')) === 200, 'it is ready again');

    // Nor does a process lose anything that dies while there is no room.
    const acknowledgedThen = await writeUntilFull();
    await server.kill();
    await disk.free();
    for (const writer of writers) writer.disconnect();
    await server.start();
    expectAllThere(await join(3, 'en'), acknowledgedThen);
    await Promise.all(writers.map((writer) => writer.connect()));
    await Promise.all(writers.map((writer) => writer.allAcknowledged()));
    const last = await join(3, 'en');
    for (const { language, typed, refusals } of writers) {
      const text = last.text(language);
      expect(typed.filter((word) => text.split(word).length !== 2)).toEqual([]);
      expect(refusals).toEqual([]);
    }
    expect(JSON.parse(await runCommand(disk.folder, ['verify', '--json']))).toMatchObject({ damaged: [] });
  });
});
