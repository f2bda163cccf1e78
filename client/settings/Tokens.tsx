// Bearer tokens for programs that work in one's name: made, shown once, revoked.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys, useTokens } from '../api/queries.ts';
import { errorText } from '../app/error-text.ts';
import { useFormats, useNow } from '../app/use-formats.ts';
import { useSubmit } from '../app/use-submit.ts';
import { Button } from '../ui/Button.tsx';
import { CopyField } from '../ui/CopyField.tsx';
import { ConfirmDialog, Dialog } from '../ui/Dialog.tsx';
import { Skeleton } from '../ui/display.tsx';
import { TextField } from '../ui/Field.tsx';
import { KeyIcon } from '../ui/icons.tsx';
import { useToast } from '../ui/Toast.tsx';

export function Tokens() {
  const { t } = useTranslation();
  const tokens = useTokens();
  const [made, setMade] = useState<string | null>(null);
  return (
    <section className="section" aria-labelledby="settings-tokens">
      <h2 className="section-title" id="settings-tokens">
        {t('settings.tokens')}
      </h2>
      <p className="section-lead">{t('settings.tokensLead')}</p>
      {tokens.isPending && <Skeleton height="3.5em" />}
      {tokens.isError && !tokens.data && (
        <p className="notice notice-danger" role="alert">
          {errorText(tokens.error, t)}
        </p>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <ul className="tokens" aria-label={t('settings.tokens')}>
          {tokens.data.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </ul>
      )}
      <NewToken onMade={setMade} />
      {made !== null && (
        <Dialog
          open
          keepOpen
          onOpenChange={(open) => !open && setMade(null)}
          title={t('settings.tokenMade')}
          description={t('settings.tokenOnce')}
          footer={
            <Button variant="primary" onClick={() => setMade(null)}>
              {t('settings.tokenKept')}
            </Button>
          }
        >
          <CopyField label={t('settings.token')} value={made} />
        </Dialog>
      )}
    </section>
  );
}

function NewToken({ onMade }: { onMade: (token: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const { busy, error, onSubmit } = useSubmit(async () => {
    const { token } = await api.createToken({ name });
    onMade(token);
    setName('');
    await queries.invalidateQueries({ queryKey: keys.tokens });
  }, name.trim() !== '');

  return (
    <form className="settings-form" onSubmit={onSubmit}>
      <TextField
        label={t('settings.tokenName')}
        placeholder={t('settings.tokenPlaceholder')}
        value={name}
        onChange={setName}
        error={error}
        maxLength={100}
      />
      <Button type="submit" icon={<KeyIcon />} busy={busy} disabled={name.trim() === ''}>
        {t('settings.makeToken')}
      </Button>
    </form>
  );
}

function TokenRow({ token }: { token: TokenInfo }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  const queries = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState(false);

  const revoke = async () => {
    try {
      await api.revokeToken(token.id);
    } catch (error) {
      toast({ kind: 'danger', title: t('settings.revokeFailed'), body: errorText(error, t) });
    }
    await queries.invalidateQueries({ queryKey: keys.tokens });
  };

  return (
    <li className="token">
      <div className="token-words">
        <span className="token-name">{token.name}</span>
        <span className="soft">
          {t('settings.made', { date: formats.day(token.createdAt, now) })} ·{' '}
          {token.lastUsedAt === null
            ? t('settings.neverUsed')
            : t('settings.lastUsed', { when: formats.relative(token.lastUsedAt, now) })}
        </span>
      </div>
      <Button size="s" onClick={() => setAsking(true)} aria-label={t('settings.revokeNamed', { name: token.name })}>
        {t('settings.revoke')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('settings.revokeTitle', { name: token.name })}
        description={t('settings.revokeBody')}
        confirmLabel={t('settings.revoke')}
        onConfirm={revoke}
      />
    </li>
  );
}
