// A client in a process of its own, to be killed and frozen by tests: joins the article at its first argument with y-websocket's
// provider, says where it is, and prints its client id once it is synced.
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const address = new URL(process.argv[2]);
const [, server, article] = /^(.*)\/([^/]+)$/.exec(`${address.origin.replace('http', 'ws')}${address.pathname}`);
const doc = new Y.Doc();
const provider = new WebsocketProvider(server, article, doc, {
  WebSocketPolyfill: WebSocket,
  disableBc: true,
  params: Object.fromEntries(address.searchParams),
});
provider.awareness.setLocalState({ blockId: 'b1' });
provider.once('sync', () => console.log(doc.clientID));
