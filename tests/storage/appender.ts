// A process of its own that appends to one article, as the other processes of a newsroom do. It begins when it reads a line
// from stdin, and ends with one line of JSON: the numbers of its rows, in the order in which it wrote them.
import { once } from 'node:events';
import pino from 'pino';
import { openPostgresStorage } from '../../server/storage/postgres/open.ts';

const [url = '', articleId = '', personId = '', rows = '0'] = process.argv.slice(2);
const storage = await openPostgresStorage({ url, logger: pino({ level: 'silent' }) });
const other = `${articleId}-${personId}`;
process.stdout.write('ready\n');
await once(process.stdin, 'data');

const numbers: number[] = [];
let believed = 1;
for (let row = 0; numbers.length < Number(rows); row += 1) {
  const entry = (id: string) => ({ articleId: id, personId, at: row, update: new Uint8Array([row % 251]) });
  // Every other time as a room does, which believes to know the last row; and now and then with another article beside.
  const after = row % 2 === 0 ? new Map([[articleId, believed]]) : new Map<string, number>();
  const entries = row % 3 === 0 ? [entry(articleId), entry(other)] : [entry(articleId)];
  const { heads, refused } = await storage.log.append(entries, [], after);
  const refusal = refused.get(articleId);
  if (refusal?.code === 'conflict') believed = refusal.head;
  if (refusal) continue;
  believed = heads.get(articleId) ?? 0;
  numbers.push(believed);
}
process.stdout.write(`${JSON.stringify(numbers)}\n`);
await storage.close();
process.stdin.destroy();
