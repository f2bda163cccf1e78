// A plain TCP balancer: each connection goes to the next server that takes it, in turn, and nothing is looked at. It knows ports.
import { connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  /** Cuts every connection, and refuses others until it goes on. */
  cut(): void;
  goOn(): void;
  close(): Promise<void>;
}

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  let turn = 0;
  let isCut = false;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    open.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => open.delete(client));
    const first = turn++;
    attempt(0);

    function attempt(tried: number): void {
      if (tried === ports.length) {
        client.destroy();
        return;
      }
      const upstream = connect(ports[(first + tried) % ports.length]!, '127.0.0.1');
      const refused = () => attempt(tried + 1);
      upstream.once('error', refused);
      upstream.once('connect', () => {
        upstream.off('error', refused);
        upstream.on('error', () => upstream.destroy());
        upstream.on('close', () => client.destroy());
        client.on('close', () => upstream.destroy());
        client.pipe(upstream).pipe(client);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    goOn() {
      isCut = false;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
