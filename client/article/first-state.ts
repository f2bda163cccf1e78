// The first state of a long article comes in pieces. They are gathered, for a bar to show how far they are, and applied together:
// in a part of an article Yjs would tidy away formatting whose words are still to come. It knows the provider, nothing of
// sessions or editors.
import * as decoding from 'lib0/decoding';
import type { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { MESSAGE_COMING, MESSAGE_SYNC, readComing, SYNC_STEP_2, SYNC_UPDATE } from '../../shared/protocol/sync.ts';

interface Gathered {
  readonly expected: number;
  bytes: number;
  readonly pieces: Uint8Array[];
}

/**
 * Gathers and applies for a provider that connects with `pieces=1`, from now on. `onProgress` hears what share of the state is
 * here, 0 to 1, and null when it is applied or the connection was lost. Wraps the handler of sync messages that is in place.
 */
export function gatherFirstState(provider: WebsocketProvider, onProgress: (share: number | null) => void): void {
  let gathered: Gathered | null = null;

  function finish(): Gathered | null {
    const finished = gathered;
    gathered = null;
    if (finished) onProgress(null);
    return finished;
  }

  provider.messageHandlers[MESSAGE_COMING] = (_encoder, decoder) => {
    gathered = { expected: readComing(decoder), bytes: 0, pieces: [] };
    onProgress(0);
  };

  const readSync = provider.messageHandlers[MESSAGE_SYNC]!;
  provider.messageHandlers[MESSAGE_SYNC] = (encoder, decoder, ...rest) => {
    const step = decoding.peekVarUint(decoder);
    if (gathered && step === SYNC_UPDATE) {
      decoding.readVarUint(decoder);
      const piece = decoding.readVarUint8Array(decoder);
      gathered.pieces.push(piece);
      gathered.bytes += piece.length;
      onProgress(Math.min(1, gathered.bytes / gathered.expected));
      return;
    }
    if (gathered && step === SYNC_STEP_2) {
      const { doc } = provider;
      const { pieces } = gathered;
      doc.transact(() => {
        for (const piece of pieces) Y.applyUpdate(doc, piece, provider);
      }, provider);
      finish();
    }
    readSync(encoder, decoder, ...rest);
  };

  provider.on('status', ({ status }: { status: string }) => {
    if (status === 'disconnected') finish(); // the next connection begins anew
  });
}
