// A WebSocket class that tells what leaves through it, for y-websocket to use: the only place where "sent" is certain.
// It knows the first two bytes of a sync message and nothing else.
import { MESSAGE_SYNC, SYNC_STEP_2, SYNC_UPDATE } from '../../shared/protocol/sync.ts';

/** What kind of update a message carries, or null if it carries none. */
export function updateKind(message: Uint8Array): 'difference' | 'update' | null {
  if (message[0] !== MESSAGE_SYNC) return null;
  if (message[1] === SYNC_STEP_2) return 'difference';
  return message[1] === SYNC_UPDATE ? 'update' : null;
}

/** A WebSocket class whose instances call `onSend` before each message with an update leaves. */
export function countingSocket(onSend: (kind: 'difference' | 'update') => void): typeof WebSocket {
  return class CountingSocket extends WebSocket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (data instanceof Uint8Array) {
        const kind = updateKind(data);
        if (kind) onSend(kind);
      }
      super.send(data);
    }
  };
}
