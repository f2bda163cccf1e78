// Short messages at the bottom of the window, read out by screen readers. Errors stay until they are closed.
import { Toast as Radix } from 'radix-ui';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './Button.tsx';
import { CloseIcon } from './icons.tsx';

export interface ToastMessage {
  title: string;
  body?: string;
  kind?: 'info' | 'good' | 'danger';
  action?: { label: string; onAct: () => void };
  /** Milliseconds; errors stay by default. */
  duration?: number;
}

interface ShownToast extends ToastMessage {
  id: number;
}

const SHOWN_FOR_MS = 6_000;

const ToastContext = createContext<((message: ToastMessage) => void) | null>(null);

/** Answers with a function that shows a toast. */
export function useToast(): (message: ToastMessage) => void {
  const show = useContext(ToastContext);
  if (!show) throw new Error('useToast needs a ToastProvider around it');
  return show;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [toasts, setToasts] = useState<readonly ShownToast[]>([]);
  const lastId = useRef(0);
  const show = useCallback((message: ToastMessage) => {
    lastId.current += 1;
    const toast = { ...message, id: lastId.current };
    setToasts((shown) => [...shown.slice(-3), toast]);
  }, []);
  const remove = (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id));
  return (
    <ToastContext.Provider value={show}>
      <Radix.Provider label={t('app.notice')} swipeDirection="right">
        {children}
        {toasts.map((toast) => (
          <Radix.Root
            key={toast.id}
            className={`toast toast-${toast.kind ?? 'info'}`}
            type={toast.kind === 'danger' ? 'foreground' : 'background'}
            duration={toast.duration ?? (toast.kind === 'danger' ? Number.POSITIVE_INFINITY : SHOWN_FOR_MS)}
            onOpenChange={(open) => !open && remove(toast.id)}
          >
            <div className="toast-words">
              <Radix.Title className="toast-title">{toast.title}</Radix.Title>
              {toast.body && <Radix.Description className="toast-body">{toast.body}</Radix.Description>}
            </div>
            {toast.action && (
              <Radix.Action altText={toast.action.label} asChild onClick={toast.action.onAct}>
                <Button size="s">{toast.action.label}</Button>
              </Radix.Action>
            )}
            <Radix.Close asChild>
              <IconButton size="s" label={t('app.close')} icon={<CloseIcon />} tooltipSide="top" />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className="toast-viewport" label={t('app.noticesKey')} />
      </Radix.Provider>
    </ToastContext.Provider>
  );
}
