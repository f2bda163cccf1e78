// Hocuspocus as its documentation starts it: everything at its defaults, which are a store two seconds after the last change
// and ten at the latest. With DATABASE its sqlite extension keeps the documents in that file.
import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';

const { PORT, HOST, DATABASE } = process.env;
const server = new Server({
  port: Number(PORT),
  address: HOST,
  quiet: true,
  extensions: DATABASE ? [new SQLite({ database: DATABASE })] : [],
});
await server.listen();
