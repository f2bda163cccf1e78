// The guard: what of a client's update may enter the document. It decides and changes nothing: the decision takes the
// document as it is in this very tick, so the caller applies the answer before anything else happens. Who may write where is
// asked of its caller. What it accepts, Yjs integrates wholly, and alike in whatever order it comes to it.
//
// In the order in which one meets it: `reader` reads primitives, `decode` reads an update, `fresh` drops what is here already,
// `placement` finds where each struct will stand (`neighbours`: whether it can stand there), `deletions` does the same for what
// is deleted, `encode` writes what is left.
import { decodeUpdate } from '../../updates/decode.ts';
import { Malformed } from '../../updates/reader.ts';
import { judgeDeletions } from './deletions.ts';
import { encodeUpdate } from './encode.ts';
import { claimClients, freshStructs, holdsNothingElse } from './fresh.ts';
import { Placement } from './placement.ts';
import { Behind, type GuardParts, Refusal, type Verdict } from './verdict.ts';

/** Judges one update (V1). Never throws for what a client sent. */
export function judgeUpdate(bytes: Uint8Array, parts: GuardParts): Verdict {
  try {
    const update = decodeUpdate(bytes);
    const fresh = freshStructs(update, parts.doc);
    const newClients = claimClients(fresh, parts);
    new Placement(update, fresh, parts).run();
    const { kept, filtered } = judgeDeletions(update.deletes, fresh, parts);
    if (fresh.length === 0 && kept.length === 0) return { kind: 'nothing' };
    const asSent = !filtered && holdsNothingElse(update, fresh);
    return { kind: 'accept', update: asSent ? bytes : encodeUpdate(bytes, fresh, kept), newClients };
  } catch (error) {
    if (error instanceof Malformed) {
      return { kind: 'refuse', refused: { code: 'malformed', root: '', message: error.message } };
    }
    if (error instanceof Refusal) return { kind: 'refuse', refused: error.refused };
    if (error instanceof Behind) return { kind: 'behind' };
    throw error;
  }
}
