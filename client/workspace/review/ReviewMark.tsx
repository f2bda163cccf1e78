// The small mark at a translated block's edge: how it stands, and behind it what one may do about it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Popover } from '../../ui/Popover.tsx';
import { useWorkspace } from '../context.tsx';
import { ReviewPanel } from './ReviewPanel.tsx';
import { StatusIcon } from './StatusIcon.tsx';

interface Props {
  language: string;
  blockId: string;
  top: number;
  /** A heading's first line is lower. */
  heading: boolean;
}

export function ReviewMark({ language, blockId, top, heading }: Props) {
  const { t } = useTranslation();
  const { statuses } = useWorkspace();
  const [open, setOpen] = useState(false);
  const status = statuses.status(language, blockId);
  const label = t(`workspace.status.${status}`);
  const button = (
    <button
      type="button"
      className={`ws-mark ws-mark-${status}`}
      data-mark={blockId}
      aria-label={label}
      title={open ? undefined : label}
      onClick={open ? undefined : () => setOpen(true)}
    >
      <StatusIcon status={status} />
    </button>
  );
  return (
    <div className={`ws-mark-place${heading ? ' ws-mark-heading' : ''}`} style={{ top }}>
      {open ? (
        <Popover
          trigger={button}
          label={label}
          align="start"
          side="bottom"
          open
          onOpenChange={setOpen}
          className="ws-review"
        >
          <ReviewPanel language={language} blockId={blockId} onDone={() => setOpen(false)} />
        </Popover>
      ) : (
        button
      )}
    </div>
  );
}
