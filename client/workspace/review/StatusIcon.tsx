// Marks of review states, told apart by shape: nothing confirmed, one tick, two ticks, a seal, a warning.
import type { BlockStatus } from '../../../shared/translation/review.ts';

const PATHS: Record<BlockStatus, string> = {
  missing: 'M5 8h6',
  draft: 'M8 7.2a.8.8 0 1 0 0 1.600.8.8 0 0 0 0-1.600z',
  translated: 'M3.500 8.500l3 3 6-7',
  reviewed: 'M1.500 8.500l3 3 5.500-6.500M7.500 11l.5.5 6-7',
  final:
    'M8 1.800l1.700 1.300 2.100-.1.600 2 1.800 1.200-.8 2 .8 2-1.800 1.200-.600 2-2.100-.1L8 14.600l-1.700-1.300-2.100.1-.600-2L1.800 10.200l.8-2-.8-2 1.800-1.200.600-2 2.100.1zM5.500 8.200l1.800 1.800 3.200-3.800',
  stale: 'M8 2.500l6 10.700H2zM8 6.500v3.200M8 11.400v.4',
};

export function StatusIcon({ status }: { status: BlockStatus }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[status]} />
    </svg>
  );
}
