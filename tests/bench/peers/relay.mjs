// A plain relay on `ws` that knows nothing of Yjs: every message goes to all others at the same address. It is the floor that
// a sync server is measured against. RELAY=once frames a message once and writes it to each client; RELAY=batching collects
// what one turn of the event loop brings and writes it to each client in one piece, its author included.
import { createServer } from 'node:http';
import { Sender, WebSocketServer } from 'ws';

const batching = process.env.RELAY === 'batching';
const rooms = new Map();

const server = createServer((_request, response) => response.end('ready'));
const sockets = new WebSocketServer({ server, clientTracking: false, perMessageDeflate: false });

sockets.on('connection', (socket, request) => {
  const room = roomOf(request.url);
  const stream = socket._socket;
  room.streams.add(stream);
  socket.on('message', (message) => (batching ? collect(room, message) : relay(room, stream, message)));
  socket.on('close', () => room.streams.delete(stream));
  socket.on('error', () => socket.terminate());
});
server.listen({ port: Number(process.env.PORT), host: process.env.HOST, backlog: 8_192 });

function roomOf(address) {
  let room = rooms.get(address);
  if (room === undefined) {
    room = { streams: new Set(), frames: [] };
    rooms.set(address, room);
  }
  return room;
}

function frame(message) {
  return Sender.frame(message, { fin: true, opcode: 2, mask: false, readOnly: true, rsv1: false });
}

function relay(room, from, message) {
  const framed = Buffer.concat(frame(message));
  for (const stream of room.streams) if (stream !== from) stream.write(framed);
}

function collect(room, message) {
  const isFirst = room.frames.length === 0;
  room.frames.push(...frame(message));
  if (!isFirst) return;
  setImmediate(() => {
    const framed = Buffer.concat(room.frames);
    room.frames = [];
    for (const stream of room.streams) stream.write(framed);
  });
}
