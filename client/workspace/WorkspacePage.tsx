// The page of one article: opens it, makes the state of its columns and margin, and lays out bar, columns and margin.
import { startTransition, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { articleLanguages } from '../../shared/article/meta.ts';
import { type ErrorCode, KopuroError } from '../../shared/protocol/errors.ts';
import { ErrorView } from '../app/ErrorView.tsx';
import { errorText } from '../app/error-text.ts';
import { useLiveEvent } from '../app/live-context.ts';
import { usePerson } from '../app/session.tsx';
import { TopBar } from '../app/TopBar.tsx';
import { useTitle } from '../app/use-title.ts';
import { ArticleProvider, useArticle } from '../article/ArticleProvider.tsx';
import { keepAppOffline } from '../article/offline-app.ts';
import { MarginProvider } from '../margin/context.tsx';
import { Margin } from '../margin/Margin.tsx';
import { createMargin, type MarginState } from '../margin/margin.ts';
import { SelectionBar } from '../margin/SelectionBar.tsx';
import { ArrowLeftIcon } from '../ui/icons.tsx';
import { useToast } from '../ui/Toast.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { createArrangement } from './arrangement.ts';
import { ArticleMenus } from './bar/ArticleMenus.tsx';
import { LanguageSwitch } from './bar/LanguageSwitch.tsx';
import { OutageNotice } from './bar/OutageNotice.tsx';
import { PeopleHereList } from './bar/PeopleHereList.tsx';
import { SaveIndicator } from './bar/SaveIndicator.tsx';
import { Title } from './bar/Title.tsx';
import { Columns } from './columns/Columns.tsx';
import { useMeta, useWorkspace, WorkspaceProvider } from './context.tsx';
import { Loading } from './Loading.tsx';
import { followStatuses, type ReviewStatuses } from './review/statuses.ts';
import { useNarrow } from './use-narrow.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

import './workspace.css';
import './texts.css';

export default function WorkspacePage({ articleId }: { articleId: string }) {
  const person = usePerson();
  const [closed, setClosed] = useState<ErrorCode | null>(null);
  if (closed) return <Refused reason={closed} />;
  return (
    <ArticleProvider articleId={articleId} person={person} onClosed={setClosed}>
      <Opened />
    </ArticleProvider>
  );
}

/** The server does not give the article. */
function Refused({ reason }: { reason: ErrorCode }) {
  return (
    <div className="frame">
      <TopBar leading={<BackToDesk />} />
      <main className="page page-narrow" id="main" tabIndex={-1}>
        <ErrorView error={new KopuroError(reason)} />
      </main>
    </div>
  );
}

function BackToDesk() {
  const { t } = useTranslation();
  return (
    <Link href="/" className="ws-back" aria-label={t('workspace.toDesk')}>
      <ArrowLeftIcon />
      <span>{t('app.desk')}</span>
    </Link>
  );
}

function Opened() {
  const session = useArticle();
  const ready = useObservable(session.ready);
  const obstacle = useObservable(session.obstacle);
  if (ready) return <Ready key={session.doc.guid} />;
  return obstacle ? <Refused reason={obstacle} /> : <Coming />;
}

/** It alone follows the status, which changes with every key: the page would be made anew each time. */
function Coming() {
  const status = useObservable(useArticle().status);
  return <Loading leading={<BackToDesk />} progress={status.state === 'loading' ? status.progress : null} />;
}

interface Parts {
  workspace: Workspace;
  margin: MarginState;
}

function Ready() {
  const session = useArticle();
  const narrow = useNarrow();
  const meta = useMeta(session.doc);
  const [parts, setParts] = useState<Parts | null>(null);
  const [statuses, setStatuses] = useState<ReviewStatuses | null>(null);

  useEffect(() => {
    const arrangement = createArrangement(window.localStorage, session.person.id);
    const workspace = createWorkspace(session, arrangement);
    const margin = createMargin(session, workspace, window.localStorage);
    setParts({ workspace, margin });
    return () => {
      setParts(null);
      margin.destroy();
      workspace.destroy();
    };
  }, [session]);

  const { sourceLanguage } = meta;
  const languages = articleLanguages(meta).join(' ');
  useEffect(() => {
    if (!parts) return;
    const { workspace } = parts;
    const all = languages.split(' ');
    workspace.setSource(sourceLanguage);
    workspace.arrangement.setLanguages(all, session.editable.get());
    const followed = followStatuses(
      session.doc,
      workspace.structure,
      sourceLanguage,
      all.filter((language) => language !== sourceLanguage),
    );
    setStatuses(followed);
    return () => {
      setStatuses(null);
      followed.destroy();
    };
  }, [parts, session, sourceLanguage, languages]);

  useEffect(() => parts?.workspace.arrangement.setNarrow(narrow), [parts, narrow]);

  const value = useMemo(
    () => parts && statuses && { workspace: parts.workspace, statuses, meta, narrow },
    [parts, statuses, meta, narrow],
  );
  if (!parts || !value) return <Loading leading={<BackToDesk />} />;
  return (
    <WorkspaceProvider value={value}>
      <MarginProvider value={parts.margin}>
        <Article />
      </MarginProvider>
    </WorkspaceProvider>
  );
}

function Article() {
  const { t } = useTranslation();
  const { workspace, meta, narrow } = useWorkspace();
  const toast = useToast();
  const error = useObservable(workspace.error);
  const afterTexts = useAfterPaint();
  useTitle(meta.title);
  useEffect(keepAppOffline, []);
  useLiveEvent('article.restored', (articleId) => {
    if (articleId === workspace.session.articleId) workspace.clearUndo();
  });
  useEffect(() => {
    if (error === null) return;
    toast({ kind: 'danger', title: errorText(error, t) });
    workspace.onError(null);
  }, [error, toast, t, workspace]);

  return (
    <div className="ws">
      <div className="ws-bar">
        <TopBar
          leading={
            <>
              <BackToDesk />
              <Title />
              <SaveIndicator />
            </>
          }
          trailing={
            <>
              <PeopleHereList />
              <ArticleMenus />
            </>
          }
        />
        <OutageNotice />
        {narrow && <LanguageSwitch />}
      </div>
      <Columns margin={afterTexts ? <Margin /> : !narrow && <aside className="margin" />} />
      <SelectionBar />
    </div>
  );
}

/** True once the first frame was painted: the texts can be read and typed in before the margin is made. */
function useAfterPaint(): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setPainted(true)));
    });
    return () => {
      cancelAnimationFrame(frame);
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
  return painted;
}
