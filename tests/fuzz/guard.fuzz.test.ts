// The guard against honest, broken and forged updates by the thousand, from a fresh seed in each run. FUZZ_SEED repeats a run,
// FUZZ_UPDATES asks for a longer one (`npm run fuzz:guard`). A failure prints the seed of its round.
import { describe, expect, it } from 'vitest';
import { addCounts, type Counts, NO_COUNTS, playRound } from './guardRound.ts';
import { firstSeed } from './random.ts';

const UPDATES = Number(process.env.FUZZ_UPDATES ?? 3_000);

describe('fuzz', () => {
  it('GUARD-21 GUARD-23 whatever is accepted touches only what its author may write, wholly, and alike in every order', () => {
    const seed = firstSeed();
    let counts: Readonly<Counts> = NO_COUNTS;
    let rounds = 0;
    for (; counts.honest + counts.broken + counts.forged < UPDATES; rounds += 1) {
      try {
        counts = addCounts(counts, playRound(seed + rounds));
      } catch (error) {
        throw new Error(`reproduce with FUZZ_UPDATES=1 FUZZ_SEED=${seed + rounds}: ${String(error)}`, { cause: error });
      }
    }
    const { honest, broken, forged, overReports, complaints, ...verdicts } = counts;
    const rate = (100 * overReports) / honest;
    console.info(
      `guard fuzz: seeds ${seed} to ${seed + rounds - 1}, ${honest} honest updates (${JSON.stringify(verdicts)}), ` +
        `${broken} broken, ${forged} forged; refused without need: ${overReports} (${rate.toFixed(3)} %) ${complaints}`,
    );
    expect(counts.accepted).toBeGreaterThan(honest / 4);
    expect(counts.hostileAccepted).toBeGreaterThan(0);
    expect(rate).toBeLessThan(0.5);
  }, 7_200_000);
});
